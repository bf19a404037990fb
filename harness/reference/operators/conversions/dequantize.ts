import type { OperatorContext, OperatorReference } from '../../context.ts';
import { codesOf } from '../code-form.ts';

/** (q - zero point) * scale, formed in double and rounded once to float32. (TFLM kernels/internal/reference/dequantize.h) */
export const dequantize: OperatorReference = {
  name: 'DEQUANTIZE',
  supports: 'int8, uint8 or int16 to float32',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const { dtype } = input.tensor;
    context.require(dtype === 'int8' || dtype === 'uint8' || dtype === 'int16', `input is ${dtype}, not int8, uint8 or int16`);
    const { scale, zeroPoint } = codesOf(context, input, 'input');
    const codes = input.data as Int8Array | Uint8Array | Int16Array;
    const values = context.output().data;
    context.require(values instanceof Float32Array, 'output is not float32');
    context.require(codes.length === values.length, 'input and output differ in shape');
    return () => {
      for (let i = 0; i < codes.length; i++) values[i] = ((codes[i] as number) - zeroPoint) * scale;
    };
  },
};
