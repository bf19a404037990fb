import { Padding, windowAxis } from '../../../../numerics/index.ts';
import type { Hypothesis } from '../../hypothesis.ts';
import type { Pair } from '../product/product.ts';
import { oddSides, startsAsSame, startsAsValid, wrongPairs } from '../window-axes.ts';
import { poolHypothesis } from './pool.ts';
import type { Pool, PoolVariant } from './pool.ts';

const reach = (pool: Pool, axis: keyof Pair): number => (pool.output[axis] - 1) * pool.stride[axis] + pool.kernel[axis] - pool.input[axis];
const isPadded = (pool: Pool): boolean => Math.max(reach(pool, 'height'), reach(pool, 'width')) > 0;

const count = poolHypothesis('pool.count', (pool, { zeroPoint }) => (!pool.isMean || !isPadded(pool) ? [] : [
  { text: 'divides by all positions of the window, also those outside the image', alternatives: 2, change: { countsAll: true } },
  { text: 'positions outside the image count as the zero point', alternatives: 2, change: { padding: zeroPoint } },
]));

const zero = poolHypothesis('padding.zero', (pool) => (pool.isMean || !isPadded(pool) ? [] : [
  { text: 'positions outside the image count as the code 0', alternatives: 1, change: { padding: 0 } },
]));

const half = (value: number): number => Math.floor(value + 0.5);
const even = (value: number): number => (value % 1 === 0.5 || value % 1 === -0.5 ? 2 * Math.round(value / 2) : Math.round(value));

/** About the code 0, and about the zero point. */
const rounding = poolHypothesis('pool.rounding', (pool, { zeroPoint }) => {
  if (!pool.isMean) return [];
  const ways: readonly (readonly [string, (sum: number, count: number) => number])[] = [
    ['the mean is cut off towards zero', (sum, n) => Math.trunc(sum / n)],
    ['the mean is cut off downwards', (sum, n) => Math.floor(sum / n)],
    ['the mean rounds ties upwards', (sum, n) => half(sum / n)],
    ['the mean rounds ties to even', (sum, n) => even(sum / n)],
    ['half the count is added whatever the sign, then the mean is cut off', (sum, n) => Math.trunc((sum + Math.trunc(n / 2)) / n)],
    ['half the count is added whatever the sign, then the mean is cut off downwards', (sum, n) => Math.floor((sum + Math.trunc(n / 2)) / n)],
    ['the mean is rounded about the zero point, ties away from it', (sum, n) => zeroPoint + Math.sign(sum - n * zeroPoint) * half(Math.abs(sum - n * zeroPoint) / n)],
    ['the mean is cut off towards the zero point', (sum, n) => zeroPoint + Math.trunc((sum - n * zeroPoint) / n)],
    ['the mean rounds up', (sum, n) => Math.ceil(sum / n)],
  ];
  return ways.map(([text, divide]) => ({ text, alternatives: ways.length, change: { divide } }));
});

const side = poolHypothesis('padding.side', (pool, facts) => (facts.padding !== Padding.SAME ? [] : oddSides(Math.max(0, reach(pool, 'height')), Math.max(0, reach(pool, 'width'))))
  .map(({ text, height, width }) => ({ text, alternatives: 3, change: { pad: { height: pool.pad.height + height, width: pool.pad.width + width } } })));

const valid = poolHypothesis('padding.valid', (pool, facts) => {
  const same = (axis: keyof Pair): number => windowAxis(Padding.SAME, pool.input[axis], pool.kernel[axis], pool.stride[axis]).padBefore;
  const starts = facts.padding === Padding.SAME ? startsAsValid(pool.pad) : startsAsSame(pool.pad, { height: same('height'), width: same('width') });
  return starts.map(({ text, pad }) => ({ text, alternatives: 3, change: { pad } }));
});

const stride = poolHypothesis('window.stride', (pool, facts) => wrongPairs(pool.stride, 'stride').flatMap(([text, pair], _, { length }): PoolVariant[] => {
  const before = (axis: keyof Pair): number => windowAxis(facts.padding, pool.input[axis], pool.kernel[axis], pair[axis]).padBefore;
  const pad = { height: before('height'), width: before('width') };
  const pads = pad.height === pool.pad.height && pad.width === pool.pad.width ? [pad] : [pool.pad, pad];
  return pads.map((chosen) => ({ text, alternatives: 2 * length, change: { stride: pair, pad: chosen } }));
}));

const incomplete = poolHypothesis('window.incomplete', ({ kernel }) => [
  ...(kernel.height > 1 ? [{ text: 'the last row of the window is left out', change: { kernel: { ...kernel, height: kernel.height - 1 } } }] : []),
  ...(kernel.width > 1 ? [{ text: 'the last column of the window is left out', change: { kernel: { ...kernel, width: kernel.width - 1 } } }] : []),
].map((variant) => ({ ...variant, alternatives: 2 })));

const saturate = (bits: number) => (sum: number): number => Math.max(-(2 ** (bits - 1)), Math.min(2 ** (bits - 1) - 1, sum));
const wrap = (bits: number) => (sum: number): number => sum - 2 ** bits * Math.floor(sum / 2 ** bits + 0.5);
const WIDTHS = [8, 16] as const;

const saturated = poolHypothesis('accumulator.saturated', ({ isMean }) => (isMean ? WIDTHS : []).map((bits) => ({ text: `the sum saturates at ${bits} bits`, alternatives: 2, change: { narrow: saturate(bits) } })));
const wrapped = poolHypothesis('accumulator.wrapped', ({ isMean }) => (isMean ? WIDTHS : []).map((bits) => ({ text: `the sum wraps around at ${bits} bits`, alternatives: 2, change: { narrow: wrap(bits) } })));

export const pools: readonly Hypothesis[] = [count, rounding, zero, side, valid, stride, incomplete, saturated, wrapped];
