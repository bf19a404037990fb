import { codeOfBound } from '../activation-range.ts';
import { clamp } from '../fixed-point.ts';
import { roundHalfAway } from '../multiplier.ts';
import type { QuantizedMultiplier } from '../multiplier.ts';
import { factorOf, ratio32 } from './factor.ts';
import { demand } from './form.ts';
import type { CodeForm, CodeFunction } from './form.ts';

/** Bounds of the codes of a type. */
export interface CodeRange {
  readonly least: number;
  readonly greatest: number;
}

export const INT8: CodeRange = { least: -128, greatest: 127 };
export const INT16: CodeRange = { least: -32768, greatest: 32767 };

/** (code - zero point of the input) times the factor, plus the zero point of the output, between two bounds. */
export interface Rescaling {
  readonly factor: QuantizedMultiplier;
  readonly least: number;
  readonly greatest: number;
}

const isInt16 = (range: CodeRange): boolean => range === INT16;

/** (TFLM micro/kernels/activations_common.cc, CalculateReluOpData) @throws UnsupportedForm */
export function reluRescaling({ input, output }: CodeForm, range: CodeRange): Rescaling {
  demand(!isInt16(range) || (input.zeroPoint === 0 && output.zeroPoint === 0), 'a zero point is not 0');
  return { factor: factorOf(ratio32(input.scale, output.scale), 'input / output'), least: Math.max(range.least, output.zeroPoint), greatest: range.greatest };
}

export const relu = (range: CodeRange): CodeFunction => (form) => {
  const { factor, least, greatest } = reluRescaling(form, range);
  const { input, output, requantise } = form;
  return (code) => clamp(output.zeroPoint + requantise(code - input.zeroPoint, factor.multiplier, factor.shift), least, greatest);
};

/**
 * The codes as they are, between those of 0 and 6 in the input's scale: nothing looks at the output's.
 * (TFLM micro/kernels/activations_common.cc, Relu6Prepare; micro_utils.h, FloatToQuantizedType)
 */
export const relu6 = (range: CodeRange): CodeFunction => ({ input }) => {
  const six = clamp(roundHalfAway(Math.fround(6 / input.scale)) + input.zeroPoint, range.least, range.greatest);
  return (code) => (code > six ? six : Math.max(code, input.zeroPoint));
};

/**
 * Between two real values, one of which TFLM's kernels do not have; rescaled like RELU.
 * (LiteRT tflite/kernels/activations.cc, ReluPrepare and QuantizedReluX; kernels/internal/reference/reference_ops.h, ReluX)
 */
export const reluBetween = (low: number, high: number): CodeFunction => ({ input, output, requantise }) => {
  const factor = factorOf(ratio32(input.scale, output.scale), 'input / output');
  demand(1 / output.scale < 2 ** 31 - 256, `the code of ${high} is outside int32`);
  const [least, greatest] = [low, high].map((value) => clamp(codeOfBound(value, output.scale, output.zeroPoint), INT8.least, INT8.greatest)) as [number, number];
  return (code) => clamp(output.zeroPoint + requantise(code - input.zeroPoint, factor.multiplier, factor.shift), least, greatest);
};

/** The two factors of LEAKY_RELU; `isNegative` where the result for negative values changes its sign after it is rounded. */
export interface LeakyFactors {
  readonly identity: QuantizedMultiplier;
  readonly alpha: QuantizedMultiplier;
  readonly isNegative: boolean;
}

/** (TFLM micro/kernels/leaky_relu_common.cc) @throws UnsupportedForm */
export function leakyFactors({ input, output, options, scales }: CodeForm): LeakyFactors {
  const alpha = Math.fround(options['alpha'] as number);
  const [identity, slope] = scales === 'double'
    ? [input.scale / output.scale, (input.scale * alpha) / output.scale]
    : [ratio32(input.scale, output.scale), ratio32(Math.fround(input.scale * alpha), output.scale)];
  return { identity: factorOf(identity, 'input / output'), alpha: factorOf(Math.abs(slope), 'input * alpha / output'), isNegative: slope < 0 };
}

/** (TFLM kernels/internal/reference/leaky_relu.h, QuantizeLeakyRelu) */
export const leakyRelu = (range: CodeRange): CodeFunction => (form) => {
  const { identity, alpha, isNegative } = leakyFactors(form);
  const { input, output, requantise } = form;
  return (code) => {
    const value = code - input.zeroPoint;
    const scaled = value >= 0 ? requantise(value, identity.multiplier, identity.shift) : requantise(value, alpha.multiplier, alpha.shift);
    return clamp(output.zeroPoint + (value < 0 && isNegative ? -scaled : scaled), range.least, range.greatest);
  };
};

/** What ABS does after the absolute value; null for codes that stay as they are. (TFLM micro/kernels/elementwise.cc) @throws UnsupportedForm */
export function absFactor({ input, output }: CodeForm, range: CodeRange): QuantizedMultiplier | null {
  demand(!isInt16(range) || (input.zeroPoint === 0 && output.zeroPoint === 0), 'a zero point is not 0');
  return input.scale === output.scale ? null : factorOf(ratio32(input.scale, output.scale), 'input / output');
}

export const abs = (range: CodeRange): CodeFunction => (form) => {
  const factor = absFactor(form, range);
  const { input, output, requantise } = form;
  return (code) => {
    const value = Math.abs(code - input.zeroPoint);
    const scaled = factor === null ? value : requantise(value, factor.multiplier, factor.shift);
    return clamp(scaled + output.zeroPoint, range.least, range.greatest);
  };
};
