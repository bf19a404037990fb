import type { OperatorContext, OperatorReference } from '../../context.ts';
import { gatherByIndex, requireSameType, requireType, sameShape } from './walk.ts';

/**
 * Every stride-th element of each axis. TFLM takes begin, end and stride for every axis of the input and does not look at
 * ellipsis_mask and new_axis_mask; an output of another shape than that gives is refused.
 * (TFLM micro/kernels/strided_slice_common.cc, kernels/internal/strided_slice_logic.h, reference/strided_slice.h)
 */
export const stridedSlice: OperatorReference = {
  name: 'STRIDED_SLICE',
  supports: 'float32, int8, int16, int32, bool; up to 4 dimensions, constant int32 begin, end and strides for each of them',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const output = context.output();
    const { shape } = input.tensor;
    const { options } = context.operator;
    requireType(context, input, ['float32', 'int8', 'int16', 'int32', 'bool'], 'input');
    requireSameType(context, input, output);
    context.require(shape.length <= 4, `${shape.length} dimensions; TFLM has up to 4`);
    context.require(options['offset'] !== true, 'ends are offsets, which TFLM does not know');
    const [begin, end, strides] = ['begin', 'end', 'strides'].map((role, k) => {
      requireType(context, context.input(k + 1, role), ['int32'], role);
      return context.constantInts(k + 1, role);
    }) as [number[], number[], number[]];
    context.require([begin, end, strides].every((values) => values.length === shape.length), 'begin, end and strides are not one value a dimension (an ellipsis or a new axis, which TFLM does not know)');
    const bit = (mask: string, axis: number): boolean => ((Number(options[mask] ?? 0) >> axis) & 1) === 1;
    const picked = shape.map((size, axis) => pick(context, {
      size, begin: begin[axis] as number, end: end[axis] as number, stride: strides[axis] as number,
      fromStart: bit('begin_mask', axis), toEnd: bit('end_mask', axis), shrink: bit('shrink_axis_mask', axis),
    }));
    const kept = shape.flatMap((_, axis) => (bit('shrink_axis_mask', axis) ? [] : [axis]));
    const cut = kept.map((axis) => picked[axis]?.length ?? 0);
    context.require(sameShape(cut, output.tensor.shape), `cuts out [${cut.join(', ')}], the output is [${output.tensor.shape.join(', ')}]`);
    context.require(picked.every((indices) => indices.length > 0), 'cuts out nothing');
    return gatherByIndex(context, input, output, (index) => picked.map((indices, axis) => {
      const at = kept.indexOf(axis);
      return indices[at < 0 ? 0 : (index[at] as number)] as number;
    }));
  },
};

interface AxisSlice {
  readonly size: number;
  readonly begin: number;
  readonly end: number;
  readonly stride: number;
  readonly fromStart: boolean;
  readonly toEnd: boolean;
  readonly shrink: boolean;
}

/** The indices that the loops of TFLM's kernel visit on one axis. */
function pick(context: OperatorContext, { size, begin, end, stride, fromStart, toEnd, shrink }: AxisSlice): number[] {
  context.require(stride !== 0, 'a stride is 0');
  const forward = stride > 0;
  const [least, greatest] = forward ? [0, size] : [-1, size - 1];
  const within = (value: number): number => Math.min(Math.max(value < 0 ? value + size : value, least), greatest);
  const start = fromStart ? (forward ? 0 : size - 1) : within(begin);
  const stop = shrink ? (start >= size ? start : start + 1) : toEnd ? (forward ? size : -1) : within(end);
  const indices: number[] = [];
  for (let i = start; forward ? i < stop : i > stop; i += stride) indices.push(i);
  return indices;
}
