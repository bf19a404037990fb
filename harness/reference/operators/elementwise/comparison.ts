import type { DType } from '../../../model/index.ts';
import type { OperatorContext, OperatorReference, QuantisedOperand } from '../../context.ts';
import { binaryKernel, readBinary, readCodes } from './operands.ts';

const ORDERED: readonly DType[] = ['int8', 'int32', 'int64', 'float32'];
const WITH_BOOL: readonly DType[] = ['bool', ...ORDERED];

/** (TFLM micro/kernels/comparisons.cc, kernels/internal/reference/comparisons.h) */
const reference = (name: string, types: readonly DType[], holds: (x: number, y: number) => boolean): OperatorReference => ({
  name,
  supports: `${types.join(', ')} to bool; any broadcast`,
  prepare(context: OperatorContext) {
    const binary = readBinary(context, types);
    context.require(binary.output.tensor.dtype === 'bool', `output is ${binary.output.tensor.dtype}, not bool`);
    const test = (x: number, y: number): number => (holds(x, y) ? 1 : 0);
    if (binary.left.tensor.dtype !== 'int8') return binaryKernel(binary, test);
    const left = realValues(context, readCodes(context, binary.left, 'first operand'));
    const right = realValues(context, readCodes(context, binary.right, 'second operand'));
    return binaryKernel(binary, (x, y) => test(left[x + 128] as number, right[y + 128] as number));
  },
});

/** Values of the codes -128 ... 127 in 256ths, rounded: what TFLM compares instead of codes. Different codes may share one. */
function realValues(context: OperatorContext, { scale, zeroPoint }: QuantisedOperand<Int8Array | Int16Array>): Int32Array {
  context.require(scale < 1, `scale ${scale} is not below 1`);
  const { multiplier, shift } = context.fixedPoint(scale, 'of an operand');
  return Int32Array.from({ length: 256 }, (_, index) => context.requantise((index - 128 - zeroPoint) * 256, multiplier, shift));
}

export const comparisons: readonly OperatorReference[] = [
  reference('EQUAL', WITH_BOOL, (x, y) => x === y),
  reference('NOT_EQUAL', WITH_BOOL, (x, y) => x !== y),
  reference('LESS', ORDERED, (x, y) => x < y),
  reference('LESS_EQUAL', ORDERED, (x, y) => x <= y),
  reference('GREATER', ORDERED, (x, y) => x > y),
  reference('GREATER_EQUAL', ORDERED, (x, y) => x >= y),
];
