import type { Kernel } from '../context.ts';
import type { Engine } from './engine.ts';
import { FACTOR_BYTES, PARAMETER_BYTES, writeFactors, writeParameters } from './parameters.ts';
import type { Factor } from './parameters.ts';

/** A product over sliding windows of an NHWC image, everything but the activations known. */
export interface WindowProduct {
  readonly batches: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly inputDepth: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  readonly padTop: number;
  readonly padLeft: number;
  /** Each output channel reads the input channel of its own number only; groups and depth are 1. */
  readonly isDepthwise: boolean;
  /** The input channels are read in groups of `depth`, each by its share of the output channels. */
  readonly groups: number;
  readonly depth: number;
  /** Weight of an output channel, its zero point subtracted. */
  readonly weight: (channel: number, kernelRow: number, kernelColumn: number, k: number) => number;
  readonly input: Int8Array;
  readonly inputZeroPoint: number;
  readonly output: Int8Array;
  readonly outputZeroPoint: number;
  readonly least: number;
  readonly greatest: number;
  /** One an output channel. */
  readonly factors: readonly Factor[];
}

/** Weights one after the other, and where their codes are. */
interface Segment {
  readonly offset: number;
  readonly weights: (channel: number) => number[];
}

/** A run of the module: parameters, and what fills them in. */
interface Call {
  readonly parameters: number;
  readonly kind: 'products' | 'depthwise';
}

/** The product on the engine, or null where it is none for it: its memory would be too large. */
export function windowKernel(engine: Engine, product: WindowProduct): Kernel | null {
  const { batches, inputHeight, inputWidth, inputDepth, input, output } = product;
  const rowsNeeded = (product.outputHeight - 1) * product.strideHeight + (product.kernelHeight - 1) * product.dilationHeight + 1;
  const columnsNeeded = (product.outputWidth - 1) * product.strideWidth + (product.kernelWidth - 1) * product.dilationWidth + 1;
  const rowBytes = 2 * inputDepth * Math.max(columnsNeeded, product.padLeft + inputWidth);
  const imageBytes = rowBytes * Math.max(rowsNeeded, product.padTop + inputHeight);
  const source = engine.reserve(inputHeight * inputWidth * inputDepth);
  const image = engine.reserve(imageBytes);
  const target = engine.reserve(output.length / batches);
  if (source === null || image === null || target === null) return null;
  const calls: Call[] = [];
  for (let group = 0; group < product.groups; group++) {
    const call = addCall(engine, product, { source, image, target, rowBytes, group });
    if (call === null) return null;
    calls.push(call);
  }
  let run: Kernel = () => {};
  engine.whenSealed((kernels) => {
    const codes = new Int8Array(kernels.memory.buffer, source, input.length / batches);
    const results = new Int8Array(kernels.memory.buffer, target, output.length / batches);
    const images = Array.from({ length: batches }, (_, batch) => ({
      from: input.subarray(batch * codes.length, (batch + 1) * codes.length), to: output.subarray(batch * results.length, (batch + 1) * results.length),
    }));
    const entries = calls.map(({ kind, parameters }) => ({ kernel: kernels[kind], parameters }));
    run = () => {
      for (const { from, to } of images) {
        codes.set(from);
        for (const { kernel, parameters } of entries) kernel(parameters);
        to.set(results);
      }
    };
  });
  return () => run();
}

interface Place {
  readonly source: number;
  readonly image: number;
  readonly target: number;
  readonly rowBytes: number;
  readonly group: number;
}

function addCall(engine: Engine, product: WindowProduct, { source, image, target, rowBytes, group }: Place): Call | null {
  const { inputDepth, inputWidth, groups, isDepthwise } = product;
  const channels = product.factors.length / groups;
  const lanes = isDepthwise ? 8 : 4;
  const blocks = Math.ceil(channels / lanes);
  const segments = isDepthwise ? depthwiseSegments(product, rowBytes) : segmentsOf(product, rowBytes, group, group * channels);
  const steps = isDepthwise ? 1 : Math.ceil((segments[0]?.weights(0).length as number) / 8);
  const weights = engine.reserve(2 * blocks * segments.length * steps * 8 * (isDepthwise ? 1 : 4));
  const parameters = engine.reserve(PARAMETER_BYTES);
  const sums = engine.reserve(4 * blocks * lanes);
  const factors = engine.reserve(FACTOR_BYTES * channels);
  const offsets = engine.reserve(4 * segments.length);
  if (weights === null || parameters === null || sums === null || factors === null || offsets === null) return null;
  engine.whenSealed(({ memory: { buffer } }) => {
    writeParameters(buffer, parameters, {
      source, target: image + product.padTop * rowBytes + 2 * product.padLeft * inputDepth, sourceRows: group === 0 ? product.inputHeight : 0,
      sourceColumns: inputWidth * inputDepth, targetStep: rowBytes, inputZeroPoint: product.inputZeroPoint,
      image, rows: product.outputHeight, columns: product.outputWidth, rowStep: product.strideHeight * rowBytes, columnStep: 2 * product.strideWidth * inputDepth,
      sums, channels, factors, outputZeroPoint: product.outputZeroPoint, least: product.least, greatest: product.greatest,
      output: target + group * channels, outputStep: product.factors.length, isWide: 0, weights, offsets, segments: segments.length, steps, blocks,
    });
    writeFactors(buffer, factors, product.factors.slice(group * channels, (group + 1) * channels));
    new Int32Array(buffer, offsets, segments.length).set(segments.map(({ offset }) => offset));
    writeWeights(new Int16Array(buffer, weights), segments, { channels, steps, isDepthwise });
  });
  return { parameters, kind: isDepthwise ? 'depthwise' : 'products' };
}

/** Contiguous codes of a window: a row of the kernel, or one position where rows have gaps. */
function segmentsOf(product: WindowProduct, rowBytes: number, group: number, firstChannel: number): Segment[] {
  const { kernelHeight, kernelWidth, inputDepth, depth, dilationHeight, dilationWidth, weight } = product;
  const ks = Array.from({ length: depth }, (_, k) => k);
  const columns = Array.from({ length: kernelWidth }, (_, column) => column);
  const hasGaps = product.groups > 1 || (dilationWidth > 1 && kernelWidth > 1);
  const parts = hasGaps ? columns.map((column) => [column]) : [columns];
  return Array.from({ length: kernelHeight }, (_, row) => parts.map((part): Segment => ({
    offset: row * dilationHeight * rowBytes + 2 * ((part[0] as number) * dilationWidth * inputDepth + group * depth),
    weights: (channel) => part.flatMap((column) => ks.map((k) => weight(firstChannel + channel, row, column, k))),
  }))).flat();
}

/** One position of the kernel each, one weight a channel. */
function depthwiseSegments({ kernelHeight, kernelWidth, inputDepth, dilationHeight, dilationWidth, weight }: WindowProduct, rowBytes: number): Segment[] {
  return Array.from({ length: kernelHeight * kernelWidth }, (_, i) => {
    const [row, column] = [Math.floor(i / kernelWidth), i % kernelWidth];
    return { offset: row * dilationHeight * rowBytes + 2 * column * dilationWidth * inputDepth, weights: (channel) => [weight(channel, row, column, 0)] };
  });
}

/** In the kernels' order; what is not there is 0. */
function writeWeights(memory: Int16Array, segments: readonly Segment[], { channels, steps, isDepthwise }: { channels: number; steps: number; isDepthwise: boolean }): void {
  const lanes = isDepthwise ? 8 : 4;
  segments.forEach((segment, s) => {
    for (let channel = 0; channel < channels; channel++) {
      const [block, lane] = [Math.floor(channel / lanes), channel % lanes];
      segment.weights(channel).forEach((value, i) => {
        const at = isDepthwise ? (block * segments.length + s) * 8 + lane : (((block * segments.length + s) * steps + (i >> 3)) * 4 + lane) * 8 + (i & 7);
        memory[at] = value;
      });
    }
  });
}
