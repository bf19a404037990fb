import type { DType } from '../../../model/index.ts';
import { CODE_RANGES } from '../../../numerics/codes/index.ts';
import { clamp } from '../../../numerics/index.ts';
import type { OperatorContext, OperatorReference } from '../../context.ts';

type Elements = Int8Array | Uint8Array | Int16Array | Int32Array | Uint32Array | Float32Array;

const TYPES: readonly DType[] = ['int8', 'int16', 'int32', 'uint32', 'float32', 'bool'];

/**
 * Integers keep their low bits; float32 is cut towards zero and saturates, NaN becomes 0; bool is whether it is not zero.
 * (TFLM micro/kernels/cast.cc; in sources before October 2026 float32 beyond the target's range has no defined result)
 */
export const cast: OperatorReference = {
  name: 'CAST',
  supports: 'int8, int16, int32, uint32, float32 and bool, each to each',
  prepare(context: OperatorContext) {
    const [input, output] = [context.input(0, 'input'), context.output()];
    const [from, to] = [input.tensor.dtype, output.tensor.dtype];
    context.require(TYPES.includes(from), `input is ${from}`);
    context.require(TYPES.includes(to), `output is ${to}`);
    context.require(input.data.length === output.data.length, 'input and output differ in shape');
    const convert = conversion(from, to);
    const [source, target] = [input.data as Elements, output.data as Elements];
    return () => {
      for (let i = 0; i < source.length; i++) target[i] = convert(source[i] as number);
    };
  },
};

/** What a typed array of the target does not do by itself when a number is stored. */
function conversion(from: DType, to: DType): (value: number) => number {
  if (to === 'bool') return (value) => (value === 0 ? 0 : 1);
  if (from !== 'float32' || to === 'float32') return (value) => value;
  const [least, greatest] = to === 'uint32' ? [0, 2 ** 32 - 1] : (CODE_RANGES[to] as readonly [number, number]);
  return (value) => (Number.isNaN(value) ? 0 : clamp(Math.trunc(value), least, greatest));
}
