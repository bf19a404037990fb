import type { OperatorContext, OperatorReference } from '../../context.ts';
import { requireSameType, requireType } from './walk.ts';

/**
 * The shape to which two shapes can be broadcast. Shapes that can't be give the first one's size there, where TFLM aborts.
 * (TFLM micro/kernels/broadcast_args.cc, kernels/internal/reference/broadcast_args.h)
 */
export const broadcastArgs: OperatorReference = {
  name: 'BROADCAST_ARGS',
  supports: 'int32, int64',
  prepare(context: OperatorContext) {
    const [a, b] = [context.input(0, 'first shape'), context.input(1, 'second shape')];
    const output = context.output();
    requireType(context, a, ['int32', 'int64'], 'first shape');
    requireSameType(context, a, b);
    requireSameType(context, a, output);
    context.require([a, b, output].every(({ tensor }) => tensor.shape.length === 1), 'a shape is no vector');
    context.require(output.data.length === Math.max(a.data.length, b.data.length), 'the output is not as long as the longer shape');
    return () => {
      for (let fromEnd = 1; fromEnd <= output.data.length; fromEnd++) {
        const x = Number(a.data.at(-fromEnd) ?? 1);
        const y = Number(b.data.at(-fromEnd) ?? 1);
        const size = x === 1 ? y : x;
        output.data[output.data.length - fromEnd] = output.data instanceof BigInt64Array ? (BigInt(size) as never) : size;
      }
    };
  },
};
