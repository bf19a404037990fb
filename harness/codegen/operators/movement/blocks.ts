import type { Operator, Tensor } from '../../../model/graph.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { inputTensor, need, outputTensor } from '../refusal.ts';
import { integer, needSameType, needShape, needType } from './read.ts';
import { copyLayer, type Axis } from './strided.ts';

const TYPES = ['int8', 'float32'];
const SUPPORTS = 'int8, float32';

/** Pixels of a block into channels, and back: one copy. */
export const spaceToDepth: OperatorGenerator = {
  op: 'SPACE_TO_DEPTH', supports: SUPPORTS, types: TYPES,
  plan: (operator, context) => plan(operator, context, (input, output) => ({ image: input, deep: output, turn: (axis) => axis })),
};

export const depthToSpace: OperatorGenerator = {
  op: 'DEPTH_TO_SPACE', supports: SUPPORTS, types: TYPES,
  plan: (operator, context) => plan(operator, context, (input, output) => ({ image: output, deep: input, turn: ({ count, from, to }) => ({ count, from: to, to: from }) })),
};

type Roles = (input: Tensor, output: Tensor) => { readonly image: Tensor; readonly deep: Tensor; readonly turn: (axis: Axis) => Axis };

function plan(operator: Operator, { graph }: PlanContext, roles: Roles): LayerPlan {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  needType(input, TYPES);
  needSameType(input, output);
  const { image, deep, turn } = roles(input, output);
  const block = integer(operator, 'block_size');
  need(block >= 1 && image.shape.length === 4, 'the image must be [batch, height, width, channels] and the block size positive');
  const [batches = 0, height = 0, width = 0, channels = 0] = image.shape;
  needShape(deep, [batches, height / block, width / block, channels * block * block]);
  const line = width * channels;
  const pixel = channels * block * block;
  // From the image to the blocks: rows of blocks (of all batches), blocks of a row, rows of a block, the pixels of such a row.
  const axes: Axis[] = [
    { count: batches * (height / block), from: block * line, to: (width / block) * pixel },
    { count: width / block, from: block * channels, to: pixel },
    { count: block, from: line, to: block * channels },
    { count: block * channels, from: 1, to: 1 },
  ];
  return copyLayer([{ input, output, axes: axes.map(turn) }], [`  blocks of ${block} x ${block}`]);
}
