import { replaceOnce } from '../plant/private-kernels.ts';
import type { Defect } from './defect.ts';

export const stateNotReset: Defect = {
  id: 'state-not-reset',
  causes: ['state.not-reset'],
  operators: ['UNIDIRECTIONAL_SEQUENCE_LSTM'],
  description: 'The reset does nothing after the first time: each sequence but the first goes on with the state of the one before.',
  plant: ({ manifest: { name } }) => ({ kind: 'files', edit: (files) =>
    replaceOnce(files, `${name}.c`, `void ${name}_reset(void)\n{\n`, `void ${name}_reset(void)\n{\n  static int resets;\n  if (resets++ > 0) {\n    return;\n  }\n`) }),
};
