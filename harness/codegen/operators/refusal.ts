import type { Graph, Operator, Tensor } from '../../model/graph.ts';
import { commentText } from '../names.ts';

/** Why an operator can't be generated; generateC() turns it into a HilError that names the operator. */
export class Refusal extends Error {}

/** Throws Refusal unless the condition holds. */
export function need(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new Refusal(reason);
}

/** The operator's tensor in input slot `slot`. Throws Refusal where it is omitted. */
export function inputTensor(graph: Graph, operator: Operator, slot: number): Tensor {
  const tensor = optionalInput(graph, operator, slot);
  need(tensor !== null, `input ${slot} is missing`);
  return tensor;
}

/** As inputTensor, but null where the slot is omitted. */
export function optionalInput(graph: Graph, operator: Operator, slot: number): Tensor | null {
  const index = operator.inputs[slot] ?? -1;
  return index < 0 ? null : (graph.tensors[index] ?? null);
}

export function outputTensor(graph: Graph, operator: Operator, slot = 0): Tensor {
  const tensor = graph.tensors[operator.outputs[slot] ?? -1];
  need(tensor !== undefined, `output ${slot} is missing`);
  return tensor;
}

/** Scale (float32) and zero point of a tensor that is quantised as a whole. */
export function perTensor(tensor: Tensor, what: string): { scale: number; zeroPoint: number } {
  const q = tensor.quantisation;
  need(q !== null && q.scale.length === 1, `${what} (tensor ${tensor.index}) must be quantised per tensor`);
  const scale = Math.fround(q.scale[0] ?? 0);
  need(scale > 0 && Number.isFinite(scale), `${what} (tensor ${tensor.index}) has no positive scale`);
  return { scale, zeroPoint: q.zeroPoint[0] ?? 0 };
}

/** As perTensor for int8 activations: checks the type and that the zero point is an int8 code. */
export function int8Activation(tensor: Tensor, what: string): { scale: number; zeroPoint: number } {
  need(tensor.dtype === 'int8', `${what} (tensor ${tensor.index}) is ${tensor.dtype}; only int8 is supported`);
  const q = perTensor(tensor, what);
  need(Number.isInteger(q.zeroPoint) && q.zeroPoint >= -128 && q.zeroPoint <= 127, `${what} has a zero point outside int8`);
  return q;
}

/** One line of a layer's comment: 't7 int8 [1, 16] scale 0.0133, zero point -128 (name)'. */
export function describe(role: string, tensor: Tensor): string {
  const q = tensor.quantisation;
  const scales =
    q === null || q.scale.length === 0
      ? ''
      : q.scale.length === 1
        ? `, scale ${q.scale[0]}, zero point ${q.zeroPoint[0] ?? 0}`
        : `, ${q.scale.length} scales`;
  const name = commentText(tensor.name);
  return `  ${role.padEnd(10)} t${tensor.index} ${tensor.dtype} [${tensor.shape.join(', ')}]${scales}${name === '' ? '' : ` (${name})`}`;
}

/** Values of a constant int32 or int64 tensor, e.g. axes or a shape. Throws Refusal where it is computed, or of another type. */
export function constantInts(tensor: Tensor, what: string): number[] {
  const { data, dtype, elements } = tensor;
  need(data !== null, `${what} (tensor ${tensor.index}) must be constant`);
  need(dtype === 'int32' || dtype === 'int64', `${what} (tensor ${tensor.index}) is ${dtype}, not int32 or int64`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: elements }, (_, i) => (dtype === 'int32' ? view.getInt32(4 * i, true) : Number(view.getBigInt64(8 * i, true))));
}
