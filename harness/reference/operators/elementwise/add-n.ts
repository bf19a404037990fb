import type { Kernel, Operand, OperatorContext, OperatorReference } from '../../context.ts';
import { codeRange, limit, readCodes, requireBroadcast } from './operands.ts';

/** Greatest number of int8 operands whose sum stays in int32. */
const MAX_OPERANDS = 15;

/** (TFLM micro/kernels/add_n.cc, kernels/internal/reference/add_n.h) */
export const addN: OperatorReference = {
  name: 'ADD_N',
  supports: 'float32, int8 with one scale and zero point for at most 15 operands',
  prepare(context: OperatorContext) {
    const output = context.output();
    const inputs = context.operator.inputs.map((_, position) => context.input(position, 'operand'));
    context.require(inputs.length >= 2, `has ${inputs.length} operands`);
    const { dtype } = output.tensor;
    context.require(dtype === 'float32' || dtype === 'int8', `output is ${dtype}, not float32 or int8`);
    for (const input of inputs) {
      context.require(input.tensor.dtype === dtype, `an operand is ${input.tensor.dtype}, the output ${dtype}`);
      context.require(input.tensor.shape.join() === output.tensor.shape.join(), 'operands and output differ in shape');
    }
    requireBroadcast(context, inputs, output);
    return dtype === 'int8' ? quantised(context, inputs, output) : plain(inputs, output);
  },
};

function plain(inputs: readonly Operand[], output: Operand): Kernel {
  return () => {
    for (let i = 0; i < output.data.length; i++) output.data[i] = inputs.reduce((sum, { data }) => Math.fround(sum + (data[i] as number)), 0);
  };
}

function quantised(context: OperatorContext, inputs: readonly Operand[], target: Operand): Kernel {
  context.require(inputs.length <= MAX_OPERANDS, `${inputs.length} operands; ${MAX_OPERANDS} at the most`);
  const [first, ...others] = inputs.map((input) => readCodes(context, input, 'operand'));
  const output = readCodes(context, target, 'output');
  context.require(first !== undefined && others.every(({ scale, zeroPoint }) => scale === first.scale && zeroPoint === first.zeroPoint), 'operands differ in scale or zero point');
  const real = (2 * first.scale) / (2 ** 20 * output.scale);
  context.require(real < 1, 'the output scale is too small for the operands');
  const { multiplier, shift } = context.fixedPoint(real, 'of the output');
  const range = codeRange(context, output);
  const { requantise } = context;
  // The sum starts at -zero point, as if there were one more operand of code 0: that is how TFLM does it.
  return () => {
    for (let i = 0; i < output.data.length; i++) {
      let sum = -first.zeroPoint;
      for (const { data } of inputs) sum += (data[i] as number) - first.zeroPoint;
      output.data[i] = limit(requantise(sum * 2 ** 19, multiplier, shift) + output.zeroPoint, range);
    }
  };
}
