import t from 'tap';
import { requantiseDouble } from '../../../numerics/index.ts';
import type { ProductLayer } from '../../layers/products.ts';
import { chunksFit, packChannels } from './channels.ts';
import { delayOf } from './depthwise-3x3.ts';

const layer = (fields: Partial<ProductLayer>): ProductLayer => ({
  operator: { index: 0 } as ProductLayer['operator'], input: {} as ProductLayer['input'], filter: {} as ProductLayer['filter'], bias: null, output: {} as ProductLayer['output'],
  biases: null, factors: [{ multiplier: 2 ** 30 + 12345, shift: -5 }], inputZeroPoint: 3, outputZeroPoint: -7, low: -128, high: 127, macs: 0, slackBytes: 0, ...fields,
});
const rows = Int8Array.of(1, -2, 3, 100, 127, -127);

t.test('factor and bias of each channel, with and without the zero point folded in', (t) => {
  const packed = packChannels(layer({ biases: Int32Array.of(10, -20) }), rows, 2, true);
  const factor = { multiplier: 2 ** 30 + 12345, shift: -5 };
  t.same(packed?.channels, [{ factor, start: 10 - 3 * 2, bias: 10, settled: false }, { factor, start: -20 - 3 * 100, bias: -20, settled: false }]);
  t.same(packed?.rows, rows);
  t.equal(packed?.codes, '{-13, -128, 127}');
  t.end();
});

t.test('a channel that always gives one code', (t) => {
  const vanishing = { multiplier: 0x7654321f, shift: -29 };
  const constant = layer({ biases: Int32Array.of(2 ** 30, 0, 5), factors: [vanishing, vanishing, { multiplier: 2 ** 30, shift: -5 }] });
  const weights = Int8Array.of(0, 0, 0, 1, 2, 3, 4, 5, 6);
  const code = requantiseDouble(2 ** 30, vanishing.multiplier, vanishing.shift);
  t.not(code, 0);
  t.test('has no row', (t) => {
    const packed = packChannels(constant, weights, 3, true);
    t.same(packed?.channels.slice(0, 2), [code - 7, -7], 'the weights of the second are of no effect either');
    t.same(packed?.rows, Int8Array.of(4, 5, 6));
    t.end();
  });
  t.test('or gets other numbers for it, where a kernel needs all rows', (t) => {
    const packed = packChannels(constant, weights, 3, false);
    t.same(packed?.channels[0], { factor: { multiplier: 2 ** 30, shift: -1 }, start: 4 * code, bias: 4 * code, settled: true });
    t.equal(requantiseDouble(4 * code, 2 ** 30, -1), code, 'the same code');
    t.same(packed?.rows, Int8Array.of(0, 0, 0, 0, 0, 0, 4, 5, 6));
    t.end();
  });
  t.test('and one of them is kept where there are no others', (t) => {
    const packed = packChannels(layer({ factors: [vanishing, vanishing] }), weights.subarray(0, 6), 2, true);
    t.equal(packed?.channels[0], -7);
    t.match(packed?.channels[1], { settled: true });
    t.equal(packed?.rows.length, 3);
    t.end();
  });
  t.end();
});

t.test('what does not fit', (t) => {
  t.equal(packChannels(layer({ factors: [{ multiplier: 2 ** 30, shift: 0 }] }), rows, 2, true), null, 'a factor of 1/2');
  t.equal(packChannels(layer({ biases: Int32Array.of(2 ** 26 + 2 ** 20, 0), factors: [{ multiplier: 2 ** 30, shift: -20 }] }), rows, 2, true), null, 'a bias of 27 bits, just between two codes');
  t.end();
});

t.test('two neighbours of -128 do not keep their sums apart', (t) => {
  t.ok(chunksFit(Int8Array.of(-128, 127, 127, 127, -128, 5), 3));
  t.notOk(chunksFit(Int8Array.of(-128, -128), 2));
  t.ok(chunksFit(Int8Array.of(1, -128, -128), 3), 'not in one chunk');
  t.ok(chunksFit(Int8Array.of(1, 2, -128, -128, 3, 4), 3), 'odd rows begin a new chunk');
  t.end();
});

t.test('outputs in the place of inputs wait until no window reads those', (t) => {
  const square = (inputHeight: number, inputWidth: number, outputHeight: number, outputWidth: number, stride: number, pad: number) =>
    ({ inputHeight, inputWidth, outputHeight, outputWidth, strideHeight: stride, strideWidth: stride, padTop: pad, padLeft: pad });
  t.equal(delayOf(square(25, 5, 25, 5, 1, 1)), 6, 'a row and a pixel');
  t.equal(delayOf(square(4, 4, 2, 2, 2, 0)), 0, 'not of the same size');
  t.equal(delayOf(square(1, 1, 1, 1, 1, 1)), 1);
  t.equal(delayOf(square(1, 3, 1, 3, 1, 1)), 1, 'a window reads no further back than its own pixel less one');
  for (const window of [square(5, 4, 5, 4, 1, 1), square(2, 7, 2, 7, 1, 2), square(3, 3, 3, 3, 2, 2)]) t.ok(isEnough(window, delayOf(window)) && !isEnough(window, delayOf(window) - 1), JSON.stringify(window));
  t.end();
});

/** Whether no window reads a pixel that has been written, played through. */
function isEnough(w: Parameters<typeof delayOf>[0], delay: number): boolean {
  let written = 0;
  for (let at = 0; at < w.outputHeight * w.outputWidth; at += 1) {
    const [y, x] = [Math.floor(at / w.outputWidth) * w.strideHeight - w.padTop, (at % w.outputWidth) * w.strideWidth - w.padLeft];
    for (let tap = 0; tap < 9; tap += 1) {
      const [row, column] = [y + Math.floor(tap / 3), x + (tap % 3)];
      if (row >= 0 && row < w.inputHeight && column >= 0 && column < w.inputWidth && row * w.inputWidth + column < written) return false;
    }
    if (at >= delay) written += 1;
  }
  return true;
}
