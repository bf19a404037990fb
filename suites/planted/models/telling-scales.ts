import { seededRandom } from '../../../harness/link/testing/random.ts';
import { productMultiplier, type ScaleArithmetic } from '../../../harness/numerics/index.ts';

/** Scales of a product's input, output and channels. */
export interface Scales { readonly input: number; readonly output: number; readonly channels: readonly number[] }

/** Factors n * 2^-k, n odd, put every 2^k-th sum on a tie. */
const ODD = Array.from({ length: 16 }, (_, i) => 2 * i + 1);
/** Quotient of input and output scale, but for a power of two: not a power itself, so that most factors are only almost n * 2^-k. */
const QUOTIENT = 5;
/** So near that 16 bits see a tie, and 24 bits do not. */
const NARROW = 2 ** -19;
const TRIES = 20_000;

/** A channel's scale and on which side of n * 2^-k its factor lies: at or above it or below, in each arithmetic. */
interface Near { readonly scale: number; readonly exact: boolean; readonly above: Readonly<Record<ScaleArithmetic | 'rounded', boolean>> }

/**
 * Scales with which every way of rounding and of forming the factor gives other values. The channels take turns: a generic factor, where
 * rounding twice shows; one of the form n * 2^-k, which puts sums on ties; factors that are a little below such a number in one arithmetic of
 * the scales and not in another, so that the ties are ties in one only; and factors that are such a number in 16 bits only.
 *
 * @param factor about the size of the factors, e.g. 1/8
 * @throws Error where none are found
 */
export function tellingScales(seed: number, channels: number, factor: number): Scales {
  const random = seededRandom(seed);
  for (let k = 0; k < TRIES; k++) {
    const { input, output, near } = draw(random, factor);
    const special = [
      near.find((one) => one.exact),
      near.find(({ above }) => above.double !== above['float32-product']),
      near.find(({ above }) => above['float32-product'] !== above.float32),
      near.find(({ above }) => above.double !== above.float32),
      near.find(({ above }) => above.double !== above.rounded),
    ];
    if (special.includes(undefined)) continue;
    const three = near[1] as Near;
    const kinds = [() => Math.fround((factor * (0.6 + random()) * output) / input), ...special.map((one) => () => (one as Near).scale), () => Math.fround(three.scale * (1 - NARROW)), () => Math.fround(three.scale * (1 + NARROW))];
    return { input, output, channels: Array.from({ length: channels }, (_, c) => (kinds[c % kinds.length] as () => number)()) };
  }
  throw new Error(`no telling scales for seed ${seed}`);
}

/** One scale for all channels, whose factor is below n * 2^-k in double and not where the product is rounded to float32. */
export function tellingScale(seed: number, factor: number): Scales {
  const random = seededRandom(seed);
  for (let k = 0; k < TRIES; k++) {
    const { input, output, near } = draw(random, factor);
    // Not a power of two itself: 16 bits would end just below it.
    const found = near.slice(1).find(({ above }) => above.double !== above['float32-product'] && above.double !== above.rounded);
    if (found !== undefined) return { input, output, channels: [found.scale] };
  }
  throw new Error(`no telling scale for seed ${seed}`);
}

function draw(random: () => number, factor: number): { input: number; output: number; near: Near[] } {
  // So few bits that the product with the quotient is still a float32.
  const mantissa = (2 ** 19 + Math.floor(random() * 2 ** 19)) * 2 + 1;
  const [input, output] = [mantissa * QUOTIENT * 2 ** -28, mantissa * 2 ** -25];
  const near = ODD.flatMap((odd): Near[] => {
    const wanted = odd * 2 ** Math.round(Math.log2(factor / odd));
    const scale = Math.fround((wanted * output) / input);
    const at = (arithmetic: ScaleArithmetic): number => productMultiplier(input, scale, output, arithmetic);
    const above = { double: at('double') >= wanted, 'float32-product': at('float32-product') >= wanted, float32: at('float32') >= wanted, rounded: Math.fround(at('double')) >= wanted };
    return [{ scale, exact: at('double') === wanted && at('float32') === wanted, above }];
  });
  return { input, output, near };
}
