import { clamp } from '../../../numerics/index.ts';
import type { Kernel, OperatorContext, OperatorReference } from '../../context.ts';
import { codesOf } from '../code-form.ts';
import { binaryKernel, requireBroadcast, type Binary } from '../elementwise/operands.ts';

/**
 * x where it is at least zero, else x * alpha; both broadcast to the output.
 * (TFLM micro/kernels/prelu_common.cc, kernels/internal/reference/prelu.h)
 */
export const prelu: OperatorReference = {
  name: 'PRELU',
  supports: 'int8, int16 with int8 alpha, float32 of up to 4 dimensions; any broadcast',
  prepare(context: OperatorContext) {
    const [left, right, output] = [context.input(0, 'input'), context.input(1, 'alpha'), context.output()];
    const { dtype } = left.tensor;
    context.require(output.tensor.dtype === dtype, `input is ${dtype}, output ${output.tensor.dtype}`);
    requireBroadcast(context, [left, right], output);
    if (dtype === 'float32') {
      context.require(right.tensor.dtype === 'float32', `alpha is ${right.tensor.dtype}, not float32`);
      context.require(output.tensor.shape.length <= 4, 'more than 4 dimensions');
      return binaryKernel({ left, right, output }, (x, alpha) => (x >= 0 ? x : Math.fround(x * alpha)));
    }
    context.require(dtype === 'int8' || dtype === 'int16', `input is ${dtype}, not int8, int16 or float32`);
    context.require(right.tensor.dtype === 'int8', `alpha is ${right.tensor.dtype}, not int8`);
    return quantised(context, { left, right, output }, dtype === 'int8' ? 128 : 32768);
  },
};

function quantised(context: OperatorContext, binary: Binary, end: number): Kernel {
  const [x, alpha, y] = [codesOf(context, binary.left, 'input'), codesOf(context, binary.right, 'alpha'), codesOf(context, binary.output, 'output')];
  const identity = context.fixedPoint(x.scale / y.scale, 'input / output');
  const slope = context.fixedPoint((x.scale * alpha.scale) / y.scale, 'input * alpha / output');
  const { requantise } = context;
  return binaryKernel(binary, (code, alphaCode) => {
    const value = code - x.zeroPoint;
    const scaled = value >= 0
      ? requantise(value, identity.multiplier, identity.shift)
      : requantise(value * (alphaCode - alpha.zeroPoint), slope.multiplier, slope.shift);
    return clamp(scaled + y.zeroPoint, -end, end - 1);
  });
}
