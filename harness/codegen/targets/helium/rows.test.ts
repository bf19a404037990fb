import t from 'tap';
import fc from 'fast-check';
import type { Operator, Tensor } from '../../../model/graph.ts';
import { requantiseDouble } from '../../../numerics/index.ts';
import type { ProductLayer } from '../../layers/products.ts';
import { channelsOf } from './channels.ts';
import { GROUP, packLiveRows, packRows, type Rows } from './rows.ts';

const layerOf = (count: number, more: Partial<ProductLayer> = {}): ProductLayer => ({
  operator: { index: 0 } as Operator, input: {} as Tensor, filter: {} as Tensor, bias: null, output: {} as Tensor,
  biases: null, factors: Array.from({ length: count }, () => ({ multiplier: 1500000000, shift: -6 })),
  inputZeroPoint: 0, outputZeroPoint: 0, low: -128, high: 127, macs: 0, slackBytes: 0, ...more,
});

const clamp = (layer: ProductLayer, value: number): number => Math.min(Math.max(value + layer.outputZeroPoint, layer.low), layer.high);

/** What the kernels compute from packed rows, written from the description in nn_mve_rows.h. */
function run(rows: Rows, x: Int8Array): number[] {
  const { layer, bytes, count, weights, factors, form } = rows;
  const output = rows.constants === null ? new Array<number>(count).fill(NaN) : [...rows.constants];
  const finish = (bias: number, shift: number, multiplier: number, dot: number): number => clamp(layer, requantiseDouble(bias + dot, multiplier, shift));
  const first = bytes % 16 === 0 ? 16 : bytes % 16;
  const each = form === 'any' ? 12 : 8;
  let w = 0;
  let at = 0;
  let place = 0;
  while (at < rows.wholeFactors) {
    const sums = [0, 0, 0, 0];
    for (let start = 0, size = first; start < bytes; start += size, size = 16) {
      for (let row = 0; row < GROUP; row += 1) for (let k = 0; k < size; k += 1) sums[row] = (sums[row] ?? 0) + (weights[w++] ?? NaN) * (x[start + k] ?? NaN);
    }
    const f = factors.slice(at, at + each);
    at += each;
    const places = rows.constants === null ? place : (factors[at++] ?? 0);
    for (let row = 0; row < GROUP; row += 1) {
      const word = f[row] ?? NaN;
      const [bias, shift] = form === 'any' ? [word, f[GROUP + row] ?? NaN] : [word >> 8, (word << 24) >> 24];
      const target = rows.constants === null ? places + row : (places >>> (8 * row)) & 255;
      output[target] = finish(bias, shift, f[each - GROUP + row] ?? NaN, sums[row] ?? NaN);
    }
    place += GROUP;
  }
  if (rows.constants === null) {
    for (; place < count; place += 1, at += 3) {
      let dot = 0;
      for (let k = 0; k < bytes; k += 1) dot += (weights[w++] ?? NaN) * (x[k] ?? NaN);
      output[place] = finish(factors[at] ?? NaN, factors[at + 1] ?? NaN, factors[at + 2] ?? NaN, dot);
    }
  }
  return output;
}

const direct = (layer: ProductLayer, weights: Int8Array, count: number, bytes: number, x: Int8Array): number[] =>
  Array.from({ length: count }, (_, row) => {
    let sum = layer.biases?.[row] ?? 0;
    for (let k = 0; k < bytes; k += 1) sum += (weights[row * bytes + k] ?? 0) * ((x[k] ?? 0) - layer.inputZeroPoint);
    const { multiplier, shift } = layer.factors[row] ?? { multiplier: 0, shift: 0 };
    return clamp(layer, requantiseDouble(sum, multiplier, shift));
  });

const code = fc.integer({ min: -128, max: 127 });
const cases = fc.record({ count: fc.integer({ min: 1, max: 40 }), bytes: fc.integer({ min: 1, max: 40 }), zero: code, out: code, relu: fc.boolean(), live: fc.integer({ min: 0, max: 4 }), seed: fc.integer() })
  .map(({ count, bytes, zero, out, relu, live, seed }) => {
    let state = seed | 1;
    const next = (n: number): number => ((state = Math.imul(state ^ (state >>> 13), 0x5bd1e995) + 0x6d2b79f5) >>> 8) % n;
    const pruned = Array.from({ length: count }, () => next(4) >= live);
    const weights = Int8Array.from({ length: count * bytes }, (_, at) => (pruned[Math.floor(at / bytes)] === true ? 0 : next(255) - 127));
    const biases = Int32Array.from({ length: count }, (_, row) => (pruned[row] === true ? (next(2) * 2 - 1) * 2 ** 29 : next(40000) - 20000));
    const factors = pruned.map((dead) => ({ multiplier: 2 ** 30 + next(2 ** 24) * 63, shift: dead ? -24 : -4 - next(6) }));
    const layer = layerOf(count, { biases, factors, inputZeroPoint: zero, outputZeroPoint: out, low: relu ? out : -128 });
    return { layer, weights, count, bytes, x: Int8Array.from({ length: bytes }, () => next(256) - 128) };
  });

t.test('property: packed rows give the outputs of the layer, dense or without constant channels', async (t) => {
  const seen = { dense: 0, sparse: 0 };
  fc.assert(fc.property(cases, ({ layer, weights, count, bytes, x }) => {
    const channels = channelsOf(layer, weights, count, bytes);
    const expected = direct(layer, weights, count, bytes, x).join();
    const live = packLiveRows(layer, channels);
    seen[live.constants === null ? 'dense' : 'sparse'] += 1;
    return run(packRows(layer, channels), x).join() === expected && run(live, x).join() === expected;
  }), { numRuns: 400 });
  t.ok(seen.dense > 40 && seen.sparse > 40, `${seen.dense} dense, ${seen.sparse} sparse`);
});

t.test('a channel is constant if its least and greatest sums give one code', async (t) => {
  const layer = layerOf(4, { biases: Int32Array.from([2 ** 29, 100, 2 ** 29, 0]), factors: [-24, -6, -24, -6].map((shift) => ({ multiplier: 2 ** 30, shift })) });
  const constants = channelsOf(layer, Int8Array.from([0, 1, 127, 0]), 4, 1).map(({ constant }) => constant);
  t.same(constants, [16, null, 16, 0]);
  const channels = channelsOf(layer, Int8Array.from([0, 1, 127, 0]), 4, 1);
  t.ok(channels.every(({ constant, weights }) => constant === null || weights[0] === 0), 'constant channels have no weights');
  t.ok(channels.every(({ bias }) => Math.abs(bias) < 2 ** 23), 'nor large biases');
});

t.test('bias and shift share a word only where the bias has 24 bits', async (t) => {
  const weights = new Int8Array(4).fill(127);
  const form = (bias: number, more: Partial<ProductLayer> = {}): string => {
    const layer = layerOf(4, { biases: new Int32Array(4).fill(bias), ...more });
    return packRows(layer, channelsOf(layer, weights, 4, 1)).form;
  };
  const coarse = Array.from({ length: 4 }, () => ({ multiplier: 2 ** 30, shift: -16 }));
  t.equal(form(2 ** 23 - 1, { factors: coarse }), 'signed');
  t.equal(form(2 ** 23 + 2 ** 16, { factors: coarse }), 'any');
  t.equal(form(0), 'signed');
  t.equal(form(0, { low: 0 }), 'relu');
  t.equal(form(0, { factors: coarse.map((factor) => ({ ...factor, shift: 1 })) }), 'any');
});
