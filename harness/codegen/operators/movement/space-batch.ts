import type { Operator, Tensor } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { describe, inputTensor, need, outputTensor } from '../refusal.ts';
import { paddedStatements, type PaddedCopy } from './padded.ts';
import { codePattern } from './pattern.ts';
import { constantOf, needSameType, needShape, needType } from './read.ts';
import { copyLayer, type Axis, type StridedCopy } from './strided.ts';

const TYPES = ['int8', 'float32'];

/** Pixels of a block into batches: one copy for each pixel of a block. */
export const spaceToBatchNd: OperatorGenerator = {
  op: 'SPACE_TO_BATCH_ND', supports: 'int8 (padded only with zero point 0), float32; one or two spatial dimensions, constant block shape and paddings', types: TYPES, plan: planSpaceToBatch,
};

/** Batches into the pixels of blocks. */
export const batchToSpaceNd: OperatorGenerator = {
  op: 'BATCH_TO_SPACE_ND', supports: 'int8, float32; one or two spatial dimensions, constant block shape and crops', types: TYPES, plan: planBatchToSpace,
};

interface Geometry {
  readonly block: readonly number[];
  /** Before and after each spatial dimension of the image: padding, or what is cropped. */
  readonly edges: readonly number[];
}

function read(operator: Operator, { graph }: PlanContext): { readonly input: Tensor; readonly output: Tensor; readonly geometry: Geometry } {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  needType(input, TYPES);
  needSameType(input, output);
  const block = constantOf(graph, operator, 1, 'the block shape');
  const edges = constantOf(graph, operator, 2, 'the edges');
  need((block.length === 1 || block.length === 2) && input.shape.length === block.length + 2 && edges.length === 2 * block.length, 'there must be one or two spatial dimensions');
  need(block.every((size) => size >= 1) && edges.every((edge) => edge >= 0), 'block shape and edges must not be negative');
  return { input, output, geometry: { block, edges } };
}

const asImage = ({ shape }: Tensor): number[] => (shape.length === 3 ? [...shape.slice(0, 2), 1, ...shape.slice(2)] : [...shape]);

/** [batches, rows, columns, channels] of the blocks' side for an image. */
function blocked(image: Tensor, { block, edges }: Geometry): number[] {
  const [batches = 0, ...rest] = image.shape;
  const spatial = block.map((size, k) => ((rest[k] as number) + (edges[2 * k] as number) + (edges[2 * k + 1] as number)) / size);
  return [batches * block.reduce((all, size) => all * size, 1), ...spatial, rest.at(-1) as number];
}

/** One dimension of one pixel of a block: `count` rows of the blocks from `first` on, which are every `block`-th of the image from `at` on. */
interface Rows {
  readonly first: number;
  readonly count: number;
  readonly at: number;
}

function rows(pixel: number, block: number, before: number, imageSize: number, blockedSize: number): Rows {
  const first = Math.max(0, Math.ceil((before - pixel) / block));
  const last = Math.min(blockedSize - 1, Math.floor((before + imageSize - 1 - pixel) / block));
  return { first, count: Math.max(0, last - first + 1), at: first * block + pixel - before };
}

/** For each pixel of a block the loops between the image (from) and its batches of the blocks' side (to). */
function pixels(image: Tensor, deep: Tensor, { block, edges }: Geometry): { readonly axes: Axis[]; readonly image: number; readonly deep: number; readonly start: number; readonly length: number }[] {
  const [batches = 0, height = 0, width = 0, channels = 0] = asImage(image);
  const [, deepHeight = 0, deepWidth = 0] = asImage(deep);
  const [blockRows = 1, blockColumns = 1] = block;
  const length = batches * deepHeight * deepWidth * channels;
  return Array.from({ length: blockRows * blockColumns }, (_, pixel) => {
    const y = rows(Math.floor(pixel / blockColumns), blockRows, edges[0] as number, height, deepHeight);
    const x = rows(pixel % blockColumns, blockColumns, edges[2] ?? 0, width, deepWidth);
    const axes: Axis[] = [
      { count: batches, from: height * width * channels, to: deepHeight * deepWidth * channels },
      { count: y.count, from: blockRows * width * channels, to: deepWidth * channels },
      { count: x.count, from: blockColumns * channels, to: channels },
      { count: channels, from: 1, to: 1 },
    ];
    const isEmpty = axes.some(({ count }) => count === 0);
    const start = pixel * length;
    return { axes, start, length, image: isEmpty ? 0 : (y.at * width + x.at) * channels, deep: start + (isEmpty ? 0 : (y.first * deepWidth + x.first) * channels) };
  });
}

function planSpaceToBatch(operator: Operator, context: PlanContext): LayerPlan {
  const { input, output, geometry } = read(operator, context);
  needShape(output, blocked(input, geometry));
  const pieces = pixels(input, output, geometry).map((one): PaddedCopy => ({ input, output, axes: one.axes, from: one.image, to: one.deep, start: one.start, length: one.length }));
  const details = `  blocks of ${geometry.block.join(' x ')}, paddings [${geometry.edges.join(', ')}]`;
  if (geometry.edges.every((edge) => edge === 0)) return copyLayer(pieces, [details]);
  need(output.dtype !== 'int8' || (output.quantisation?.zeroPoint[0] ?? 0) === 0, 'an output with a zero point is padded with what TFLM leaves undefined');
  return {
    scratchBytes: 0,
    emit: (emitted) => ({
      comment: [describe('input', input), describe('output', output), details],
      body: paddedStatements(emitted, pieces, codePattern(0, 4)), state: [], headers: ['nn_fill.h'],
    }),
  };
}

function planBatchToSpace(operator: Operator, context: PlanContext): LayerPlan {
  const { input, output, geometry } = read(operator, context);
  needShape(input, blocked(output, geometry));
  const copies = pixels(output, input, geometry).flatMap((one): StridedCopy[] =>
    (one.axes.some(({ count }) => count === 0) ? [] : [{ input, output, from: one.deep, to: one.image, axes: one.axes.map(({ count, from, to }) => ({ count, from: to, to: from })) }]));
  return copyLayer(copies, [`  blocks of ${geometry.block.join(' x ')}, crops [${geometry.edges.join(', ')}]`]);
}
