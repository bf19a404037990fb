import type { Operator, Tensor } from '../../../../model/index.ts';
import { activationRange, isFixedPoint, productMultiplier, quantizeMultiplier, REQUANTISE, REQUANTISE_REAL, requantiseWide, roundingOf, roundingProfile, windowAxis } from '../../../../numerics/index.ts';
import type { OperatorRounding } from '../../../../numerics/index.ts';
import { unpackInt4 } from '../../../../reference/operators/products/operands.ts';
import type { LayerEvidence } from '../../../evidence.ts';
import { between } from './product.ts';
import type { Factor, Finish, Product, ProductFacts, Sums } from './product.ts';

/** Positions of the operands among the inputs. */
const OPERANDS: Readonly<Record<string, { readonly input: number; readonly weights: number; readonly bias: number }>> = {
  CONV_2D: { input: 0, weights: 1, bias: 2 }, DEPTHWISE_CONV_2D: { input: 0, weights: 1, bias: 2 },
  FULLY_CONNECTED: { input: 0, weights: 1, bias: 2 }, TRANSPOSE_CONV: { input: 2, weights: 1, bias: 3 },
};
const TYPES: Readonly<Record<string, readonly [number, number]>> = { int8: [-128, 127], int16: [-32768, 32767] };
/** quantized_bias_type of the schema: TensorType INT32. */
const BIAS_INT32 = 2;

const readBefore = new WeakMap<LayerEvidence, Product | null>();

/**
 * The layer as a product with constant weights, as the reference computes it.
 * @returns null where it is another layer, in float, of several operators, or its weights are computed
 */
export function readProduct(evidence: LayerEvidence): Product | null {
  let product = readBefore.get(evidence);
  if (product === undefined) readBefore.set(evidence, (product = read(evidence)));
  return product;
}

function read({ model, profile, layer }: LayerEvidence): Product | null {
  const graph = model.subgraphs[0];
  const operator = graph?.operators[layer.covers[0] ?? -1];
  const positions = OPERANDS[operator?.name ?? ''];
  if (layer.covers.length !== 1 || graph === undefined || operator === undefined || positions === undefined) return null;
  const tensorAt = (position: number): Tensor | undefined => graph.tensors[operator.inputs[position] ?? -1];
  const [input, weights, bias] = [tensorAt(positions.input), tensorAt(positions.weights), tensorAt(positions.bias)];
  const output = graph.tensors[operator.outputs[0] ?? -1];
  if (input === undefined || weights?.data == null || output === undefined || (bias !== undefined && bias.data === null)) return null;
  const type = TYPES[output.dtype];
  if (type === undefined || input.dtype !== output.dtype || input.quantisation === null || weights.quantisation === null || output.quantisation === null) return null;
  const window = windowOf(operator, input, weights, output);
  const codes = weights.dtype === 'int4' ? unpackInt4(weights.data, weights.elements) : weights.dtype === 'int8' ? Int8Array.from(new Int8Array(weights.data.buffer, weights.data.byteOffset, weights.elements)) : null;
  if (window === null || codes === null) return null;
  const facts = factsOf(operator, input, weights, output, bias, type);
  if (facts === null) return null;
  const zeroPoint = operator.name === 'FULLY_CONNECTED' && facts.weightScales.length === 1 ? (weights.quantisation.zeroPoint[0] ?? 0) : 0;
  const sums: Sums = { ...window, weights: codes, inputZeroPoint: input.quantisation.zeroPoint[0] ?? 0, weightsZeroPoint: zeroPoint, padding: null, start: null, narrow: null };
  const finish = finishOf(roundingOf(roundingProfile(profile), operator.name), facts, bias, window.output.depth, output.quantisation.zeroPoint[0] ?? 0);
  return { inputTensor: input.index, outputTensor: output.index, sums, finish, facts };
}

function factsOf(operator: Operator, input: Tensor, weights: Tensor, output: Tensor, bias: Tensor | undefined, type: readonly [number, number]): ProductFacts | null {
  const scale = output.quantisation?.scale[0] ?? 0;
  const activation = Number(operator.options.fused_activation_function ?? 0);
  const range = activationRange(activation, scale, output.quantisation?.zeroPoint[0] ?? 0, type[0], type[1]);
  if (range === null) return null;
  const isNarrow = bias === undefined ? operator.options.quantized_bias_type === BIAS_INT32 : bias.dtype === 'int32';
  return {
    ...range, type, activation, op: operator.name,
    padding: operator.name === 'FULLY_CONNECTED' ? null : Number(operator.options.padding ?? 0),
    inputScale: input.quantisation?.scale[0] ?? 0, weightScales: weights.quantisation?.scale ?? [], outputScale: scale,
    isWide: input.dtype === 'int16' && !isNarrow,
  };
}

/** Factors in the arithmetic of the scales that is asked for, one a channel. */
export function factorsOf(facts: ProductFacts, channels: number, scales: OperatorRounding['scales']): Factor[] {
  const factors = facts.weightScales.map((scale) => {
    const real = productMultiplier(facts.inputScale, scale, facts.outputScale, scales);
    return { real, ...quantizeMultiplier(real) };
  });
  return Array.from({ length: channels }, (_, channel) => factors[factors.length > 1 ? channel : 0] as Factor);
}

/** An operator's formula on a factor. */
export function roundWith(name: OperatorRounding['requantise'], isWide: boolean): Finish['round'] {
  if (!isFixedPoint(name)) {
    const real = REQUANTISE_REAL[name];
    return (sum, factor) => real(sum, factor.real);
  }
  const fixed = isWide && name === 'double' ? requantiseWide : REQUANTISE[name];
  return (sum, { multiplier, shift }) => fixed(sum, multiplier, shift);
}

function finishOf(rounding: OperatorRounding, facts: ProductFacts, bias: Tensor | undefined, channels: number, zeroPoint: number): Finish {
  const { isWide } = facts;
  return {
    beforeBias: null, bias: bias === undefined ? null : biasOf(bias),
    narrow: isWide ? (sum) => sum : (sum) => sum | 0,
    factors: factorsOf(facts, channels, facts.weightScales.length > 1 ? rounding.channelScales : rounding.scales),
    round: isWide ? ((wide) => (sum, factor) => wide(sum, factor.multiplier, factor.shift))(requantiseWide) : roundWith(rounding.requantise, false),
    zeroPoint, limit: between(facts.least, facts.greatest),
  };
}

function biasOf({ dtype, data, elements }: Tensor): Float64Array {
  const bytes = Uint8Array.from(data as Uint8Array).buffer;
  if (dtype === 'int64') return Float64Array.from(new BigInt64Array(bytes, 0, elements), Number);
  return Float64Array.from(dtype === 'int16' ? new Int16Array(bytes, 0, elements) : new Int32Array(bytes, 0, elements));
}

type Window = Pick<Sums, 'batches' | 'input' | 'output' | 'kernel' | 'stride' | 'dilation' | 'pad' | 'isTransposed' | 'channelsOfGroup' | 'depth' | 'weightStep'>;

function windowOf(operator: Operator, input: Tensor, weights: Tensor, output: Tensor): Window | null {
  const one = { height: 1, width: 1 };
  if (operator.name === 'FULLY_CONNECTED') {
    const [rows = 0, depth = 1] = weights.shape;
    return {
      batches: 1, input: { height: 1, width: input.elements / depth, depth }, output: { height: 1, width: output.elements / rows, depth: rows },
      kernel: one, stride: one, dilation: one, pad: { height: 0, width: 0 }, isTransposed: false, channelsOfGroup: rows, depth,
      weightStep: { channel: depth, height: 0, width: 0, depth: 1 },
    };
  }
  if ([input, weights, output].some(({ shape }) => shape.length !== 4)) return null;
  const [batches, inputHeight, inputWidth, inputDepth] = input.shape as [number, number, number, number];
  const [, outputHeight, outputWidth, channels] = output.shape as [number, number, number, number];
  const [, height, width, last] = weights.shape as [number, number, number, number];
  const option = (name: string): number => Number(operator.options[name] ?? 1);
  const [stride, dilation] = [{ height: option('stride_h'), width: option('stride_w') }, { height: option('dilation_h_factor'), width: option('dilation_w_factor') }];
  const isTransposed = operator.name === 'TRANSPOSE_CONV';
  const padding = Number(operator.options.padding ?? 0);
  const [large, largeWidth] = isTransposed ? [outputHeight, outputWidth] : [inputHeight, inputWidth];
  const pad = { height: windowAxis(padding, large, height, stride.height, dilation.height).padBefore, width: windowAxis(padding, largeWidth, width, stride.width, dilation.width).padBefore };
  const isDepthwise = operator.name === 'DEPTHWISE_CONV_2D';
  return {
    batches, input: { height: inputHeight, width: inputWidth, depth: inputDepth }, output: { height: outputHeight, width: outputWidth, depth: channels },
    kernel: { height, width }, stride, dilation, pad, isTransposed,
    channelsOfGroup: isDepthwise ? channels / inputDepth : channels / (inputDepth / last), depth: isDepthwise ? 1 : last,
    weightStep: isDepthwise ? { channel: 1, height: width * channels, width: channels, depth: 0 } : { channel: height * width * last, height: width * last, width: last, depth: 1 },
  };
}
