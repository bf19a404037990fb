import type { Operator, Tensor } from '../../model/graph.ts';
import type { OperatorRounding } from '../../numerics/index.ts';
import { codeRange, readCodes } from '../operators/elementwise/ranges.ts';
import { need } from '../operators/refusal.ts';
import { requant } from '../quantised.ts';
import type { Factor } from './products.ts';

/** ADD or SUB of codes: rescale(a) +- rescale(b), rescaled to the output. */
export interface AddLayer {
  readonly operator: Operator;
  readonly operands: readonly [Tensor, Tensor];
  readonly output: Tensor;
  readonly zeroPoints: readonly [number, number];
  /** Of each operand; exactly 1/2 for the one of the greater scale, at most 1/2 for the other. */
  readonly factors: readonly [Factor, Factor];
  /** Of the sum; below 1. */
  readonly factor: Factor;
  /** Bits that the operands are shifted to the left before they are rescaled: 20 for int8, 15 for int16. */
  readonly left: number;
  readonly outputZeroPoint: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Factors, zero points and bounds of an int8 or int16 ADD or SUB. (TFLM micro/kernels/add_common.cc, sub_common.cc)
 * Throws Refusal where TFLM has no factor: the output's scale is too small.
 */
export function readSum(operator: Operator, operands: readonly [Tensor, Tensor], output: Tensor, rounding: OperatorRounding): AddLayer {
  const a = readCodes(operands[0], 'operand 0');
  const b = readCodes(operands[1], 'operand 1');
  const y = readCodes(output, 'the output');
  const left = output.dtype === 'int16' ? 15 : 20;
  const rounded = rounding.scales === 'double' ? (x: number): number => x : Math.fround;
  const twice = rounded(2 * Math.max(a.scale, b.scale));
  const real = rounded(twice / rounded(2 ** left * y.scale));
  need(real < 1, 'the output scale is too small for the operands');
  const { low, high } = codeRange(operator, output);
  return {
    operator, operands, output, left, low, high,
    zeroPoints: [a.zeroPoint, b.zeroPoint],
    factors: [requant(rounded(a.scale / twice), 'the factor of operand 0'), requant(rounded(b.scale / twice), 'the factor of operand 1')],
    factor: requant(real, 'the output factor'),
    outputZeroPoint: y.zeroPoint,
  };
}

/** An int8 AddLayer as the kernels for operands of equal shape take it; see firmware/kernels/nn_add.h. */
export interface FoldedAdd {
  /** Position of the operand with the greater scale, and of the other. */
  readonly coarse: 0 | 1;
  readonly fine: 0 | 1;
  readonly fineFactor: number;
  readonly fineRight: number;
  readonly right: number;
  /** What is added to the result before its shift: half of the last bit, and the zero point. */
  readonly half: number;
}

const COARSE_MULTIPLIER = 2 ** 30;
/** Beyond, the zero point shifted to the left might not leave room for the sum. */
const MAX_RIGHT = 22;

/** null where an output scale is so far from the operands' that the kernel has no room for it. */
export function foldAdd({ factors, factor, left, outputZeroPoint }: AddLayer): FoldedAdd | null {
  const isHalf = ({ multiplier, shift }: Factor): boolean => multiplier === COARSE_MULTIPLIER && shift === 0;
  const coarse = isHalf(factors[0]) ? 0 : 1;
  const fine = coarse === 0 ? 1 : 0;
  const right = -factor.shift;
  if (left !== 20 || !isHalf(factors[coarse]) || right < 1 || right > MAX_RIGHT) return null;
  // A shift of 0 (equal scales, or a factor of 0) is one of 1 for twice the value.
  const fineRight = Math.max(1, -factors[fine].shift);
  return { coarse, fine, fineFactor: factors[fine].shift === 0 ? 2 ** 22 : 2 ** 21, fineRight, right, half: 2 ** (right - 1) + outputZeroPoint * 2 ** right };
}
