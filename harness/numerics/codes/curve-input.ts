import type { InputScale } from '../activation16.ts';
import { roundHalfAway } from '../multiplier.ts';
import { demand } from './form.ts';
import type { CodeForm } from './form.ts';

/** Powers of two of the input's scale, above 2^-12, that need no multiplier but 3. */
export const CURVE_SCALE = { logistic: [0], tanh: [0, 1] } as const;

/**
 * Nearest power of two of a float32, and whether it is one to 0.001 of an octave. All steps are float32.
 * (TFLM kernels/internal/quantization_util.cc, CheckedLog2)
 */
function checkedLog2(x: number): { power: number; isPower: boolean } {
  const log2 = Math.fround(Math.fround(Math.log(x)) * Math.fround(1 / Math.fround(Math.log(2))));
  const power = roundHalfAway(log2);
  return { power, isPower: Math.abs(Math.fround(log2 - power)) < Math.fround(1e-3) };
}

/**
 * Scaling of int16 codes to the steps of the sigmoid table. (TFLM micro/kernels/logistic_common.cc, tanh.cc)
 * @param powers of 2 above 2^-12 for which the kernel takes 3 * 2^power, even where the scale is only nearly a power of two
 * @throws UnsupportedForm what TFLM refuses; and scales whose products leave int32 there
 */
export function curveInput({ input, output }: CodeForm, powers: readonly number[]): InputScale {
  demand(input.zeroPoint === 0 && output.zeroPoint === 0, 'a zero point is not 0');
  const out = checkedLog2(output.scale);
  demand(out.isPower && out.power === -15, `output has scale ${output.scale}, not 2^-15`);
  const { power, isPower } = checkedLog2(input.scale);
  if (isPower && powers.includes(power + 12)) return { multiplier: 3 * 2 ** (power + 12), shift: 0 };
  let multiplier = input.scale * 4096 * 3;
  let shift = 0;
  for (; multiplier <= 32767 / 2 && shift <= 30; shift++) multiplier *= 2;
  demand(multiplier >= 1 && multiplier < 65536, `input scale ${input.scale} is outside 2^-44 to 16 / 3`);
  return { multiplier: Math.trunc(multiplier), shift };
}
