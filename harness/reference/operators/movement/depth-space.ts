import type { Kernel, OperatorContext, OperatorReference } from '../../context.ts';
import { gatherByIndex, requireSameType, requireType, sameShape, scatterByIndex } from './walk.ts';

/** Pixels of a block into channels. (TFLM micro/kernels/space_to_depth.cc, kernels/internal/reference/space_to_depth.h) */
export const spaceToDepth: OperatorReference = {
  name: 'SPACE_TO_DEPTH',
  supports: 'float32, int8; [batch, height, width, channels]',
  prepare: (context) => prepare(context, 'space to depth'),
};

/** Channels into the pixels of a block. (TFLM micro/kernels/depth_to_space.cc, kernels/internal/reference/depth_to_space.h) */
export const depthToSpace: OperatorReference = {
  name: 'DEPTH_TO_SPACE',
  supports: 'float32, int8; [batch, height, width, channels]',
  prepare: (context) => prepare(context, 'depth to space'),
};

function prepare(context: OperatorContext, direction: 'space to depth' | 'depth to space'): Kernel {
  const input = context.input(0, 'input');
  const output = context.output();
  requireType(context, input, ['float32', 'int8'], 'input');
  requireSameType(context, input, output);
  const [image, deep] = direction === 'space to depth' ? [input, output] : [output, input];
  const block = Number(context.operator.options['block_size'] ?? 0);
  context.require(block >= 1, `block size ${block}`);
  context.require(image.tensor.shape.length === 4, 'the image must be [batch, height, width, channels]');
  const [batches = 0, rows = 0, columns = 0, channels = 0] = image.tensor.shape;
  context.require(sameShape(deep.tensor.shape, [batches, rows / block, columns / block, channels * block * block]), `[${image.tensor.shape.join(', ')}] in blocks of ${block} is not [${deep.tensor.shape.join(', ')}]`);
  const deepIndex = ([batch = 0, row = 0, column = 0, channel = 0]: readonly number[]): number[] =>
    [batch, Math.floor(row / block), Math.floor(column / block), ((row % block) * block + (column % block)) * channels + channel];
  return direction === 'space to depth' ? scatterByIndex(context, input, output, deepIndex) : gatherByIndex(context, input, output, deepIndex);
}
