import { changeConstants } from '../plant/constants.ts';
import type { Defect } from './defect.ts';

export const softmaxCoarseTable: Defect = {
  id: 'softmax-coarse-table',
  causes: ['table.other'],
  operators: ['SOFTMAX'],
  description: 'The table of powers has 6 bits instead of 31.',
  plant: ({ manifest: { name } }) => ({ kind: 'files', edit: (files) =>
    changeConstants(files, name, (one) => one.includes('_exp_'), ({ values }) => values.map((value) => Math.min(2 ** 31 - 1, Math.round(value / 2 ** 25) * 2 ** 25))) }),
};
