import { quantizeMultiplier } from '../multiplier.ts';
import type { QuantizedMultiplier } from '../multiplier.ts';
import { exponentialsOf } from './exponentials.ts';
import type { Exponentials } from './exponentials.ts';
import { demand } from './form.ts';
import type { Codes } from './form.ts';

export interface LogSoftmaxTables {
  readonly exponentials: Exponentials;
  /** From Q5.26 to a difference of codes. */
  readonly reverse: QuantizedMultiplier;
}

/** (TFLM micro/kernels/log_softmax.cc, kernels/internal/quantization_util.cc PreprocessLogSoftmaxScalingExp) @throws UnsupportedForm */
export function logSoftmaxTables(input: Codes, output: Codes): LogSoftmaxTables {
  demand(output.scale === 1 / 16 && output.zeroPoint === 127, `output has scale ${output.scale} and zero point ${output.zeroPoint}, not 1/16 and 127`);
  const exponentials = exponentialsOf(1, input.scale);
  const { multiplier, shift } = exponentials.factor;
  const real = 2 ** (31 - shift) / multiplier;
  demand(shift > 0 && real < 1, `input scale ${input.scale} is too small`);
  return { exponentials, reverse: quantizeMultiplier(real) };
}
