import { factorOf } from './factor.ts';
import type { QuantizedMultiplier } from '../multiplier.ts';
import { demand } from './form.ts';
import type { Codes } from './form.ts';

/** int16 differences in steps of 10 / 65535. (TFLM micro/kernels/softmax_common.cc) @throws UnsupportedForm */
export function softmax16Factor(input: Codes, output: Codes, beta: number): QuantizedMultiplier {
  demand(input.zeroPoint === 0, 'input has a zero point that is not 0');
  demandOutput(output, 2 ** -15, 0);
  return factorOf((input.scale * beta) / (10 / 65535), 'input * beta * 6553.5');
}

/** What the results of int8 must be in: 1/256 and -128; with int16 results nearly 1/65536, and -32768. @throws UnsupportedForm */
export function demandSoftmax8Output(output: Codes, isWide: boolean): void {
  if (isWide) return demandOutput(output, 2 ** -16, -32768);
  demand(output.scale === 2 ** -8 && output.zeroPoint === -128, `output has scale ${output.scale} and zero point ${output.zeroPoint}, not 1/256 and -128`);
}

function demandOutput(output: Codes, scale: number, zeroPoint: number): void {
  demand(Math.abs(output.scale - scale) <= 0.001 * scale, `output has scale ${output.scale}, not ${scale}`);
  demand(output.zeroPoint === zeroPoint, `output has zero point ${output.zeroPoint}, not ${zeroPoint}`);
}
