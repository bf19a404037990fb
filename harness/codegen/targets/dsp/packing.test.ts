/** What the kernels for 16-bit SIMD read: pairs of weights, factors in the fewest bytes, and channels of constant code. */
import t from 'tap';
import { productMultiplier, quantizeMultiplier } from '../../../numerics/index.ts';
import type { ProductLayer } from '../../layers/products.ts';
import { planChannels } from './channels.ts';
import { packFactors, packingOf } from './factors.ts';
import { fourRows, oneRow, pairsWord } from './weights.ts';

const layerOf = (input: number, scales: readonly number[], output: number, rest: Partial<ProductLayer> = {}): ProductLayer => ({
  input: { quantisation: { scale: [input] } }, output: { quantisation: { scale: [output] } }, filter: { quantisation: { scale: scales } },
  factors: scales.map((scale) => quantizeMultiplier(productMultiplier(Math.fround(input), Math.fround(scale), Math.fround(output), 'double'))),
  biases: null, inputZeroPoint: 3, outputZeroPoint: -5, low: -128, high: 127, ...rest,
}) as unknown as ProductLayer;

t.test('a pair is 256 a + b in 16 bits', (t) => {
  t.equal(pairsWord([1, 2, 3, 4]), (0x0304 * 0x10000 + 0x0102));
  t.equal(pairsWord([-1, -1, 127, -128]), 0x7e80feff);
  t.equal(pairsWord([-128, -1, 0, 0]), null, 'no 16 bits');
  t.same(fourRows([[1, 2, 3, 4, 5], [0, 0, 0, 0, 6], [0, 0, 0, 0, 7], [0, 0, 0, 0, -1]].map((row) => Int8Array.from(row))), [0x03040102, 0, 0, 0, 0xff070605]);
  t.same(oneRow(Int8Array.from([0, 0, 0, 1, -2, 3])), [0x00010000, 0x03fe]);
  t.end();
});

t.test('every factor comes back from the mantissa of its scale', (t) => {
  let seed = 1;
  const random = (): number => (seed = (seed * 48271) % 0x7fffffff) / 0x7fffffff;
  for (let k = 0; k < 200; k += 1) {
    const [input, output] = [Math.fround(random() + 0.001), Math.fround(random() + 0.001)];
    const scales = Array.from({ length: 50 }, () => Math.fround(random() * output / input / 8));
    const layer = layerOf(input, scales, output);
    t.ok(packFactors(layer, layer.factors.map(({ shift }) => -shift)) !== null, `input ${input}, output ${output}`);
  }
  const one = layerOf(0.1, [Math.fround(0.01)], 0.2);
  t.equal(packFactors({ ...one, factors: [{ multiplier: (one.factors[0]?.multiplier ?? 0) + 1, shift: -8 }] }, [8]), null, 'a factor of other arithmetic');
  t.end();
});

t.test('a channel takes 5 bytes and more as its start asks for', (t) => {
  const factors = { packed: [{ mantissa: 0, n: 5 }, { mantissa: 1, n: 8 }], high: 0, low: 0, constantMultiplier: 0 };
  t.same(packingOf(factors, [16383, -16384]), { size: 5, bits: 2, least: 5 });
  t.same(packingOf(factors, [16384, 0]), { size: 6, bits: 2, least: 5 });
  t.same(packingOf(factors, [2 ** 31 - 1, -(2 ** 31)]), { size: 8, bits: 2, least: 5 });
  t.end();
});

t.test('sums that are too long, and channels that are constant', (t) => {
  const row = Int8Array.from([127, -127, 5]);
  const scales = [0.01, 0.01].map(Math.fround);
  const fine = planChannels(layerOf(0.1, scales, 0.2), [row, row], true, 24);
  t.same(fine?.start, [-3 * 5, -3 * 5]);
  t.equal(planChannels(layerOf(0.1, scales, 0.2, { biases: Int32Array.of(0, 2 ** 23) }), [row, row], true, 24)?.rows[1]?.every((w) => w === 0), true, 'always 127');
  t.equal(planChannels(layerOf(1e-3, [scales[0] ?? 0, 1e-7].map(Math.fround), 0.2, { biases: Int32Array.of(0, 2 ** 30) }), [row, row], true, 24)?.changed, true, 'a bias beyond all bounds');
  t.equal(planChannels(layerOf(0.1, [scales[0] ?? 0, 4].map(Math.fround), 0.2), [row, row], true, 24), null, 'a factor of more than 1/4');
  t.end();
});
