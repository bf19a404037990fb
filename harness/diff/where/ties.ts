import type { Graph } from '../../model/graph.ts';
import { productMultiplier, quantizeMultiplier, roundingOf, roundingProfile, supportedProfiles } from '../../numerics/index.ts';
import type { LayerEvidence } from '../evidence.ts';
import type { Accumulators } from './accumulator.ts';
import type { WrongElements } from './wrong-elements.ts';

/** Products that are formed to find ties, at the most: a fraction of a second. */
const MAX_PRODUCTS = 60e6;
/** Relative error of a product that is formed in float32. */
const FLOAT32_ERROR = 2 ** -23;

/**
 * Of the wrong elements, those whose accumulator times the real multiplier is a rounding tie: n + 1/2 up to half a unit of the fixed-point number
 * from which the last rounding starts (2^shift / 2 steps of the output where shift < 0), or up to the error of a float32 product.
 * Rounding profiles differ there and nowhere else.
 * @returns null where the operator has no such accumulator, the scales are not known, or there are too many to form again
 */
export function countAtTies(evidence: LayerEvidence, found: WrongElements, sums: Accumulators | null): number | null {
  if (sums === null || found.wrong * sums.products > MAX_PRODUCTS) return null;
  const distance = tieDistance(evidence, found.tensor, sums);
  if (distance === null) return null;
  let ties = 0;
  for (const { sample, flat } of found.samples) {
    for (const i of flat) {
      const sum = sums.at(sample, i);
      if (sum === null) return null;
      if (distance(sum, sums.channelOf(i)) <= 0) ties++;
    }
  }
  return ties;
}

/** How far an accumulator's product is from being a tie, in steps of the output; 0 or less: it is one. */
function tieDistance({ model, profile }: LayerEvidence, tensor: number, { operator, type }: Accumulators): ((sum: number, channel: number) => number) | null {
  const tensors = (model.subgraphs[0] as Graph).tensors;
  const scalesOf = (index: number | undefined): readonly number[] => tensors[index ?? -1]?.quantisation?.scale ?? [];
  const [input] = scalesOf(operator.inputs[0]);
  const weights = scalesOf(operator.inputs[1]);
  const [output] = scalesOf(tensor);
  if (input === undefined || output === undefined || weights.length === 0) return null;
  const { scales, channelScales } = roundingOf(roundingProfile(supportedProfiles().includes(profile) ? profile : 'tflm'), operator.name);
  const reals = weights.map((weight) => productMultiplier(input, weight, output, weights.length > 1 ? channelScales : scales));
  if (!reals.every(Number.isFinite)) return null;
  const fixed = reals.map((real) => {
    const { multiplier, shift } = quantizeMultiplier(real);
    // int64 sums are multiplied with 16 bits of it, and rounded once.
    const bits16 = multiplier < 0x7fff0000 ? (multiplier + 0x8000) >> 16 : 0x7fff;
    return type === 'int64' ? { factor: bits16 * 2 ** (shift - 15), unit: 0 } : { factor: multiplier * 2 ** (shift - 31), unit: shift < 0 ? 2 ** shift : 0 };
  });
  return (sum, channel) => {
    const { factor, unit } = fixed[fixed.length > 1 ? channel : 0] as { factor: number; unit: number };
    const value = sum * factor;
    return Math.abs(value - Math.floor(value) - 0.5) - Math.max(unit / 2, Math.abs(value) * FLOAT32_ERROR);
  };
}
