import type { Engine } from './engine.ts';
import { FACTOR_BYTES, PARAMETER_BYTES, writeFactors, writeParameters } from './parameters.ts';
import type { Factor } from './parameters.ts';

/** A product over sliding windows of one NHWC image, everything but the activations known. */
export interface Layer {
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
  readonly inputZeroPoint: number;
  readonly outputZeroPoint: number;
  readonly least: number;
  readonly greatest: number;
  /** One an output channel. */
  readonly factors: readonly Factor[];
  /** Results are int16 instead of int8. */
  readonly isWide: boolean;
}

/** A layer in the engine's memory. */
export interface PlacedLayer {
  /** Runs, one after the other, that make up the layer: the kernel and the address of its parameters. */
  readonly calls: readonly { readonly kind: 'products' | 'depthwise'; readonly parameters: number }[];
  /** int8 codes of the input. */
  readonly source: number;
  /** Codes of the output. */
  readonly target: number;
}

/** Contiguous codes of a window, and the weights of a channel for them. */
interface Segment {
  /** Bytes from the begin of a window. */
  readonly offset: number;
  readonly weights: (channel: number) => number[];
}

/** null where the engine's memory would become too large. */
export function placeLayer(engine: Engine, layer: Layer): PlacedLayer | null {
  const { inputHeight, inputWidth, inputDepth } = layer;
  const rows = (layer.outputHeight - 1) * layer.strideHeight + (layer.kernelHeight - 1) * layer.dilationHeight + 1;
  const columns = (layer.outputWidth - 1) * layer.strideWidth + (layer.kernelWidth - 1) * layer.dilationWidth + 1;
  const rowBytes = 2 * inputDepth * Math.max(columns, layer.padLeft + inputWidth);
  const results = layer.outputHeight * layer.outputWidth * layer.factors.length * (layer.isWide ? 2 : 1);
  const place = engine.reserve(inputHeight * inputWidth * inputDepth, rowBytes * Math.max(rows, layer.padTop + inputHeight), results);
  if (place === null) return null;
  const [source, image, target] = place;
  const calls = [];
  for (let group = 0; group < layer.groups; group++) {
    const parameters = placeGroup(engine, layer, { source, image, target, rowBytes, group });
    if (parameters === null) return null;
    calls.push({ parameters, kind: layer.isDepthwise ? 'depthwise' : 'products' } as const);
  }
  return { calls, source, target };
}

interface GroupPlace {
  readonly source: number;
  readonly image: number;
  readonly target: number;
  readonly rowBytes: number;
  readonly group: number;
}

function placeGroup(engine: Engine, layer: Layer, { source, image, target, rowBytes, group }: GroupPlace): number | null {
  const { inputDepth, inputWidth, isDepthwise } = layer;
  const channels = layer.factors.length / layer.groups;
  const lanes = isDepthwise ? 8 : 4;
  const blocks = Math.ceil(channels / lanes);
  const segments = isDepthwise ? depthwiseSegments(layer, rowBytes) : segmentsOf(layer, rowBytes, group, group * channels);
  const steps = isDepthwise ? 1 : Math.ceil((segments[0]?.weights(0).length as number) / 8);
  const place = engine.reserve(PARAMETER_BYTES, 2 * blocks * segments.length * steps * (isDepthwise ? 8 : 32), 4 * blocks * lanes, FACTOR_BYTES * channels, 4 * segments.length);
  if (place === null) return null;
  const [parameters, weights, sums, factors, offsets] = place;
  const resultBytes = layer.isWide ? 2 : 1;
  engine.whenSealed(({ memory: { buffer } }) => {
    writeParameters(buffer, parameters, {
      // The groups share the image, which the first of them makes.
      source, target: image + layer.padTop * rowBytes + 2 * layer.padLeft * inputDepth, sourceRows: group === 0 ? layer.inputHeight : 0,
      sourceColumns: inputWidth * inputDepth, targetStep: rowBytes, inputZeroPoint: layer.inputZeroPoint,
      image, rows: layer.outputHeight, columns: layer.outputWidth, rowStep: layer.strideHeight * rowBytes, columnStep: 2 * layer.strideWidth * inputDepth,
      sums, channels, factors, outputZeroPoint: layer.outputZeroPoint, least: layer.least, greatest: layer.greatest,
      output: target + resultBytes * group * channels, outputStep: resultBytes * layer.factors.length, isWide: layer.isWide ? 1 : 0,
      weights, offsets, segments: segments.length, steps, blocks,
    });
    writeFactors(buffer, factors, layer.factors.slice(group * channels, (group + 1) * channels));
    new Int32Array(buffer, offsets, segments.length).set(segments.map(({ offset }) => offset));
    // What no channel or code fills stays 0, and so does not count.
    const memory = new Int16Array(buffer, weights);
    segments.forEach((segment, s) => {
      for (let channel = 0; channel < channels; channel++) {
        const at = (Math.floor(channel / lanes) * segments.length + s) * steps * (isDepthwise ? 8 : 32);
        const lane = channel % lanes;
        segment.weights(channel).forEach((value, i) => {
          memory[at + (isDepthwise ? lane : (i >> 3) * 32 + lane * 8 + (i & 7))] = value;
        });
      }
    });
  });
  return parameters;
}

/** A row of the kernel each, or one position where the rows have gaps. */
function segmentsOf(layer: Layer, rowBytes: number, group: number, firstChannel: number): Segment[] {
  const { kernelHeight, kernelWidth, inputDepth, depth, dilationHeight, dilationWidth, weight } = layer;
  const ks = Array.from({ length: depth }, (_, k) => k);
  const columns = Array.from({ length: kernelWidth }, (_, column) => column);
  const hasGaps = layer.groups > 1 || dilationWidth > 1;
  const parts = hasGaps ? columns.map((column) => [column]) : [columns];
  return Array.from({ length: kernelHeight }, (_, row) => parts.map((part): Segment => ({
    offset: row * dilationHeight * rowBytes + 2 * ((part[0] as number) * dilationWidth * inputDepth + group * depth),
    weights: (channel) => part.flatMap((column) => ks.map((k) => weight(firstChannel + channel, row, column, k))),
  }))).flat();
}

/** One position of the kernel each, with one weight a channel. */
function depthwiseSegments({ kernelHeight, kernelWidth, inputDepth, dilationHeight, dilationWidth, weight }: Layer, rowBytes: number): Segment[] {
  return Array.from({ length: kernelHeight * kernelWidth }, (_, i) => {
    const [row, column] = [Math.floor(i / kernelWidth), i % kernelWidth];
    return { offset: row * dilationHeight * rowBytes + 2 * column * dilationWidth * inputDepth, weights: (channel) => [weight(channel, row, column, 0)] };
  });
}
