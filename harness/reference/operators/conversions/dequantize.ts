import type { OperatorContext, OperatorReference } from '../../context.ts';

/** (q - zero point) * scale, formed in double and rounded once to float32. (TFLM kernels/internal/reference/dequantize.h) */
export const dequantize: OperatorReference = {
  name: 'DEQUANTIZE',
  supports: 'int8 or int16 to float32',
  prepare(context: OperatorContext) {
    const source = context.input(0, 'input');
    const { data: codes, scale, zeroPoint } = source.tensor.dtype === 'int16' ? context.quantised(source, 'int16', 'input') : context.quantised(source, 'int8', 'input');
    const values = context.output().data;
    context.require(values instanceof Float32Array, 'output is not float32');
    context.require(codes.length === values.length, 'input and output differ in shape');
    return () => {
      for (let i = 0; i < codes.length; i++) values[i] = ((codes[i] as number) - zeroPoint) * scale;
    };
  },
};
