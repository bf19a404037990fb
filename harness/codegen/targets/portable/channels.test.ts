import t from 'tap';
import { requantiseDouble } from '../../../numerics/index.ts';
import type { ProductLayer } from '../../layers/products.ts';
import { chunksFit, packChannels } from './channels.ts';

const layer = (fields: Partial<ProductLayer>): ProductLayer => ({
  operator: { index: 0 } as ProductLayer['operator'], input: {} as ProductLayer['input'], filter: {} as ProductLayer['filter'], bias: null, output: {} as ProductLayer['output'],
  biases: null, factors: [{ multiplier: 2 ** 30 + 12345, shift: -5 }], inputZeroPoint: 3, outputZeroPoint: -7, low: -128, high: 127, macs: 0, slackBytes: 0, ...fields,
});
const rows = Int8Array.of(1, -2, 3, 100, 127, -127);

t.test('multiplier, bias with the zero point folded in, and shift of each channel', (t) => {
  const packed = packChannels(layer({ biases: Int32Array.of(10, -20) }), rows, 2);
  t.same(packed?.words, [2 ** 30 + 12345, 32 * (10 - 3 * 2) + 4, 2 ** 30 + 12345, 32 * (-20 - 3 * 100) + 4]);
  t.same(packed?.rows, rows);
  t.equal(packed?.codes, '{-13, -128, 127}');
  t.end();
});

t.test('a channel that always gives one code gets other numbers for it', (t) => {
  const factor = { multiplier: 0x7654321f, shift: -29 };
  const packed = packChannels(layer({ biases: Int32Array.of(2 ** 30, 0), factors: [factor, factor] }), Int8Array.of(0, 0, 0, 1, 2, 3), 2);
  const code = requantiseDouble(2 ** 30, factor.multiplier, factor.shift);
  t.not(code, 0);
  t.same(packed?.words.slice(0, 2), [2 ** 30, 32 * 4 * code]);
  t.equal(requantiseDouble(4 * code, 2 ** 30, -1), code, 'the same code');
  t.same([...(packed?.rows ?? [])], [0, 0, 0, 0, 0, 0], 'the weights of the second are of no effect either');
  t.end();
});

t.test('what does not fit', (t) => {
  t.equal(packChannels(layer({ factors: [{ multiplier: 2 ** 30, shift: 0 }] }), rows, 2), null, 'a factor of 1/2');
  t.equal(packChannels(layer({ biases: Int32Array.of(2 ** 26 + 2 ** 20, 0), factors: [{ multiplier: 2 ** 30, shift: -20 }] }), rows, 2), null, 'a bias of 27 bits, just between two codes');
  t.end();
});

t.test('two neighbours of -128 do not keep their sums apart', (t) => {
  t.ok(chunksFit(Int8Array.of(-128, 127, 127, 127, -128, 5), 3));
  t.notOk(chunksFit(Int8Array.of(-128, -128), 2));
  t.ok(chunksFit(Int8Array.of(1, -128, -128), 3), 'not in one chunk');
  t.ok(chunksFit(Int8Array.of(1, 2, -128, -128, 3, 4), 3), 'odd rows begin a new chunk');
  t.end();
});
