import type { Operator, Tensor } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { constantInts, describe, inputTensor, need, outputTensor } from '../refusal.ts';
import { axisOf, integer, needSameType, needShape, needType } from './read.ts';
import { alignmentOf, elementBytes, product, strides, unitOf } from './strided.ts';

const TYPES = ['int8', 'float32'];

/** Slices by index; computed indices outside the input give zeros. See firmware/kernels/nn_gather.h. */
export const gather: OperatorGenerator = { op: 'GATHER', supports: 'int8, float32; int32 indices, constant or computed', types: TYPES, plan: planGather };
export const gatherNd: OperatorGenerator = { op: 'GATHER_ND', supports: 'int8, float32; int32 indices of up to 5 dimensions, constant or computed', types: TYPES, plan: planGatherNd };

function read(operator: Operator, { graph }: PlanContext): { readonly input: Tensor; readonly indices: Tensor; readonly output: Tensor } {
  const [input, indices] = [inputTensor(graph, operator, 0), inputTensor(graph, operator, 1)];
  const output = outputTensor(graph, operator);
  needType(input, TYPES);
  needType(indices, ['int32']);
  needSameType(input, output);
  need(output.elements > 0, 'the output is empty');
  return { input, indices, output };
}

/** `lines` and a call of `kernel` with the parameters called layer. */
function layerOf({ input, indices, output }: ReturnType<typeof read>, lines: readonly string[], kernel: string): LayerPlan {
  return {
    scratchBytes: 0,
    emit: (context) => ({
      comment: [describe('input', input), describe('indices', indices), describe('output', output)],
      body: [...lines, `${kernel}(&layer, ${context.operand(input)}, ${context.operand(indices)}, ${context.pointer(output)});`],
      state: [], headers: ['nn_gather.h'],
    }),
  };
}

const unitFor = (input: Tensor, output: Tensor, slice: number): number => unitOf(Math.min(alignmentOf(input), alignmentOf(output)), [slice]);

function planGather(operator: Operator, context: PlanContext): LayerPlan {
  const tensors = read(operator, context);
  const { input, indices, output } = tensors;
  const axis = axisOf(integer(operator, 'axis'), input.shape.length);
  const given = integer(operator, 'batch_dims');
  const batchDims = given < 0 ? given + indices.shape.length : given;
  need(batchDims >= 0 && batchDims <= axis && batchDims <= indices.shape.length, `batch_dims ${given} does not fit axis ${axis}`);
  need(indices.shape.slice(0, batchDims).every((size, i) => size === input.shape[i]), 'input and indices differ in their batch dimensions');
  needShape(output, [...input.shape.slice(0, axis), ...indices.shape.slice(batchDims), ...input.shape.slice(axis + 1)]);
  const length = input.shape[axis] as number;
  if (indices.data !== null) need(constantInts(indices, 'the indices').every((index) => index >= 0 && index < length), 'an index lies outside the input');
  const slice = product(input.shape.slice(axis + 1)) * elementBytes(input);
  const sizes = [product(input.shape.slice(0, batchDims)), product(input.shape.slice(batchDims, axis)), length, product(indices.shape.slice(batchDims)), slice, unitFor(input, output, slice)];
  return layerOf(tensors, [`static const nn_gather layer = {${sizes.join(', ')}};`], 'nn_run_gather');
}

function planGatherNd(operator: Operator, context: PlanContext): LayerPlan {
  const tensors = read(operator, context);
  const { input, indices, output } = tensors;
  const depth = indices.shape.at(-1) ?? 0;
  need(depth >= 1 && depth <= 5 && depth <= input.shape.length, `rows of ${depth} indices into ${input.shape.length} dimensions`);
  needShape(output, [...indices.shape.slice(0, -1), ...input.shape.slice(depth)]);
  const bytes = elementBytes(input);
  const inner = product(input.shape.slice(depth));
  const step = strides(input.shape).slice(0, depth);
  const last = input.elements - inner;
  if (indices.data !== null) {
    const values = constantInts(indices, 'the indices');
    const places = Array.from({ length: values.length / depth }, (_, row) => step.reduce((sum, stride, k) => sum + stride * (values[row * depth + k] as number), 0));
    need(places.every((place) => place >= 0 && place <= last), 'a slice lies outside the input');
  }
  return layerOf(tensors, [
    `static const int32_t strides[${depth}] = {${step.join(', ')}};`,
    `static const nn_gather_nd layer = {strides, ${[depth, indices.elements / depth, last, bytes, inner * bytes, unitFor(input, output, inner * bytes)].join(', ')}};`,
  ], 'nn_run_gather_nd');
}
