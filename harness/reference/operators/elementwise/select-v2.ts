import type { OperatorContext, OperatorReference } from '../../context.ts';
import { operandIndices, requireBroadcast } from './operands.ts';

/** (TFLM micro/kernels/select.cc, kernels/internal/reference/select.h) */
export const selectV2: OperatorReference = {
  name: 'SELECT_V2',
  supports: 'bool condition; int8, int16, float32; any broadcast; codes are taken as they are, whatever their scales',
  prepare(context: OperatorContext) {
    context.require(context.operator.inputs.length === 3, `has ${context.operator.inputs.length} inputs, not 3`);
    const inputs = [context.input(0, 'condition'), context.input(1, 'first operand'), context.input(2, 'second operand')] as const;
    const output = context.output();
    const [condition, x, y] = inputs;
    const { dtype } = x.tensor;
    context.require(condition.tensor.dtype === 'bool', `condition is ${condition.tensor.dtype}, not bool`);
    context.require(['int8', 'int16', 'float32'].includes(dtype), `operands are ${dtype}, not int8, int16 or float32`);
    context.require(y.tensor.dtype === dtype && output.tensor.dtype === dtype, `operands and output are ${dtype}, ${y.tensor.dtype} and ${output.tensor.dtype}`);
    requireBroadcast(context, inputs, output);
    const [cs, xs, ys] = operandIndices(inputs, output) as [Int32Array | null, Int32Array | null, Int32Array | null];
    const at = (indices: Int32Array | null, i: number): number => (indices === null ? i : (indices[i] as number));
    return () => {
      for (let i = 0; i < output.data.length; i++) {
        output.data[i] = (condition.data[at(cs, i)] !== 0 ? x.data[at(xs, i)] : y.data[at(ys, i)]) as number;
      }
    };
  },
};
