import { changeConstants } from '../plant/constants.ts';
import { codeOf } from '../plant/site.ts';
import type { Defect } from './defect.ts';

export const softmaxBaseTwo: Defect = {
  id: 'softmax-base-two',
  causes: ['table.other'],
  operators: ['SOFTMAX'],
  description: 'Powers of 2 instead of e.',
  plant: (site) => ({ kind: 'files', edit: (files) => {
    const { scale } = codeOf(site.input(0));
    return changeConstants(files, site.manifest.name, (name) => name.includes('_exp_'), ({ values }) => values.map((_, i) => Math.min(2 ** 31 - 1, Math.round(2 ** (31 - i * scale)))));
  } }),
};
