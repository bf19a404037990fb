import type { Plant } from './planting.ts';
import { changeConstants } from './constants.ts';
import { codeOf, numbers, type Site } from './site.ts';
import type { Tensor } from '../../../harness/model/graph.ts';

/** Gates in the order of the operator's inputs: input weights are inputs 1 to 4, recurrent ones 5 to 8, biases 12 to 15. */
const GATES = ['input', 'forget', 'cell', 'output'] as const;
export type Gate = (typeof GATES)[number];

export const hiddenState = (site: Site): Tensor => site.input(18);
export const cellState = (site: Site): Tensor => site.input(19);

/** What a gate's sum starts with in generated C: bias minus zero point times the sum of the weights, one a unit. */
export interface Start { readonly bias: readonly number[]; readonly fold: readonly number[] }

/** Other starts of the sums over the input, of all gates. */
export const spoilStarts = (change: (start: Start) => readonly number[]): Plant => (site) => {
  const { zeroPoint } = codeOf(site.input(0));
  if (zeroPoint === 0) return null;
  return { kind: 'files', edit: (files) => GATES.reduce((edited, gate, g) => {
    const weights = numbers(site.input(1 + g));
    const bias = numbers(site.input(12 + g));
    const width = weights.length / bias.length;
    const fold = bias.map((_, unit) => -zeroPoint * weights.slice(unit * width, (unit + 1) * width).reduce((a, b) => a + b, 0));
    const name = `${site.manifest.name}_layer${site.layer}_${gate}_gate_input_bias`;
    return changeConstants(edited, site.manifest.name, (one) => one === name, ({ values }) => {
      if (values.some((value, unit) => value !== (bias[unit] as number) + (fold[unit] as number))) throw new Error(`${name} is not what it was taken for`);
      return change({ bias, fold });
    });
  }, files) };
};
