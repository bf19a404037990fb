import { quantizeMultiplier } from '../multiplier.ts';
import type { QuantizedMultiplier } from '../multiplier.ts';
import { demand } from './form.ts';

/** Fixed-point form of a real factor. @throws UnsupportedForm beyond what 32-bit kernels can shift */
export function factorOf(real: number, what: string): QuantizedMultiplier {
  demand(Number.isFinite(real), `multiplier ${what} is not finite`);
  const fixed = quantizeMultiplier(real);
  demand(fixed.shift <= 30, `multiplier ${what} = ${real} is beyond 2^30`);
  return fixed;
}

/** input / output in float32, as many kernels form it. */
export const ratio32 = (input: number, output: number): number => Math.fround(input / output);
