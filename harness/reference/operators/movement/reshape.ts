import type { OperatorContext, OperatorReference } from '../../context.ts';

/** A copy: the shape is the output tensor's. (TFLM micro/kernels/reshape.cc) */
export const reshape: OperatorReference = {
  name: 'RESHAPE',
  supports: 'any type, static shapes',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const output = context.output();
    context.require(input.tensor.dtype === output.tensor.dtype, `input is ${input.tensor.dtype}, output ${output.tensor.dtype}`);
    context.require(input.data.length === output.data.length, `input has ${input.data.length} elements, output ${output.data.length}`);
    const from = new Uint8Array(input.data.buffer, input.data.byteOffset, input.data.byteLength);
    const to = new Uint8Array(output.data.buffer, output.data.byteOffset, output.data.byteLength);
    return () => to.set(from);
  },
};
