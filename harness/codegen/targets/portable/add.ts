import type { LayerPlan } from '../../context.ts';
import { foldAdd, type AddLayer } from '../../layers/add.ts';
import { describe } from '../../operators/refusal.ts';

/** ADD int8 of operands of equal shape; see firmware/kernels/nn_add.h. null where that kernel has no room for the factors. */
export const add = (layer: AddLayer): LayerPlan | null => planAdd(layer, 'nn_add.h', 'nn_run_add');

/** The same for any kernel that takes an nn_add. @param run C function (nn_add, coarse, fine, output) of the header */
export function planAdd(layer: AddLayer, header: string, run: string): LayerPlan | null {
  const folded = foldAdd(layer);
  if (folded === null) return null;
  const { operands, output, zeroPoints, factors, factor } = layer;
  const { coarse, fine, fineFactor, fineRight, right, half } = folded;
  return {
    scratchBytes: 0,
    inPlace: [{ output: 0, input: 0 }, { output: 0, input: 1 }],
    emit: (context) => ({
      comment: [describe('operand 0', operands[0]), describe('operand 1', operands[1]), describe('output', output), `  output codes limited to ${layer.low}..${layer.high}`],
      body: [
        'static const nn_add layer = {',
        `  .count = ${output.elements}, .fine_factor = ${fineFactor}, .fine_offset = ${-zeroPoints[fine] * fineFactor},`,
        `  .fine_multiplier = ${factors[fine].multiplier}, .fine_half = ${2 ** (fineRight - 1)}, .fine_right = ${fineRight},`,
        `  .offset = ${-zeroPoints[coarse] * 2 ** 19}, .multiplier = ${factor.multiplier}, .half = ${half}, .right = ${right},`,
        `  .low = ${layer.low}, .high = ${layer.high},`,
        '};',
        `${run}(&layer, ${context.operand(operands[coarse])}, ${context.operand(operands[fine])}, ${context.pointer(output)});`,
      ],
      state: [],
      headers: [header],
    }),
  };
}
