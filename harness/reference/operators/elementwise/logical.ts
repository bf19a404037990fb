import type { OperatorContext, OperatorReference } from '../../context.ts';
import { binaryKernel, readBinary, requireBroadcast, requireSameType } from './operands.ts';

const reference = (name: string, compute: (x: number, y: number) => number): OperatorReference => ({
  name,
  supports: 'bool; any broadcast',
  prepare(context: OperatorContext) {
    const binary = readBinary(context, ['bool']);
    requireSameType(context, binary);
    return binaryKernel(binary, compute);
  },
});

/** (TFLM micro/kernels/logical_common.cc) */
export const logicalAnd: OperatorReference = reference('LOGICAL_AND', (x, y) => x & y);
export const logicalOr: OperatorReference = reference('LOGICAL_OR', (x, y) => x | y);

/** (TFLM micro/kernels/elementwise.cc) */
export const logicalNot: OperatorReference = {
  name: 'LOGICAL_NOT',
  supports: 'bool',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const output = context.output();
    for (const { tensor } of [input, output]) context.require(tensor.dtype === 'bool', `tensor ${tensor.index} is ${tensor.dtype}, not bool`);
    requireBroadcast(context, [input], output);
    const [x, y] = [input.data as Uint8Array, output.data as Uint8Array];
    return () => {
      for (let i = 0; i < y.length; i++) y[i] = (x[i] as number) ^ 1;
    };
  },
};
