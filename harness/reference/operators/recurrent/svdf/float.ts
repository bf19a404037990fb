import { clamp, floatActivationRange } from '../../../../numerics/index.ts';
import type { Kernel, OperatorContext } from '../../../context.ts';
import type { SvdfOperands } from './operands.ts';

/** SVDF of float32, in TFLM's order of sums. (TFLM micro/kernels/svdf_common.cc, EvalFloatSvdfReference) */
export function prepareFloat(context: OperatorContext, operands: SvdfOperands): Kernel {
  const { batches, depth, filters, memory, rank, units } = operands;
  const all = [operands.input, operands.feature, operands.time, operands.state, operands.output, operands.bias];
  context.require(all.every(({ tensor }) => tensor.dtype === 'float32'), 'float32 input, other types beside it');
  const [x, feature, time, state, y, bias] = all.map(({ data }) => data as Float32Array) as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
  const activation = Number(context.operator.options.fused_activation_function);
  const range = floatActivationRange(activation);
  context.require(range !== null, `activation ${activation}`);
  const dot = (a: Float32Array, aAt: number, b: Float32Array, bAt: number, count: number): number => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum = Math.fround(sum + Math.fround((a[aAt + i] as number) * (b[bAt + i] as number)));
    return sum;
  };
  return () => {
    state.copyWithin(0, 1);
    for (let row = 0; row < batches * filters; row++) {
      state[row * memory + memory - 1] = dot(feature, (row % filters) * depth, x, Math.floor(row / filters) * depth, depth);
    }
    for (let b = 0; b < batches; b++) {
      for (let u = 0; u < units; u++) {
        let sum = bias[u] as number;
        for (let f = u * rank; f < (u + 1) * rank; f++) sum = Math.fround(sum + dot(time, f * memory, state, (b * filters + f) * memory, memory));
        y[b * units + u] = activation === 0 ? sum : clamp(sum, range.least, range.greatest);
      }
    }
  };
}
