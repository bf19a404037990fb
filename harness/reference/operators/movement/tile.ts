import type { OperatorContext, OperatorReference } from '../../context.ts';
import { gatherByIndex, requireSameType, requireType, sameShape } from './walk.ts';

/** All of the input again and again along each axis. TFLM does not have it. (LiteRT tflite/kernels/tile.cc) */
export const tile: OperatorReference = {
  name: 'TILE',
  supports: 'float32, int8, uint8, int16, int32, int64, bool; constant multiples of at least 1',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const output = context.output();
    const { shape } = input.tensor;
    requireType(context, input, ['float32', 'int8', 'uint8', 'int16', 'int32', 'int64', 'bool'], 'input');
    requireSameType(context, input, output);
    const multiples = context.constantInts(1, 'multiples');
    context.require(multiples.length === shape.length, `${multiples.length} multiples of ${shape.length} dimensions`);
    context.require(multiples.every((multiple) => multiple >= 1), `multiples [${multiples.join(', ')}] leave nothing of the input`);
    context.require(sameShape(shape.map((size, axis) => size * (multiples[axis] as number)), output.tensor.shape), `[${shape.join(', ')}] times [${multiples.join(', ')}] is not the shape of the output`);
    return gatherByIndex(context, input, output, (index) => index.map((value, axis) => value % (shape[axis] as number)));
  },
};
