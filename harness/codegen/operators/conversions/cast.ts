import type { DType, Operator } from '../../../model/graph.ts';
import { cTypeOf } from '../../c-types.ts';
import { CODE_RANGES } from '../../../numerics/codes/index.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { copyPlan, elementPlan, loopOver } from '../elements.ts';
import { inputTensor, need, outputTensor } from '../refusal.ts';

const TYPES: readonly DType[] = ['int8', 'int16', 'int32', 'uint32', 'float32', 'bool'];

/** CAST: C's conversions of integers; float32 saturates (firmware/kernels/nn_float_convert.h). */
export const cast: OperatorGenerator = { op: 'CAST', supports: 'int8, int16, int32, uint32, float32 and bool, each to each', types: TYPES, plan };

function plan(operator: Operator, { graph }: PlanContext): LayerPlan {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  need(TYPES.includes(input.dtype) && TYPES.includes(output.dtype), `${input.dtype} to ${output.dtype}`);
  need(input.elements === output.elements, 'input and output differ in size');
  // Two's complement: an integer of the same size is the same bytes.
  const isSame = input.dtype === output.dtype || (`${input.dtype} ${output.dtype}`.match(/^u?int32 u?int32$/) !== null) || `${input.dtype} ${output.dtype}` === 'bool int8';
  if (isSame) return copyPlan(input, output, []);
  return elementPlan(input, output, [], (from, to) => ({ body: loopOver(input, output, from, to, [`y[i] = ${conversion(input.dtype, output.dtype)};`]), headers: input.dtype === 'float32' ? ['nn_fixed_point.h', 'nn_float_convert.h'] : [] }));
}

function conversion(from: DType, to: DType): string {
  if (to === 'bool') return from === 'float32' ? 'v != 0.0f ? 1u : 0u' : 'v != 0 ? 1u : 0u';
  if (from !== 'float32') return `(${cTypeOf(to)})v`;
  if (to === 'uint32') return 'nn_float_to_uint32(v)';
  if (to === 'int32') return 'nn_float_to_int32(v)';
  const [low, high] = CODE_RANGES[to] as readonly [number, number];
  return `(${cTypeOf(to)})nn_clamp(nn_float_to_int32(v), ${low}, ${high})`;
}
