import type { Operator, Tensor } from '../../../model/graph.ts';
import { activationRange, floatActivationRange, productMultiplier } from '../../../numerics/index.ts';
import type { EmitContext, PlanContext } from '../../context.ts';
import { floatText } from '../../constants.ts';
import { factorText, requant } from '../../quantised.ts';
import { need, perTensor } from '../refusal.ts';

/** Which of the kernels of firmware/kernels/nn_products.h multiply, and the parameters of their rounding. */
export interface Arithmetic {
  /** Ending of the functions' names; the header is nn_product_<ending>.h. */
  readonly ending: 's8' | 's16' | 's16_narrow' | 's16_s16' | 'f32';
  /** Statement that defines `product`. */
  define(context: EmitContext): string;
}

/** Operands of a sum of products, and how its weights may be quantised. */
export interface ProductOperands {
  readonly operator: Operator;
  readonly input: Tensor;
  readonly weights: Tensor;
  readonly bias: Tensor | null;
  readonly output: Tensor;
  readonly channels: number;
  /** Axis of the weights along which they may have a scale a channel; null: one scale only. */
  readonly channelAxis: number | null;
  /** Whether TFLM's kernels subtract a zero point of the weights. */
  readonly weightsZeroPoint: boolean;
}

/** quantized_bias_type of the schema: TensorType INT32. */
const BIAS_INT32 = 2;
/** TFLM's condition for int64 sums. (kernels/internal/common.cc) */
const WIDE_BIAS_LIMIT = 2n ** 46n;

/**
 * Types and factors of a product of any types that TFLM's kernels have: int8; int16 by int8, in 64 bits or, beside an int32 bias, in
 * 32; int16 by int16; float32. Throws Refusal for others.
 */
export function readArithmetic(operands: ProductOperands, context: PlanContext): Arithmetic {
  const { input, weights, bias, output, channels } = operands;
  need(input.dtype === output.dtype, `input is ${input.dtype}, output ${output.dtype}`);
  need(bias === null || bias.elements === channels, 'the bias does not have one value an output channel');
  const activation = Number(operands.operator.options['fused_activation_function'] ?? 0);
  if (input.dtype === 'float32') return readReal(operands, activation);
  need(input.dtype === 'int8' || input.dtype === 'int16', `input is ${input.dtype}, not int8, int16 or float32`);
  const ending = endingOf(operands);
  const [x, y] = [perTensor(input, 'input'), perTensor(output, 'output')];
  need(input.dtype === 'int8' || (x.zeroPoint === 0 && y.zeroPoint === 0), 'int16 with a zero point');
  const scales = readScales(operands);
  const zeroPoints = weights.quantisation?.zeroPoint ?? [];
  const weightsZeroPoint = operands.weightsZeroPoint && scales.length === 1 ? (zeroPoints[0] ?? 0) : 0;
  need(weightsZeroPoint !== 0 || zeroPoints.every((z) => z === 0), 'weights have a zero point, which the kernels ignore');
  const isWide = ending === 's16' || ending === 's16_s16';
  need(!isWide || bias?.data == null || widestBias(bias.data) < WIDE_BIAS_LIMIT, 'a bias is beyond 46 bits');
  const rounding = context.rounding(operands.operator);
  const arithmetic = scales.length === 1 ? rounding.scales : rounding.channelScales;
  const factors = scales.map((scale, channel) => requant(productMultiplier(x.scale, Math.fround(scale), y.scale, arithmetic), `the output factor ${channel}`));
  need(!isWide || factors.every(({ shift }) => shift <= 7), 'an output factor is beyond 2^7, which 64-bit sums do not allow');
  const bounds = activationRange(activation, y.scale, y.zeroPoint, input.dtype === 'int8' ? -128 : -32768, input.dtype === 'int8' ? 127 : 32767);
  need(bounds !== null, `fused activation ${activation} is not supported`);
  const items = factors.map(isWide ? wideFactor : factorText);
  return {
    ending,
    define: ({ constants }) => {
      const { index } = operands.operator;
      const q = constants.add(`layer${index}_requant`, 'nn_requant', `output factors of layer ${index}`, items);
      return `static const nn_integer_product product = {${q}, ${items.length === 1 ? 0 : 1}, ${x.zeroPoint}, ${weightsZeroPoint}, ${y.zeroPoint}, ${bounds.least}, ${bounds.greatest}};`;
    },
  };
}

function readReal({ weights, bias }: ProductOperands, activation: number): Arithmetic {
  need(weights.dtype === 'float32', `float32 input with ${weights.dtype} weights (hybrid), which TFLM refuses`);
  need(bias === null || bias.dtype === 'float32', `bias is ${bias?.dtype}, not float32`);
  const bounds = floatActivationRange(activation);
  need(bounds !== null, `fused activation ${activation} is not supported`);
  return { ending: 'f32', define: () => `static const nn_real_product product = {${floatText(bounds.least)}, ${floatText(bounds.greatest)}};` };
}

/** (conv.cc, fully_connected.cc: requires_int32_accum) */
function endingOf({ operator, input, weights, bias }: ProductOperands): Arithmetic['ending'] {
  const known = input.dtype === 'int8' ? ['int8'] : ['int8', 'int16'];
  need(known.includes(weights.dtype), `weights are ${weights.dtype} beside an input of ${input.dtype}`);
  const type = bias?.dtype;
  if (input.dtype === 'int8') {
    need(type === undefined || type === 'int32', `bias is ${type}, not int32`);
    return 's8';
  }
  if (weights.dtype === 'int16') return 's16_s16';
  need(type === undefined || type === 'int64' || type === 'int32', `bias is ${type}, not int32 or int64`);
  const takesNarrow = operator.name === 'CONV_2D' || operator.name === 'FULLY_CONNECTED';
  need(type !== 'int32' || takesNarrow, 'bias is int32, not int64');
  return type === 'int32' || (type === undefined && takesNarrow && Number(operator.options['quantized_bias_type'] ?? 0) === BIAS_INT32) ? 's16_narrow' : 's16';
}

function readScales({ weights, channels, channelAxis }: ProductOperands): readonly number[] {
  const q = weights.quantisation;
  need(q !== null && q.scale.length > 0, 'weights have no scale');
  need(q.scale.length === 1 || (channelAxis !== null && q.axis === channelAxis), 'weights are quantised along another axis than the outputs');
  need(q.scale.length === 1 || q.scale.length === channels, 'weights need one scale, or one an output channel');
  return q.scale;
}

/** The factor's upper 16 bits and the whole shift. (MultiplyByQuantizedMultiplier of int64_t, kernels/internal/common.cc) */
const wideFactor = ({ multiplier, shift }: { readonly multiplier: number; readonly shift: number }): string =>
  `{${multiplier < 0x7fff0000 ? (multiplier + 0x8000) >> 16 : 0x7fff}, 0, ${15 - shift}}`;

function widestBias(data: Uint8Array): bigint {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let widest = 0n;
  for (let at = 0; at + 8 <= data.byteLength; at += 8) {
    const value = view.getBigInt64(at, true);
    const size = value < 0n ? -value - 1n : value;
    if (size > widest) widest = size;
  }
  return widest;
}
