import t from 'tap';
import type { Model } from '../../../model/index.ts';
import { quantizeMultiplier } from '../../../numerics/index.ts';
import { seededIntegers } from '../../../reference/fixtures/random.ts';
import { explain } from '../../explain.ts';
import type { Cause } from '../causes.ts';
import { evidenceOf } from './fixtures/device.ts';
import { productModel } from './fixtures/layers.ts';
import type { ProductOptions } from './fixtures/layers.ts';
import { naiveProduct } from './fixtures/naive-product.ts';
import type { Naive } from './fixtures/naive-product.ts';
import { arithmetic } from './index.ts';

const LAYERS: Readonly<Record<string, ProductOptions>> = {
  conv: { input: [1, 8, 7, 5], stride: [2, 2], activation: 3, outputScale: 0.05 },
  depthwise: { op: 'DEPTHWISE_CONV_2D', input: [1, 8, 7, 5], channels: 10, activation: 1 },
  dense: { op: 'FULLY_CONNECTED', input: [4, 40], channels: 12, perChannel: false, zeroPoints: [-9, 5, 4] },
};

/** Scales that are powers of two: sums then lie on ties, where roundings differ. */
const TIES: ProductOptions = { input: [1, 12, 12, 3], channels: 6, kernel: [2, 2], perChannel: false, outputScale: 0.125 };

/** Causes of rank 1 on a device with this defect; evidence without a wrong element is a mistake in the test. */
function causesOf(model: Model, spoil: (right: Naive) => Partial<Naive>, samples = 4): Cause[] {
  const evidence = evidenceOf(model, naiveProduct(model, spoil), { samples });
  if (evidence.samples.length === 0) throw new Error('the defect changes nothing');
  return explain(evidence, { hypotheses: arithmetic }).filter(({ rank }) => rank === 1).map(({ cause }) => cause);
}

const rotated = <T>(list: readonly T[]): T[] => list.map((_, i) => list[(i + 1) % list.length] as T);
const bits16 = { wrap: (sum: number) => (sum << 16) >> 16, saturate: (sum: number) => Math.max(-32768, Math.min(32767, sum)) };

const DEFECTS: readonly (readonly [Cause, (right: Naive) => Partial<Naive>, ...string[]])[] = [
  ['bias.missing', ({ bias }) => ({ bias: bias.map(() => 0) })],
  ['bias.doubled', ({ bias }) => ({ bias: bias.map((value) => 2 * value) })],
  ['bias.negated', ({ bias }) => ({ bias: bias.map((value) => -value) })],
  ['bias.shifted', ({ bias }) => ({ bias: rotated(bias) })],
  ['scales.per-tensor', ({ factors }) => ({ factors: factors.map(() => factors[0]!) }), 'conv', 'depthwise'],
  ['scales.shifted', ({ factors }) => ({ factors: rotated(factors) }), 'conv', 'depthwise'],
  ['zero-point.input', () => ({ inputZeroPoint: 0 })],
  ['zero-point.input', ({ inputZeroPoint }) => ({ inputZeroPoint: 0, fill: inputZeroPoint })],
  ['zero-point.input-sign', ({ inputZeroPoint }) => ({ inputZeroPoint: -inputZeroPoint })],
  ['zero-point.weights', () => ({ weightsZeroPoint: 0 }), 'dense'],
  ['zero-point.output', () => ({ outputZeroPoint: 0 })],
  ['zero-point.output-sign', ({ outputZeroPoint }) => ({ outputZeroPoint: -outputZeroPoint })],
  ['padding.zero', () => ({ fill: 0 }), 'conv', 'depthwise'],
  ['padding.side', ({ pad: [top, left] }) => ({ pad: [top + 1, left] }), 'conv'],
  ['padding.valid', () => ({ pad: [0, 0] }), 'depthwise'],
  ['activation.missing', () => ({ low: -128, high: 127 }), 'conv', 'depthwise'],
  ['activation.bounds', () => ({ high: 127 }), 'conv'],
  ['activation.bounds', () => ({ low: 0 }), 'depthwise'],
  ['activation.bounds', ({ outputZeroPoint }) => ({ low: outputZeroPoint }), 'dense'],
  ['activation.bounds', ({ outputZeroPoint }) => ({ high: outputZeroPoint + 6 }), 'conv'],
  ['output.wrapped', () => ({ low: -1e9, high: 1e9, store: (value) => (value << 24) >> 24 })],
  ['window.stride', () => ({ stride: [1, 1] }), 'conv'],
  ['window.stride', () => ({ stride: [1, 2] }), 'conv'],
  ['window.flipped', () => ({ weight: (c, i, j, k, [rows, columns]) => [c, rows - 1 - i, columns - 1 - j, k] }), 'conv', 'depthwise'],
  ['accumulator.wrapped', () => ({ accumulate: bits16.wrap })],
  ['accumulator.saturated', () => ({ accumulate: bits16.saturate }), 'conv', 'dense'],
];

t.test('each defect of a textbook kernel is named alone', async (t) => {
  for (const [name, options] of Object.entries(LAYERS)) {
    const model = productModel(options);
    for (const [cause, spoil, ...layers] of DEFECTS) {
      if (layers.length > 0 && !layers.includes(name)) continue;
      t.same(causesOf(model, spoil), [cause], `${cause} of ${name}: ${String(spoil)}`);
    }
  }
  const dilated = productModel({ dilation: [2, 2] });
  t.same(causesOf(dilated, () => ({ dilation: [1, 1] })), ['window.dilation']);
  const valid = productModel({ padding: 'VALID', input: [1, 9, 9, 3] });
  t.same(causesOf(valid, () => ({ pad: [1, 1] })), ['padding.valid']);
});

t.test('a window that starts elsewhere along one axis says along which', async (t) => {
  const model = productModel({ input: [1, 8, 7, 5] });
  const textsOf = (spoil: (right: Naive) => Partial<Naive>, of = model): string[] => explain(evidenceOf(of, naiveProduct(of, spoil)), { hypotheses: arithmetic }).map(({ cause, text }) => `${cause}: ${text}`);
  const valid = 'the window starts at the first element, as VALID has it, instead of in the padding';
  t.same(textsOf(({ pad: [, left] }) => ({ pad: [0, left] })), [`padding.valid: along the rows (top) ${valid}`]);
  t.same(textsOf(({ pad: [top] }) => ({ pad: [top, 0] })), [`padding.valid: along the columns (left) ${valid}`]);
  t.same(textsOf(() => ({ pad: [0, 0] })), [`padding.valid: along rows and columns ${valid}`]);
  t.same(textsOf(() => ({ pad: [1, 0] }), productModel({ padding: 'VALID', input: [1, 9, 9, 3] })), ['padding.valid: along the rows (top) the window starts in the padding, as SAME has it, instead of at the first element']);
});

t.test('biases that went to other channels after the zero point was folded into them', async (t) => {
  for (const [name, options] of Object.entries(LAYERS)) {
    for (const bias of [true, false]) {
      const model = productModel({ ...options, bias });
      const found = explain(evidenceOf(model, naiveProduct(model, (right) => ({ inputZeroPoint: 0, fill: right.inputZeroPoint, bias: rotated(folded(model, right)) }))), { hypotheses: arithmetic });
      t.same(found.map(({ cause, text }) => `${cause}: ${text}`), ['bias.shifted: each channel has the bias of the channel after it, with the zero point of the input folded in'], `${name}, ${bias ? 'with' : 'without'} bias`);
    }
  }
});

/** Bias - zero point * sum of weights, with weights read by their shape. */
function folded(model: Model, { bias, inputZeroPoint, weightsZeroPoint }: Naive): number[] {
  const operator = model.subgraphs[0]!.operators[0]!;
  const codes = new Int8Array(Uint8Array.from(model.subgraphs[0]!.tensors[operator.inputs[1]!]!.data!).buffer);
  const of = (i: number): number => (operator.name === 'DEPTHWISE_CONV_2D' ? i % bias.length : Math.floor(i / (codes.length / bias.length)));
  return bias.map((value, channel) => value - inputZeroPoint * codes.reduce((sum, code, i) => sum + (of(i) === channel ? code - weightsZeroPoint : 0), 0));
}

/** The sum times its factor, as an exact fraction of 2^31. */
const exact = (sum: bigint, factor: number): { whole: bigint; rest: bigint; n: bigint } => {
  const { multiplier, shift } = quantizeMultiplier(factor);
  const n = BigInt(31 - shift);
  const product = sum * BigInt(multiplier);
  return { whole: product >> n, rest: product - ((product >> n) << n), n };
};
const ROUNDINGS: readonly (readonly [Cause, Naive['round']])[] = [
  ['rounding.single', (sum, factor) => { const { whole, rest, n } = exact(sum, factor); return Number(whole) + (2n * rest >= 1n << n ? 1 : 0); }],
  ['rounding.float64', (sum, factor) => Math.sign(Number(sum)) * Math.floor(Math.abs(Number(sum) * factor) + 0.5)],
  ['rounding.nearest-even', (sum, factor) => { const { whole, rest, n } = exact(sum, factor); return Number(whole) + (2n * rest > 1n << n || (2n * rest === 1n << n && whole % 2n !== 0n) ? 1 : 0); }],
  ['rounding.truncation', (sum, factor) => Number(exact(sum, factor).whole)],
  ['rounding.truncation', (sum, factor) => Math.trunc(Number(sum) * factor)],
  ['rounding.multiplier-16', (sum, factor) => { const { multiplier, shift } = quantizeMultiplier(factor); return Math.floor((Number(sum) * Math.floor((multiplier + 32768) / 65536)) / 2 ** (15 - shift) + 0.5); }],
  ['rounding.neon-double', (sum, factor) => { const { multiplier, shift } = quantizeMultiplier(factor); const high = Number((sum * BigInt(multiplier) + (1n << 30n)) >> 31n); return Math.floor(high / 2 ** -shift + 0.5); }],
];

t.test('roundings, where sums lie on ties and where they do not', async (t) => {
  for (const options of [TIES, { ...TIES, perChannel: true, outputScale: 0.02, channels: 16 }]) {
    const model = productModel(options);
    for (const [cause, round] of ROUNDINGS) {
      const found = causesOf(model, () => ({ round }), 6);
      t.ok(found.includes(cause), `${cause}: ${found.join()}`);
      t.ok(found.every((other) => other.startsWith('rounding.')), 'nothing else');
    }
  }
});

t.test('a right device, noise and edits that are in no catalogue stay unexplained', async (t) => {
  const next = seededIntegers(21);
  for (const [name, options] of Object.entries(LAYERS)) {
    const model = productModel(options);
    t.equal(evidenceOf(model, naiveProduct(model, () => ({}))).samples.length, 0, `${name}: the textbook kernel is the reference`);
    const edits: readonly (readonly [string, (right: Naive) => Partial<Naive>])[] = [
      ['one weight is that of another channel', () => ({ weight: (c, i, j, k) => [c === 0 && i === 0 && j === 0 && k === 0 ? 1 : c, i, j, k] })],
      ['one bias', ({ bias }) => ({ bias: bias.map((value, c) => (c === 2 ? value + next(300, 900) : value)) })],
      ['one factor', ({ factors }) => ({ factors: factors.map((factor, c) => (c === 1 ? factor * 1.07 : factor)) })],
      ['output offset', ({ outputZeroPoint }) => ({ outputZeroPoint: outputZeroPoint + next(1, 3) })],
      ['input offset', ({ inputZeroPoint }) => ({ inputZeroPoint: inputZeroPoint - next(1, 4) })],
    ];
    for (const [what, edit] of edits) {
      const evidence = evidenceOf(model, naiveProduct(model, edit));
      t.ok(evidence.samples.length > 0, `${name}: ${what} changes something`);
      t.same(explain(evidence, { hypotheses: arithmetic }), [], `${name}: ${what}`);
    }
    const noise = evidenceOf(model, (_inputs, expected) => new Map([...expected].map(([tensor, data]) => [tensor, (data as Int8Array).map((code) => (next(0, 20) === 0 ? next(-128, 127) : code))])));
    t.same(explain(noise, { hypotheses: arithmetic }), [], `${name}: noise`);
    const small = evidenceOf(model, (_inputs, expected) => new Map([...expected].map(([tensor, data]) => [tensor, (data as Int8Array).map((code) => (next(0, 30) === 0 ? Math.max(-127, Math.min(126, code)) + (next(0, 1) === 0 ? 1 : -1) : code))])));
    t.same(explain(small, { hypotheses: arithmetic }), [], `${name}: noise of one`);
  }
});
