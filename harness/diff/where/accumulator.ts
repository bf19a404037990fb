import type { Operator, Tensor } from '../../model/graph.ts';
import { windowAxis } from '../../numerics/index.ts';
import type { LayerEvidence, LayerSample } from '../evidence.ts';
import { constantCodes, isWide } from './operand-codes.ts';

/** The integer sums that a layer requantises. */
export interface Accumulators {
  readonly operator: Operator;
  /** 'int64': not wrapped to 32 bits. */
  readonly type: 'int32' | 'int64';
  /** Products in one sum at the most. */
  readonly products: number;
  /** Output channel of row-major element `flat`. */
  channelOf(flat: number): number;
  /** Sum of products and bias at row-major element `flat` of the output; null where an operand is not known in this sample. */
  at(sample: LayerSample, flat: number): number | null;
}

/** Everything that a sum of products needs beside the input's values. */
interface Form {
  readonly products: number;
  /** Calls `visit` with the positions in input and weights of each product of element `flat`. */
  each(flat: number, visit: (inputAt: number, weightsAt: number) => void): void;
}

/**
 * For the operator that makes `tensor`: sum (x - zx)(w - zw) + bias, where padding adds nothing (numerics of CONV_2D,
 * DEPTHWISE_CONV_2D and FULLY_CONNECTED as the reference has them: harness/reference/operators/products).
 * @returns null for every other operator, float32, and where the weights are in no readable form
 */
export function accumulatorsOf(evidence: LayerEvidence, tensor: number): Accumulators | null {
  const graph = evidence.model.subgraphs[0];
  const index = evidence.layer.covers.find((covered) => graph?.operators[covered]?.outputs.includes(tensor));
  const operator = graph?.operators[index ?? -1];
  if (graph === undefined || operator === undefined) return null;
  const tensorAt = (position: number): Tensor | undefined => graph.tensors[operator.inputs[position] ?? -1];
  const [input, weights, bias, output] = [tensorAt(0), tensorAt(1), tensorAt(2), graph.tensors[tensor]];
  if (input === undefined || weights === undefined || output === undefined || !['int8', 'int16'].includes(input.dtype)) return null;
  const form = formOf(operator, input, weights, output);
  const channels = output.shape.at(-1) ?? 0;
  if (form === null || channels === 0) return null;
  const type = isWide(operator, input, bias) ? 'int64' : 'int32';
  const zeroPoints = [zeroPointOf(input), operator.name === 'FULLY_CONNECTED' && weights.quantisation?.scale.length === 1 ? zeroPointOf(weights) : 0] as const;
  const fixedWeights = constantCodes(weights);
  const fixedBias = bias === undefined ? null : constantCodes(bias);
  return {
    operator, type, products: form.products,
    channelOf: (flat) => flat % channels,
    at: (sample, flat) => {
      const x = sample.inputs.get(input.index);
      const w = fixedWeights ?? sample.inputs.get(weights.index);
      const b = bias === undefined ? null : fixedBias ?? sample.inputs.get(bias.index);
      if (x === undefined || w === undefined || b === undefined) return null;
      let sum = b === null ? 0 : Number(b[flat % channels]);
      form.each(flat, (inputAt, weightsAt) => { sum += (Number(x[inputAt]) - zeroPoints[0]) * (Number(w[weightsAt]) - zeroPoints[1]); });
      if (!Number.isFinite(sum)) return null;
      return type === 'int32' ? sum | 0 : sum;
    },
  };
}

const zeroPointOf = (tensor: Tensor): number => tensor.quantisation?.zeroPoint[0] ?? 0;

function formOf(operator: Operator, input: Tensor, weights: Tensor, output: Tensor): Form | null {
  switch (operator.name) {
    case 'FULLY_CONNECTED': return dense(weights);
    case 'CONV_2D': return convolution(operator, input, weights, output, false);
    case 'DEPTHWISE_CONV_2D': return convolution(operator, input, weights, output, true);
    default: return null;
  }
}

function dense({ shape }: Tensor): Form | null {
  const [rows, depth] = shape;
  if (shape.length !== 2 || rows === undefined || depth === undefined) return null;
  return {
    products: depth,
    each: (flat, visit) => {
      const [batch, row] = [Math.floor(flat / rows), flat % rows];
      for (let k = 0; k < depth; k++) visit(batch * depth + k, row * depth + k);
    },
  };
}

/** Weights [channels, height, width, depth of a group], of a depthwise one [1, height, width, channels]. */
function convolution({ options }: Operator, input: Tensor, weights: Tensor, output: Tensor, isDepthwise: boolean): Form | null {
  if (input.shape.length !== 4 || weights.shape.length !== 4 || output.shape.length !== 4) return null;
  const [, height, width, inputDepth] = input.shape as [number, number, number, number];
  const [, kernelHeight, kernelWidth, last] = weights.shape as [number, number, number, number];
  const [, rows, columns, channels] = output.shape as [number, number, number, number];
  const depth = isDepthwise ? 1 : last;
  if (inputDepth % depth !== 0 || channels % (inputDepth / depth) !== 0) return null;
  const channelsOfGroup = channels / (inputDepth / depth);
  const option = (name: string): number => Number(options[name] ?? 1);
  const axis = (size: number, kernel: number, stride: number, dilation: number): { origin(out: number): number; dilation: number } => {
    const { padBefore } = windowAxis(Number(options.padding ?? 0), size, kernel, stride, dilation);
    return { origin: (out) => out * stride - padBefore, dilation };
  };
  const vertical = axis(height, kernelHeight, option('stride_h'), option('dilation_h_factor'));
  const horizontal = axis(width, kernelWidth, option('stride_w'), option('dilation_w_factor'));
  return {
    products: kernelHeight * kernelWidth * depth,
    each: (flat, visit) => {
      const channel = flat % channels;
      const position = Math.floor(flat / channels);
      const [top, left] = [vertical.origin(Math.floor(position / columns) % rows), horizontal.origin(position % columns)];
      const batch = Math.floor(position / (rows * columns));
      const firstDepth = Math.floor(channel / channelsOfGroup) * depth;
      for (let i = 0; i < kernelHeight; i++) {
        const row = top + i * vertical.dilation;
        if (row < 0 || row >= height) continue;
        for (let j = 0; j < kernelWidth; j++) {
          const column = left + j * horizontal.dilation;
          if (column < 0 || column >= width) continue;
          const inputAt = ((batch * height + row) * width + column) * inputDepth + firstDepth;
          const weightsAt = isDepthwise ? (i * kernelWidth + j) * channels + channel : ((channel * kernelHeight + i) * kernelWidth + j) * depth;
          for (let k = 0; k < depth; k++) visit(inputAt + k, weightsAt + k);
        }
      }
    },
  };
}
