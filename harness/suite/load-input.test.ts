import t from 'tap';
import type { DType, Tensor } from '../model/graph.ts';
import { loadInput } from './load-input.ts';
import type { QuantiseFloats } from './load-input.ts';
import { joinInputs, loadTruth } from './load-sequence.ts';
import type { NdType } from './nd-array.ts';
import { encodeNpy } from './npy.ts';

function tensor(dtype: DType, shape: number[], quantised = true): Tensor {
  const elements = shape.reduce((a, b) => a * b, 1);
  return { index: 0, name: 'x', dtype, shape, elements, data: null, isVariable: false, quantisation: quantised ? { scale: [0.5], zeroPoint: [3], axis: 0 } : null };
}

/** A stand-in for the reference's rounding: scale 0.5, zero point 3. */
const quantise: QuantiseFloats = (values) => Int8Array.from(values, (value) => Math.round(value / 0.5) + 3);
const never: QuantiseFloats = () => { throw new Error('must not be called'); };
const npy = (dtype: NdType, shape: number[], data: ArrayBufferView): { name: string; bytes: Uint8Array } => ({ name: 'in.npy', bytes: encodeNpy({ dtype, shape, data }) });
const text = (body: string): { name: string; bytes: Uint8Array } => ({ name: 'in.csv', bytes: new TextEncoder().encode(body) });

t.test('integers are codes as they are; floats go through the quantiser', async (t) => {
  const codes = loadInput(npy('int8', [2, 1, 3], new Int8Array([1, 2, 3, -4, -5, -128])), tensor('int8', [1, 3]), never);
  t.same({ ...codes, codes: [...codes.codes] }, { samples: 2, bytesPerSample: 3, codes: [1, 2, 3, 252, 251, 128] });
  const floats = loadInput(npy('float32', [1, 1, 2], new Float32Array([1, -2])), tensor('int8', [1, 2]), quantise);
  t.same([...floats.codes], [5, 255]);
});

t.test('wider codes are little-endian', async (t) => {
  t.same([...loadInput(npy('int16', [1, 1], new Int16Array([-2])), tensor('int16', [1]), never).codes], [254, 255]);
});

t.test('CSV: a row a sample; whole numbers are codes, others are values', async (t) => {
  t.same([...loadInput(text('1,2\n3,-4'), tensor('int8', [1, 2]), never).codes], [1, 2, 3, 252]);
  t.same([...loadInput(text('1.0,-2'), tensor('int8', [1, 2]), quantise).codes], [5, 255]);
  t.same([...loadInput(text('1,2'), tensor('float32', [2]), never).codes], [...new Uint8Array(new Float32Array([1, 2]).buffer)]);
  t.throws(() => loadInput(text('1,2\n3,128'), tensor('int8', [1, 2]), never), { code: 'input.range', message: /row 2, column 2: 128 is no int8 code/ });
});

t.test('raw bytes', async (t) => {
  t.equal(loadInput({ name: 'a.bin', bytes: new Uint8Array(6) }, tensor('int8', [1, 3]), never).samples, 2);
  t.throws(() => loadInput({ name: 'a.bin', bytes: new Uint8Array(7) }, tensor('int8', [1, 3]), never), { code: 'input.shape' });
  t.throws(() => loadInput({ name: 'a.bin', bytes: new Uint8Array(0) }, tensor('int8', [1, 3]), never), { code: 'input.empty' });
});

t.test('what cannot be is refused, with file, expected and got', async (t) => {
  const int8 = tensor('int8', [1, 2]);
  t.throws(() => loadInput(npy('int8', [2, 2], new Int8Array(4)), int8, never), {
    kind: 'config', code: 'input.shape', message: 'in.npy: expected shape [samples, 1, 2], got [2, 2]', hint: /expand_dims/, facts: { file: 'in.npy', got: [2, 2] },
  });
  t.throws(() => loadInput(npy('int8', [0, 1, 2], new Int8Array(0)), int8, never), { code: 'input.empty' });
  t.throws(() => loadInput(npy('uint8', [1, 1, 2], new Uint8Array(2)), int8, never), { code: 'input.dtype', message: /expected int8 codes or floats, got uint8/ });
  t.throws(() => loadInput(npy('int64', [1, 1, 2], new BigInt64Array(2)), int8, never), { code: 'input.dtype' });
  t.throws(() => loadInput(npy('float32', [2, 1, 2], new Float32Array([0, 0, 0, Number.NaN])), int8, never), { code: 'input.not-finite', message: /element \[1, 0, 1\] is NaN/ });
  t.throws(() => loadInput(npy('float64', [1, 1], new Float64Array([1e300])), tensor('float32', [1], false), never), { code: 'input.not-finite', message: /beyond float32/ });
  t.throws(() => loadInput(npy('float32', [1, 1], new Float32Array(1)), tensor('int32', [1], false), never), { code: 'input.dtype', message: /no scale/ });
  t.throws(() => loadInput(text('1,2,3'), int8, never), { code: 'input.shape', message: /expected 2 columns, got 3/ });
  t.throws(() => loadInput(text('a,b'), int8, never), { code: 'input.empty' });
  t.throws(() => loadInput({ name: 'x.png', bytes: new Uint8Array(4) }, int8, never), { code: 'input.format', message: /none of \.npy/ });
  t.throws(() => loadInput({ name: 'x.npy', bytes: new Uint8Array(4) }, int8, never), { code: 'input.format', message: /^x\.npy is not a \.npy file/ });
});

t.test('several inputs become one stream, sample by sample', async (t) => {
  const a = { name: 'a', input: { samples: 2, bytesPerSample: 1, codes: Uint8Array.from([1, 2]) } };
  const b = { name: 'b', input: { samples: 2, bytesPerSample: 2, codes: Uint8Array.from([10, 11, 20, 21]) } };
  t.same([...joinInputs([a, b]).codes], [1, 10, 11, 2, 20, 21]);
  t.throws(() => joinInputs([a, { ...b, input: { ...b.input, samples: 1 } }]), { code: 'input.samples' });
});

t.test('truth', async (t) => {
  t.same([...loadTruth(npy('float32', [2, 1, 1], new Float32Array([1, 2])), 2, 1)], [1, 2]);
  t.throws(() => loadTruth(npy('float32', [3], new Float32Array(3)), 2, 1), { code: 'input.shape' });
  t.throws(() => loadTruth(npy('float32', [2], new Float32Array([0, Infinity])), 2, 1), { code: 'input.not-finite', message: /sample 1/ });
});
