import { changeConstants } from '../plant/constants.ts';
import { amount, places, type Recipe } from './recipe.ts';

/** Weights or starts of the sums of one LSTM's gates: arrays of the layer in generated C, one element in six changed. */
const gates = (id: string, pattern: string, least: number, greatest: number): Recipe => ({
  id,
  mutate: (site, draw) => {
    if (site.operator.name !== 'UNIDIRECTIONAL_SEQUENCE_LSTM') return null;
    const { name } = site.manifest;
    const tensors = site.operator.inputs.slice(1, 9).map((tensor) => `${name}_t${tensor}`);
    const fits = (array: string): boolean => (pattern === 'weights' ? tensors.includes(array) : array.startsWith(`${name}_layer${site.layer}_`) && array.endsWith('_bias'));
    return { kind: 'files', edit: (files) => changeConstants(files, name, fits, ({ values }) => {
      const at = places(draw, Math.ceil(values.length / 6), values.length);
      return values.map((value, i) => {
        const by = at.includes(i) ? amount(draw, least, greatest) : 0;
        return pattern === 'weights' ? Math.max(-127, Math.min(127, value + by)) : value + by;
      });
    }) };
  },
});

export const lstmWeights = gates('weights of gates', 'weights', 60, 120);
export const lstmStarts = gates('starts of gates', 'starts', 900, 4000);
