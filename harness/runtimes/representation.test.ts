import t from 'tap';
import fc from 'fast-check';
import type { Tensor } from '../model/graph.ts';
import type { TapRepresentation } from './representation.ts';
import { fromDevice, tensorBytes, toDevice } from './representation.ts';

const tensorOf = (dtype: Tensor['dtype'], elements: number): Tensor => ({
  index: 3, name: 'x', dtype, shape: [elements], elements, quantisation: null, data: null, isVariable: false,
});
const identity = { kind: 'identity' } as const;

t.test('identity is the little-endian bytes of every type', async (t) => {
  t.same([...toDevice(Int8Array.of(-1, 127), tensorOf('int8', 2), { dtype: 'int8', bytes: 2, conversion: identity })], [255, 127]);
  t.same([...toDevice(Int16Array.of(-2, 258), tensorOf('int16', 2), { dtype: 'int16', bytes: 4, conversion: identity })], [254, 255, 2, 1]);
  t.same([...toDevice(Int32Array.of(-(2 ** 31)), tensorOf('int32', 1), { dtype: 'int32', bytes: 4, conversion: identity })], [0, 0, 0, 128]);
  t.same([...toDevice(Float32Array.of(1.5), tensorOf('float32', 1), { dtype: 'float32', bytes: 4, conversion: identity })], [0, 0, 192, 63]);
});

t.test('identity there and back, every type, also from an odd address', async (t) => {
  const cases = [
    [new Int8Array([-128, 0, 127]), 'int8'],
    [new Int16Array([-32768, 1, 32767]), 'int16'],
    [new Int32Array([-(2 ** 31), -1, 2 ** 31 - 1]), 'int32'],
    [new Float32Array([0.1, -0, Number.NaN]), 'float32'],
  ] as const;
  for (const [data, dtype] of cases) {
    const tap: TapRepresentation = { dtype, bytes: data.byteLength, conversion: identity };
    const bytes = toDevice(data, tensorOf(dtype, data.length), tap);
    const odd = new Uint8Array(bytes.length + 1);
    odd.set(bytes, 1);
    t.strictSame(fromDevice(odd.subarray(1), tap), data, dtype);
  }
});

t.test('add: device = tensor - add, tensor = device + add', async (t) => {
  const tap: TapRepresentation = { dtype: 'int16', bytes: 6, conversion: { kind: 'add', add: -128 } };
  const tensor = tensorOf('int8', 3);
  const bytes = toDevice(Int8Array.of(-128, 0, 127), tensor, tap);
  t.same([...new Int16Array(bytes.buffer)], [0, 128, 255]);
  t.same([...fromDevice(bytes, tap)], [-128, 0, 127]);
});

t.test('a device value that is no code of the tensor is not wrapped to one', async (t) => {
  const tap: TapRepresentation = { dtype: 'int16', bytes: 2, conversion: { kind: 'add', add: 100 } };
  t.same([...fromDevice(Uint8Array.of(200, 0), tap)], [300]);
});

t.test('dequantise rounds ties away from zero', async (t) => {
  const tap: TapRepresentation = { dtype: 'float32', bytes: 16, conversion: { kind: 'dequantise', scale: 0.5, zeroPoint: 3 } };
  const device = new Uint8Array(Float32Array.of(0.25, -0.25, 1, -0.2).buffer);
  t.same([...fromDevice(device, tap)], [4, 2, 5, 3]);
  const nan = new Uint8Array(Float32Array.of(Number.NaN, 0, 0, 0).buffer);
  t.ok(Number.isNaN(fromDevice(nan, tap)[0] as number), 'NaN is no code');
});

t.test('property: int8 codes survive toDevice and fromDevice with any conversion', async (t) => {
  const scale = fc.float({ min: Math.fround(1e-6), max: Math.fround(1e3), noNaN: true });
  const zeroPoint = fc.integer({ min: -128, max: 127 });
  const conversion = fc.oneof(
    fc.constant({ kind: 'identity' as const }),
    fc.integer({ min: -30000, max: 30000 }).map((add) => ({ kind: 'add' as const, add })),
    fc.record({ kind: fc.constant('dequantise' as const), scale, zeroPoint }),
  );
  let checked = 0;
  fc.assert(
    fc.property(fc.int8Array({ minLength: 1, maxLength: 20 }), conversion, (codes, c) => {
      const dtype = c.kind === 'identity' ? 'int8' : c.kind === 'add' ? 'int32' : 'float32';
      const tap: TapRepresentation = { dtype, bytes: codes.length * (dtype === 'int8' ? 1 : 4), conversion: c };
      const back = fromDevice(toDevice(codes, tensorOf('int8', codes.length), tap), tap);
      checked += codes.length;
      return back.length === codes.length && codes.every((code, i) => Number(back[i]) === code);
    }),
  );
  t.ok(checked > 0);
});

t.test('tensor bytes are of the type of the tensor, clamped to it', async (t) => {
  const tap: TapRepresentation = { dtype: 'int16', bytes: 6, conversion: { kind: 'add', add: 100 } };
  const device = new Uint8Array(Int16Array.of(-100, 200, -300).buffer);
  t.same([...new Int8Array(tensorBytes(device, tap, tensorOf('int8', 3)).buffer)], [0, 127, -128]);
  const identical = Uint8Array.of(1, 2);
  t.same(tensorBytes(identical, { dtype: 'int8', bytes: 2, conversion: identity }, tensorOf('int8', 2)), identical);
  const nan = new Uint8Array(Float32Array.of(Number.NaN).buffer);
  t.same([...tensorBytes(nan, { dtype: 'float32', bytes: 4, conversion: { kind: 'dequantise', scale: 1, zeroPoint: 4 } }, tensorOf('int8', 1))], [0]);
});

t.test('refusals are config errors', async (t) => {
  const codes = Int8Array.of(1, 2);
  const refused = (run: () => unknown): void => { t.throws(run, { kind: 'config', code: 'runtimes.representation' }); };
  refused(() => toDevice(codes, tensorOf('int8', 2), { dtype: 'int16', bytes: 4, conversion: identity }));
  refused(() => toDevice(codes, tensorOf('int8', 2), { dtype: 'int8', bytes: 3, conversion: identity }));
  refused(() => toDevice(codes, tensorOf('int8', 2), { dtype: 'int8', bytes: 2, conversion: { kind: 'add', add: -127 } }));
  refused(() => toDevice(codes, tensorOf('int8', 2), { dtype: 'int64', bytes: 16, conversion: identity }));
  refused(() => fromDevice(Uint8Array.of(1), { dtype: 'int16', bytes: 2, conversion: identity }));
});
