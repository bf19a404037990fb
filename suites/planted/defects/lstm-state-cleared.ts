import { cellState, hiddenState } from '../plant/lstm.ts';
import { codeOf } from '../plant/site.ts';
import type { Defect } from './defect.ts';

export const lstmStateCleared: Defect = {
  id: 'lstm-state-cleared',
  causes: ['state.cleared'],
  operators: ['UNIDIRECTIONAL_SEQUENCE_LSTM'],
  description: 'Hidden and cell state are reset at the start of each invocation.',
  plant: (site) => {
    const [h, c] = [site.address(hiddenState(site)), site.address(cellState(site))];
    return { kind: 'around', before: `  memset(${h}, ${codeOf(hiddenState(site)).zeroPoint}, sizeof ${h});\n  memset(${c}, 0, sizeof ${c});\n`, after: '' };
  },
};
