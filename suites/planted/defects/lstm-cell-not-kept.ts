import { cellState } from '../plant/lstm.ts';
import type { Defect } from './defect.ts';

export const lstmCellNotKept: Defect = {
  id: 'lstm-cell-not-kept',
  causes: ['state.not-kept', 'state.cleared'],
  operators: ['UNIDIRECTIONAL_SEQUENCE_LSTM'],
  description: 'The cell state is not written back at the end of an invocation: it stays what the reset made it, as if it were cleared each time.',
  plant: (site) => {
    const c = site.address(cellState(site));
    return { kind: 'around', before: `  int8_t before[sizeof ${c}];\n  memcpy(before, ${c}, sizeof before);\n`, after: `  memcpy(${c}, before, sizeof before);\n` };
  },
};
