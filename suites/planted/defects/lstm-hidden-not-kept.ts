import { hiddenState } from '../plant/lstm.ts';
import type { Defect } from './defect.ts';

export const lstmHiddenNotKept: Defect = {
  id: 'lstm-hidden-not-kept',
  causes: ['state.not-kept', 'state.cleared'],
  operators: ['UNIDIRECTIONAL_SEQUENCE_LSTM'],
  description: 'The hidden state is not written back at the end of an invocation: it stays what the reset made it, as if it were cleared each time.',
  plant: (site) => {
    const h = site.address(hiddenState(site));
    return { kind: 'around', before: `  int8_t before[sizeof ${h}];\n  memcpy(before, ${h}, sizeof before);\n`, after: `  memcpy(${h}, before, sizeof before);\n` };
  },
};
