import type { Site } from './site.ts';
import { codeOf } from './site.ts';

/** Least and greatest code that the fused activation leaves: RELU from the zero point up, RELU6 to that of 6. */
export function bounds(site: Site): { low: number; high: number } {
  const { scale, zeroPoint } = codeOf(site.output);
  const activation = site.option('fused_activation_function');
  const code = (real: number): number => zeroPoint + Math.round(Math.fround(real / scale));
  return {
    low: activation === 0 ? -128 : Math.max(-128, code(0)),
    high: activation === 3 ? Math.min(127, code(6)) : 127,
  };
}
