import type { Product } from '../plant/naive-product.ts';

/** Typical magnitude of an input minus its zero point. */
const TYPICAL = 60;

/** Sums of ordinary inputs leave 16 bits in some channel. */
export function exceeds16Bits({ layer: { outChannels, weightSteps }, weights, bias }: Product): boolean {
  const [step = 1] = weightSteps;
  return bias.some((value, channel) => {
    const own = weights.filter((_, i) => (step === 1 ? i % outChannels === channel : Math.floor(i / step) === channel));
    return Math.abs(value) + Math.sqrt(own.length) * TYPICAL * Math.max(...own.map(Math.abs)) > 2 ** 15;
  });
}
