import t from 'tap';
import type { Model } from '../../../model/index.ts';
import { seededIntegers } from '../../../reference/fixtures/random.ts';
import { explain } from '../../explain.ts';
import type { Cause } from '../causes.ts';
import { evidenceOf } from './fixtures/device.ts';
import type { Device } from './fixtures/device.ts';
import { binaryModel, meanModel, padModel, poolModel, unaryModel } from './fixtures/layers.ts';
import { roundTwice } from './fixtures/naive-product.ts';
import { arithmetic } from './index.ts';

const limit = (value: number, least = -128, greatest = 127): number => Math.min(greatest, Math.max(least, value));

/** A device of plain arithmetic: codes of the operands in, codes of the output out. */
const device = (work: (...operands: number[][]) => number[]): Device => (inputs, expected) =>
  new Map([...expected.keys()].map((tensor) => [tensor, Int16Array.from(work(...[...inputs.values()].map((data) => [...(data as Int8Array)])))]));

function causesOf(model: Model, work: (...operands: number[][]) => number[], samples = 4): Cause[] {
  const evidence = evidenceOf(model, device(work), { samples });
  if (evidence.samples.length === 0) throw new Error('the defect changes nothing');
  return explain(evidence, { hypotheses: arithmetic }).map(({ cause }) => cause);
}

/** ADD and SUB as they are written down: both operands on a common scale with 20 more bits, then the result. */
interface Sum { store: (value: number) => number; za: number; zb: number; zy: number; low: number; high: number; sign: number; round: (sum: bigint, factor: number) => number }
const sums = (spoil: Partial<Sum>) => (a: number[], b: number[]): number[] => {
  const [sa, sb, sy] = [0.05, 0.03, 0.06].map(Math.fround) as [number, number, number];
  const { za, zb, zy, low, high, sign, round, store } = { store: (value: number) => value, za: -7, zb: 4, zy: 9, low: -128, high: 127, sign: 1, round: roundTwice, ...spoil };
  const twice = 2 * Math.max(sa, sb);
  return a.map((x, i) => {
    const left = round(BigInt((x - za) * 2 ** 20), sa / twice);
    const right = round(BigInt((b[i]! - zb) * 2 ** 20), sb / twice);
    return store(limit(round(BigInt(left + sign * right), twice / (2 ** 20 * sy)) + zy, low, high));
  });
};
const floored = (sum: bigint, factor: number): number => Math.floor(Number(sum) * factor);
const nearest = (sum: bigint, factor: number): number => Math.sign(Number(sum)) * Math.floor(Math.abs(Number(sum) * factor) + 0.5);

t.test('ADD and SUB', async (t) => {
  for (const [op, sign] of [['ADD', 1], ['SUB', -1]] as const) {
    const model = binaryModel(op);
    t.equal(evidenceOf(model, device(sums({ sign }))).samples.length, 0, 'the plain arithmetic is the reference');
    for (const [cause, spoil] of [
      ['zero-point.input', { za: 0 }], ['zero-point.input', { zb: 0 }], ['zero-point.input-sign', { za: 7 }], ['zero-point.output', { zy: 0 }],
      ['output.wrapped', { low: -1e9, high: 1e9, store: (value: number) => (value << 24) >> 24 }], ['activation.bounds', { low: 9 }], ['rounding.truncation', { round: floored }],
    ] as const) t.same(causesOf(model, sums({ sign, ...spoil })), [cause], `${op} ${cause} ${JSON.stringify(spoil)}`);
    t.ok(causesOf(model, sums({ sign, round: nearest })).includes('rounding.float64'));
    t.same(causesOf(binaryModel(op, 1), sums({ sign })), ['activation.missing']);
    t.same(causesOf(binaryModel(op, 3), sums({ sign, low: 9 })), ['activation.bounds']);
    t.same(causesOf(binaryModel(op, 1), sums({ sign, low: 9, zy: 0 })), ['zero-point.output'], 'the bounds have it');
    t.same(causesOf(binaryModel(op, 1), sums({ sign, low: 9, zb: 8 })), ['zero-point.doubled']);
  }
});

t.test('MUL, and a sum that is computed in float32', async (t) => {
  const product = (za: number, zb: number, round = roundTwice) => (a: number[], b: number[]): number[] =>
    a.map((x, i) => limit(round(BigInt((x - za) * (b[i]! - zb)), (Math.fround(0.05) * Math.fround(0.03)) / Math.fround(0.04)) + 9));
  t.equal(evidenceOf(binaryModel('MUL'), device(product(-7, 4))).samples.length, 0);
  t.same(causesOf(binaryModel('MUL'), product(-7, 0)), ['zero-point.input']);
  t.same(causesOf(binaryModel('MUL'), product(-7, 4, floored)), ['rounding.truncation']);
  const [f, sa, sb, sy] = [Math.fround, Math.fround(0.05), Math.fround(0.03), Math.fround(0.06)];
  const inFloat = (a: number[], b: number[]): number[] => a.map((x, i) => {
    const steps = f(f(f(sa * (x + 7)) + f(sb * (b[i]! - 4))) / sy);
    return limit(Math.sign(steps) * Math.floor(Math.abs(steps) + 0.5) + 9);
  });
  t.same(causesOf(binaryModel('ADD'), inFloat), ['rounding.float32']);
});

/** 3 x 3 windows with stride 2 over [9, 8, 5], one column of padding after the last (or before the first). */
const pooled = (of: (inside: number[]) => number, { stride = [2, 2], left = 0, low = -128 } = {}) => (x: number[]): number[] => {
  const result: number[] = [];
  for (let row = 0; row < 5; row++) for (let column = 0; column < 4; column++) for (let c = 0; c < 5; c++) {
    const inside: number[] = [];
    for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) {
      const [y, z] = [row * stride[0]! + i - 1, column * stride[1]! + j - left];
      if (y >= 0 && y < 9 && z >= 0 && z < 8) inside.push(x[(y * 8 + z) * 5 + c]!);
    }
    result.push(limit(of(inside), low));
  }
  return result;
};
const total = (codes: number[]): number => codes.reduce((sum, code) => sum + code, 0);
const mean = (codes: number[]): number => Math.sign(total(codes)) * Math.floor((Math.abs(total(codes)) + Math.floor(codes.length / 2)) / codes.length);

t.test('pools', async (t) => {
  const average = poolModel('AVERAGE_POOL_2D');
  t.equal(evidenceOf(average, device(pooled(mean))).samples.length, 0, 'the plain arithmetic is the reference');
  for (const [cause, work] of [
    ['pool.rounding', pooled((codes) => Math.trunc(total(codes) / codes.length))], ['pool.rounding', pooled((codes) => Math.floor(total(codes) / codes.length))],
    ['pool.rounding', pooled((codes) => Math.floor(total(codes) / codes.length + 0.5))],
    ['pool.count', pooled((codes) => Math.sign(total(codes)) * Math.floor((Math.abs(total(codes)) + 4) / 9))],
    ['padding.side', pooled(mean, { left: 1 })], ['window.stride', pooled(mean, { stride: [1, 1] })], ['activation.bounds', pooled(mean, { low: -20 })],
    ['accumulator.wrapped', pooled((codes) => { const sum = codes.reduce((s, code) => ((s + code) << 24) >> 24, 0); return Math.sign(sum) * Math.floor((Math.abs(sum) + Math.floor(codes.length / 2)) / codes.length); })],
  ] as const) t.same(causesOf(average, work), [cause], `${cause} ${String(work)}`);
  const greatest = poolModel('MAX_POOL_2D');
  t.equal(evidenceOf(greatest, device(pooled((codes) => Math.max(...codes)))).samples.length, 0);
  t.same(causesOf(greatest, pooled((codes) => Math.max(...codes), { left: 1 })), ['padding.side']);
  t.same(causesOf(greatest, pooled((codes) => Math.max(...codes), { stride: [2, 1] })), ['window.stride']);
  t.same(causesOf(greatest, pooled((codes) => Math.max(...codes, ...(codes.length < 9 ? [0] : []))), 6), ['padding.zero']);
});

t.test('MEAN and PAD', async (t) => {
  const means = (zero: number, round: typeof roundTwice) => (x: number[]): number[] => Array.from({ length: 240 }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < 6; k++) sum += x[(Math.floor(i / 30) * 6 + k) * 30 + (i % 30)]! - zero;
    return limit(round(BigInt(sum), Math.fround(0.05) / Math.fround(0.03) / 6) - 3);
  });
  t.equal(evidenceOf(meanModel(), device(means(-7, roundTwice))).samples.length, 0);
  t.same(causesOf(meanModel(), means(0, roundTwice)), ['zero-point.input']);
  t.same(causesOf(meanModel(), means(-7, floored)), ['rounding.truncation']);
  const padded = (fill: number) => (x: number[]): number[] => Array.from({ length: 360 }, (_, i) => {
    const [row, column, c] = [Math.floor(i / 45) - 1, (Math.floor(i / 5) % 9) - 1, i % 5];
    return row >= 0 && row < 6 && column >= 0 && column < 6 ? x[(row * 6 + column) * 5 + c]! : fill;
  });
  t.equal(evidenceOf(padModel(), device(padded(-7))).samples.length, 0);
  t.same(causesOf(padModel(), padded(0)), ['padding.zero']);
  t.same(causesOf(padModel(), padded(-128)), ['padding.value']);
  t.same(causesOf(padModel(), padded(-33)), [], 'a code that nothing suggests');
});

t.test('functions: computed otherwise, of another argument', async (t) => {
  const curve = (scale: number, zero: number, f: (x: number) => number, output: number, zeroPoint: number, round = Math.round) => (codes: number[]): number[] =>
    codes.map((code) => limit(round(f(scale * (code - zero)) / output) + zeroPoint));
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  const logistic = unaryModel('LOGISTIC', [0.05, -7], [1 / 256, -128]);
  t.equal(evidenceOf(logistic, device(curve(0.05, -7, sigmoid, 1 / 256, -128))).samples.length, 0, 'the plain arithmetic is the reference');
  t.same(causesOf(logistic, curve(0.05, -7, sigmoid, 1 / 256, -128, Math.floor)), ['table.other']);
  t.same(causesOf(logistic, curve(0.05, 0, sigmoid, 1 / 256, -128)), ['zero-point.input']);
  const softmax = (beta: number, round: (x: number) => number) => (codes: number[]): number[] => codes.map((code, i) => {
    const row = codes.slice(i - (i % 10), i - (i % 10) + 10);
    return limit(round((256 * Math.exp(0.1 * beta * (code - 127))) / total(row.map((other) => Math.exp(0.1 * beta * (other - 127))))) - 128);
  });
  t.same(causesOf(unaryModel('SOFTMAX', [0.1, -7], [1 / 256, -128], { beta: 0.5 }), softmax(0.5, Math.floor)), ['table.other']);
  t.same(causesOf(logistic, curve(0.05, -7, (x) => Math.min(1, Math.max(0, x / 6 + 0.5)), 1 / 256, -128)), ['table.other']);
  t.same(causesOf(logistic, curve(0.05, -7, (x) => sigmoid(1.1 * x), 1 / 256, -128)), [], 'a slope that nothing suggests');
  t.same(causesOf(unaryModel('TANH', [0.03, -7], [1 / 128, 0]), curve(0.03, -7, (x) => x / (1 + Math.abs(x)), 1 / 128, 0)), ['table.other']);
  t.same(causesOf(unaryModel('SOFTMAX', [0.1, -7], [1 / 256, -128], { beta: 1 }), softmax(Math.LN2, Math.round)), ['table.other']);
  const relu = unaryModel('RELU', [0.05, -7], [0.05, -7]);
  t.same(causesOf(relu, (codes) => codes), ['activation.missing']);
  t.same(causesOf(relu, (codes) => codes.map((code) => Math.max(0, code))), ['activation.bounds']);
  const rescaled = (codes: number[]): number[] => codes.map((code) => limit(Math.trunc(((code + 7) * 0.05) / 0.03) + 5));
  t.same(causesOf(unaryModel('QUANTIZE', [0.05, -7], [0.03, 5]), rescaled), ['rounding.truncation']);
});

t.test('noise stays unexplained', async (t) => {
  const next = seededIntegers(3);
  for (const model of [binaryModel('ADD'), binaryModel('MUL', 1), poolModel('AVERAGE_POOL_2D'), meanModel(), padModel(), unaryModel('SOFTMAX', [0.1, -7], [1 / 256, -128], { beta: 0.5 }), unaryModel('LOGISTIC', [0.05, -7], [1 / 256, -128])]) {
    for (const rate of [3, 30]) {
      for (const size of [1, 90]) {
        const noisy: Device = (_inputs, expected) => new Map([...expected].map(([tensor, data]) => [tensor, (data as Int8Array).map((code) => (next(0, rate) === 0 ? limit(code + next(-size, size)) : code))]));
        const evidence = evidenceOf(model, noisy);
        t.ok(evidence.samples.length > 0);
        t.same(explain(evidence, { hypotheses: arithmetic }), [], `${evidence.layer.op}, one in ${rate + 1} by up to ${size}`);
      }
    }
  }
});
