import { cellState } from '../plant/lstm.ts';
import type { Defect } from './defect.ts';

export const lstmCellCleared: Defect = {
  id: 'lstm-cell-cleared',
  causes: ['state.cleared'],
  operators: ['UNIDIRECTIONAL_SEQUENCE_LSTM'],
  description: 'The cell state is reset at the start of each invocation; the hidden state lasts.',
  plant: (site) => {
    const c = site.address(cellState(site));
    return { kind: 'around', before: `  memset(${c}, 0, sizeof ${c});\n`, after: '' };
  },
};
