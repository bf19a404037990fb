import type { DType, Graph, Operator, Tensor } from '../../../model/graph.ts';
import { constantInts, inputTensor, need } from '../refusal.ts';

/** An axis of `rank`, counted from the end where it is negative. Throws Refusal outside. */
export function axisOf(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  need(positive >= 0 && positive < rank, `axis ${axis} of ${rank} dimensions`);
  return positive;
}

/** Throws Refusal where the tensor's type is not among those that TFLM's kernel has. */
export function needType({ dtype, index }: Tensor, types: readonly string[]): void {
  need(types.includes(dtype), `tensor ${index} is ${dtype}; only ${types.join(', ')} are supported`);
}

export const needSameType = (a: Tensor, b: Tensor): void => need(a.dtype === b.dtype, `${a.dtype} and ${b.dtype}: the types must be equal`);

export const needShape = ({ shape, index }: Tensor, wanted: readonly number[]): void =>
  need(shape.length === wanted.length && shape.every((size, axis) => size === wanted[axis]), `tensor ${index} is [${shape.join(', ')}], not [${wanted.join(', ')}]`);

/** Values of the constant in an input slot: of int32, since that is how TFLM reads it, unless other types are named. */
export function constantOf(graph: Graph, operator: Operator, slot: number, what: string, types: readonly DType[] = ['int32']): number[] {
  const tensor = inputTensor(graph, operator, slot);
  needType(tensor, types);
  return constantInts(tensor, what);
}

export const flag = (operator: Operator, name: string): boolean => operator.options[name] === true;

export const integer = (operator: Operator, name: string): number => Number(operator.options[name] ?? 0);

/** Inputs of an operator that has any number of them. */
export const inputTensors = (graph: Graph, operator: Operator): Tensor[] => operator.inputs.map((_, slot) => inputTensor(graph, operator, slot));
