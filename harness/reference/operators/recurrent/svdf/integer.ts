import { clamp, productMultiplier } from '../../../../numerics/index.ts';
import type { Kernel, OperatorContext } from '../../../context.ts';
import type { SvdfOperands } from './operands.ts';

/**
 * SVDF of int8 activations with int8 or int16 state. The fused activation is not computed, TFLM ignores it here. Sums wrap as those
 * of a two's complement machine do. (TFLM micro/kernels/svdf_common.cc, EvalIntegerSvdfReference)
 */
export function prepareInteger(context: OperatorContext, operands: SvdfOperands): Kernel {
  const { batches, depth, filters, memory, rank, units } = operands;
  const wide = operands.state.tensor.dtype === 'int16';
  const x = context.quantised(operands.input, 'int8', 'input');
  const feature = context.quantised(operands.feature, 'int8', 'feature weights');
  const time = context.quantised(operands.time, wide ? 'int16' : 'int8', 'time weights');
  const state = context.quantised(operands.state, wide ? 'int16' : 'int8', 'state');
  const y = context.quantised(operands.output, 'int8', 'output');
  const bias = operands.bias.data;
  context.require(bias instanceof Int32Array, `bias is ${operands.bias.tensor.dtype}, not int32`);
  const biasScale = operands.bias.tensor.quantisation?.scale[0] ?? 0;
  context.require(Math.abs(biasScale - Math.fround(state.scale * time.scale)) < 1e-5, `bias has scale ${biasScale}, not that of state times time weights`);
  const toState = context.fixedPoint(productMultiplier(x.scale, feature.scale, state.scale, context.rounding.scales), 'input * feature weights / state');
  const toOutput = context.fixedPoint(productMultiplier(state.scale, time.scale, y.scale, context.rounding.scales), 'state * time weights / output');
  const { requantise } = context;
  const [least, greatest] = wide ? [-32768, 32767] : [-128, 127];

  const featureOf = (filter: number, inputAt: number): number => {
    let sum = 0;
    for (let i = 0; i < depth; i++) sum += (feature.data[filter * depth + i] as number) * ((x.data[inputAt + i] as number) - x.zeroPoint);
    return clamp(requantise(sum | 0, toState.multiplier, toState.shift), least, greatest);
  };
  return () => {
    state.data.copyWithin(0, 1);
    for (let row = 0; row < batches * filters; row++) {
      // Clamped before the zero point is added, so that the sum can wrap.
      state.data[row * memory + memory - 1] = state.zeroPoint + featureOf(row % filters, Math.floor(row / filters) * depth);
    }
    for (let b = 0; b < batches; b++) {
      for (let u = 0; u < units; u++) {
        let sum = bias[u] as number;
        for (let k = u * rank * memory; k < (u + 1) * rank * memory; k++) {
          sum = (sum + Math.imul(time.data[k] as number, (state.data[b * filters * memory + k] as number) - state.zeroPoint)) | 0;
        }
        y.data[b * units + u] = clamp(requantise(sum, toOutput.multiplier, toOutput.shift) + y.zeroPoint, -128, 127);
      }
    }
  };
}
