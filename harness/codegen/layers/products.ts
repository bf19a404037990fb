import type { Operator, Tensor } from '../../model/graph.ts';
import { activationRange, productMultiplier } from '../../numerics/index.ts';
import type { PlanContext } from '../context.ts';
import { memorySlack } from '../plan/slack.ts';
import { int8Activation, need, optionalInput } from '../operators/refusal.ts';
import { asInt32, asInt8, requant } from '../quantised.ts';

/** multiplier / 2^31 * 2^shift; shift > 0 is to the left. */
export interface Factor {
  readonly multiplier: number;
  readonly shift: number;
}

/** What every int8 product with constant weights has in common. */
export interface ProductLayer {
  readonly operator: Operator;
  readonly input: Tensor;
  readonly filter: Tensor;
  readonly bias: Tensor | null;
  readonly output: Tensor;
  /** As in the model, the input's zero point not folded in; null where there is none. */
  readonly biases: Int32Array | null;
  /** One an output channel, or one for all. */
  readonly factors: readonly Factor[];
  readonly inputZeroPoint: number;
  readonly outputZeroPoint: number;
  /** Bounds of the output codes: int8 and the fused activation. */
  readonly low: number;
  readonly high: number;
  readonly macs: number;
  /** Bytes of scratch memory that hardly cost anything: see memorySlack(). */
  readonly slackBytes: number;
}

/**
 * Checks and reads bias, factors and bounds of an int8 operator with int8 weights.
 * @param channelAxis axis of the filter along which it may be quantised
 * @param channels number of output channels
 * @throws Refusal
 */
export function readProduct(operator: Operator, context: PlanContext, tensors: { readonly input: Tensor; readonly filter: Tensor; readonly output: Tensor }, channelAxis: number, channels: number, biasSlot = 2): Omit<ProductLayer, 'macs'> {
  const { input, filter, output } = tensors;
  const rounding = context.rounding(operator);
  const x = int8Activation(input, 'input');
  const y = int8Activation(output, 'output');
  need(filter.dtype === 'int8' || filter.dtype === 'int4', `weights are ${filter.dtype}, not int8 or int4`);
  need(filter.data !== null, 'weights are not constant');
  const scales = filter.quantisation?.scale ?? [];
  need(scales.length === 1 || scales.length === channels, 'weights need one scale, or one an output channel');
  need(scales.length === 1 || filter.quantisation?.axis === channelAxis, 'weights are quantised along another axis than the outputs');
  need((filter.quantisation?.zeroPoint ?? []).every((z) => z === 0), 'weights with a zero point are not supported');
  const bias = optionalInput(context.graph, operator, biasSlot);
  if (bias !== null) {
    need(bias.dtype === 'int32' && bias.data !== null, 'the bias must be constant int32');
    need(bias.elements === channels, 'the bias does not have one value an output channel');
  }
  const arithmetic = scales.length === 1 ? rounding.scales : rounding.channelScales;
  const factors = scales.map((scale, row) => requant(productMultiplier(x.scale, Math.fround(scale), y.scale, arithmetic), `the output factor ${row}`));
  const activation = Number(operator.options['fused_activation_function'] ?? 0);
  const bounds = activationRange(activation, y.scale, y.zeroPoint, -128, 127);
  need(bounds !== null, `fused activation ${activation} is not supported`);
  return {
    operator, input, filter, bias, output, factors, biases: bias?.data == null ? null : asInt32(bias.data),
    inputZeroPoint: x.zeroPoint, outputZeroPoint: y.zeroPoint, low: bounds.least, high: bounds.greatest,
    slackBytes: memorySlack(context.graph, operator),
  };
}

/** Constant weights as int8; of int4, two codes a byte, the lower half first. Throws Refusal where they are computed. */
export function constantWeights({ data, dtype, elements }: Tensor): Int8Array {
  need(data !== null, 'weights are not constant');
  if (dtype !== 'int4') return asInt8(data);
  return Int8Array.from({ length: elements }, (_, i) => ((data[i >> 1] ?? 0) << (i % 2 === 0 ? 28 : 24)) >> 28);
}
