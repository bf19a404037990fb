import type { DType } from '../../../model/index.ts';
import type { Kernel, Operand, OperatorContext } from '../../context.ts';
import type { TensorData } from '../../runner.ts';

/** Elements as bit patterns: movement must not change them, and a NaN that goes through a number may. */
export type Bits = Uint8Array | Uint16Array | Uint32Array | BigUint64Array;

export function bitsOf({ buffer, byteOffset, length, BYTES_PER_ELEMENT }: TensorData): Bits {
  switch (BYTES_PER_ELEMENT) {
    case 1: return new Uint8Array(buffer, byteOffset, length);
    case 2: return new Uint16Array(buffer, byteOffset, length);
    case 4: return new Uint32Array(buffer, byteOffset, length);
    default: return new BigUint64Array(buffer, byteOffset, length);
  }
}

/** Elements from one index of an axis to the next, row-major. */
export const stridesOf = (shape: readonly number[]): number[] => shape.map((_, axis) => product(shape.slice(axis + 1)));

export const product = (values: readonly number[]): number => values.reduce((all, value) => all * value, 1);

export const sameShape = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((value, i) => value === b[i]);

/** One value for every index of a shape, row-major. `value` must not keep the array, which is that of the next index too. A scalar has one index, []. */
export function mapIndices(shape: readonly number[], value: (index: readonly number[]) => number): Int32Array {
  const index = shape.map(() => 0);
  const values = new Int32Array(product(shape));
  for (let i = 0; i < values.length; i++) {
    values[i] = value(index);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      index[axis] = 0;
    }
  }
  return values;
}

/** Offset of an index of `shape`; refuses one that lies outside it. */
function offsets(context: OperatorContext, shape: readonly number[], what: string): (index: readonly number[]) => number {
  const strides = stridesOf(shape);
  return (index) => {
    let sum = 0;
    for (let axis = 0; axis < shape.length; axis++) {
      const value = index[axis] ?? -1;
      if (value < 0 || value >= (shape[axis] as number)) context.refuse(`uses ${what}[${index.join(', ')}] of [${shape.join(', ')}]`);
      sum += value * (strides[axis] as number);
    }
    return sum;
  };
}

/**
 * output[i] = input[source(i)] for every index i of the output.
 * @param source index of the input; null where the output gets the element `fill` instead
 */
export function gatherByIndex(context: OperatorContext, input: Operand, output: Operand, source: (index: readonly number[]) => readonly number[] | null, fill: (() => number | bigint) | null = null): Kernel {
  const offset = offsets(context, input.tensor.shape, 'input');
  const map = mapIndices(output.tensor.shape, (index) => {
    const from = source(index);
    context.require(from !== null || fill !== null, 'leaves an element of the output unwritten');
    return from === null ? -1 : offset(from);
  });
  const from = bitsOf(input.data);
  const to = bitsOf(output.data);
  return () => {
    const rest = fill?.() ?? 0;
    map.forEach((at, i) => {
      to[i] = at < 0 ? rest : (from[at] as number);
    });
  };
}

/** output[target(i)] = input[i] for every index i of the input. */
export function scatterByIndex(context: OperatorContext, input: Operand, output: Operand, target: (index: readonly number[]) => readonly number[]): Kernel {
  const offset = offsets(context, output.tensor.shape, 'output');
  const map = mapIndices(input.tensor.shape, (index) => offset(target(index)));
  const from = bitsOf(input.data);
  const to = bitsOf(output.data);
  return () => map.forEach((at, i) => {
    to[at] = from[i] as number;
  });
}

/** Refuses an operand whose type is not among those that TFLM's kernel has. */
export function requireType(context: OperatorContext, { tensor }: Operand, types: readonly DType[], role: string): void {
  context.require(types.includes(tensor.dtype), `${role} is ${tensor.dtype}; TFLM has ${types.join(', ')}`);
}

export function requireSameType(context: OperatorContext, a: Operand, b: Operand): void {
  context.require(a.tensor.dtype === b.tensor.dtype, `${a.tensor.dtype} and ${b.tensor.dtype}: the types differ`);
}

/** An axis of `rank`, counted from the end where it is negative. */
export function axisOf(context: OperatorContext, axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  context.require(positive >= 0 && positive < rank, `axis ${axis} of ${rank} dimensions`);
  return positive;
}

/** Scale and zero point as TFLM has them, 0 where the tensor has none. */
export const sameQuantisation = ({ tensor: a }: Operand, { tensor: b }: Operand): boolean =>
  (a.quantisation?.scale[0] ?? 0) === (b.quantisation?.scale[0] ?? 0) && (a.quantisation?.zeroPoint[0] ?? 0) === (b.quantisation?.zeroPoint[0] ?? 0);
