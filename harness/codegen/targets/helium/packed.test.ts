import t from 'tap';
import fc from 'fast-check';
import type { Operator, Tensor } from '../../../model/graph.ts';
import { clamp, productMultiplier, requantiseDouble } from '../../../numerics/index.ts';
import type { ProductLayer } from '../../layers/products.ts';
import { requant } from '../../quantised.ts';
import { channelsOf } from './channels.ts';
import { exceeds, packChannels, type Packed } from './packed.ts';

const tensorOf = (...scale: number[]): Tensor => ({ quantisation: { scale: scale.map(Math.fround), zeroPoint: [0], axis: 0 } }) as unknown as Tensor;

function layerOf(inputScale: number, weightScales: readonly number[], outputScale: number, more: Partial<ProductLayer>): ProductLayer {
  const [input, filter, output] = [tensorOf(inputScale), tensorOf(...weightScales), tensorOf(outputScale)];
  const factors = weightScales.map((scale) => requant(productMultiplier(Math.fround(inputScale), Math.fround(scale), Math.fround(outputScale), 'double'), 'factor'));
  return { operator: { index: 0 } as Operator, input, filter, bias: null, output, biases: null, factors, inputZeroPoint: 0, outputZeroPoint: 0, low: -128, high: 127, macs: 0, slackBytes: 0, ...more };
}

/** What nn_mve_unpack() makes of the channel in a place, in the same steps of 32 bits. */
function unpack({ words, rests, factors, packing }: Packed, place: number, sum: number, zeroPoint: number): { start: number; shift: number; multiplier: number } {
  const word = words[place] ?? 0;
  const n = (word << (9 - packing.bits)) >>> 0 >>> (32 - packing.bits);
  const whole = ((rests[place] ?? 0) << (9 - packing.bits)) | (word >>> 23 >>> packing.bits);
  const joined = ((whole << 8) - (packing.bits === 0 ? 0 : n) + 256 - packing.least - 256 * zeroPoint * sum) | 0;
  const mantissa = BigInt(((word << 8) | 0x80000000) >>> 0);
  const high = (mantissa * BigInt(factors.high)) >> 32n;
  const half = (((mantissa * BigInt(factors.high)) & 0xffffffffn) + ((mantissa * BigInt(factors.low)) >> 32n)) >> 1n;
  const longer = high + (half >> 31n);
  const multiplier = longer >= 2n ** 31n ? (longer + 1n) >> 1n : high + ((half + 2n ** 30n) >> 31n);
  return { start: joined >> 8, shift: (joined << 24) >> 24, multiplier: Number(multiplier) };
}

const scale = fc.double({ min: 1e-3, max: 0.9, noNaN: true });
const code = fc.integer({ min: -128, max: 127 });
const cases = fc.record({ input: scale, output: scale, weights: fc.array(fc.tuple(fc.double({ min: 1e-3, max: 2e-2, noNaN: true }), fc.integer({ min: -20000, max: 20000 }), fc.array(code, { minLength: 9, maxLength: 9 }), fc.nat(5)), { minLength: 2, maxLength: 20 }), zero: code, out: code });

t.test('property: packed channels are the channels, constant ones in what they compute', async (t) => {
  let [packs, unfolded, constant] = [0, 0, 0];
  fc.assert(fc.property(cases, ({ input, output, weights, zero, out }) => {
    const count = weights.length;
    const dead = weights.map(([, , , die]) => die === 0);
    const rows = Int8Array.from(weights.flatMap(([, , row], i) => (dead[i] === true ? row.map(() => 0) : row)));
    const layer = layerOf(input, weights.map(([s]) => s), output * 8, { biases: Int32Array.from(weights, ([, bias]) => bias), inputZeroPoint: zero, outputZeroPoint: out });
    const channels = channelsOf(layer, rows, count, 9);
    const places = [...channels.keys(), null].reverse();
    const packed = packChannels(layer, channels, places, 'signed');
    if (packed === null) return true;
    packs += 1;
    if (packed.unfolded) unfolded += 1;
    return places.every((channel, place) => {
      const one = channel === null ? undefined : channels[channel];
      if (one === undefined) return true;
      const got = unpack(packed, place, one.weights.reduce((sum, w) => sum + w, 0), packed.unfolded ? zero : 0);
      if (one.constant === null) return got.start === one.bias && got.shift === one.factor.shift && got.multiplier === one.factor.multiplier;
      constant += 1;
      return clamp(requantiseDouble(got.start, got.multiplier, got.shift) + out, -128, 127) === one.constant;
    });
  }), { numRuns: 500 });
  t.ok(packs > 100 && unfolded > 10 && constant > 50, `${packs} packed, ${unfolded} with biases not folded, ${constant} constant channels`);
});

t.test('what cannot be packed stays as it is', async (t) => {
  const layer = layerOf(0.5, [0.01, 0.013], 0.9, {});
  const channels = channelsOf(layer, Int8Array.from([1, 2]), 2, 1);
  t.ok(packChannels(layer, channels, [0, 1], 'relu'));
  t.equal(packChannels(layer, channels, [0, 1], 'any'), null, 'the kernel does not take bias and shift in one word');
  const other = { ...layer, factors: layer.factors.map(({ multiplier, shift }) => ({ multiplier: multiplier + 1, shift })) };
  t.equal(packChannels(other, channelsOf(other, Int8Array.from([1, 2]), 2, 1), [0, 1], 'relu'), null, 'a multiplier is not the quotient of the scales');
  const wide = { ...layer, biases: Int32Array.from([2 ** 22, 1]) };
  t.ok(packChannels(wide, channelsOf(wide, Int8Array.from([1, 2]), 2, 1), [0, 1], 'relu'), '22 bits of bias have room');
});

t.test('layers whose constants hardly exceed those of the model are not packed', async (t) => {
  const layer = layerOf(0.5, [0.01], 0.9, { filter: { data: new Uint8Array(160) } as unknown as Tensor, bias: { data: new Uint8Array(40) } as unknown as Tensor });
  t.notOk(exceeds(layer, 210));
  t.ok(exceeds(layer, 211));
});
