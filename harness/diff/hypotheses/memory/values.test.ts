import t from 'tap';
import type { ModelDescription } from '../../../model/writer/index.ts';
import { causesOf, evidenceFrom, otherModel, type Bench } from './testing/device.ts';
import { binary, codes, conv, dense } from './testing/models.ts';

const named = (name: string, cause: string, bench: Bench): unknown => t.test(name, async (t) => { t.strictSame(causesOf(evidenceFrom(bench)), [cause]); });
const swap16 = (x: number): number => (((x & 0xff) << 8) | ((x >> 8) & 0xff)) << 16 >> 16;
const swap32 = (x: number): number => (x << 24) | ((x & 0xff00) << 8) | ((x >>> 8) & 0xff00) | (x >>> 24);
/** A dense layer that shows f of what it should. */
const shown = (f: (x: number, i: number) => number, model = dense()): Bench => ({ model, device: ({ expected }) => ({ y: expected('y').map((x: number, i: number) => f(x, i)) }) });
/** A dense layer fed with f of its input. */
const fed = (f: (x: number, i: number) => number, model = dense()): Bench => ({ model, device: ({ input }) => ({ y: otherModel(model, { x: input('x').map((x: number, i: number) => f(x, i)) }, 'y') }) });

named('int16 outputs with their bytes swapped', 'memory.byte-order', shown(swap16, dense({ wide: true })));
named('int16 inputs with their bytes swapped', 'memory.byte-order', fed(swap16, dense({ wide: true })));
named('a bias with its bytes in reverse', 'memory.byte-order', {
  model: conv(), device: ({ input }) => {
    const swapped = conv();
    return { y: otherModel({ ...swapped, tensors: swapped.tensors.map((one) => (one.name === 'b' ? { ...one, data: codes(8, 2000, 5).map(swap32) } : one)) }, { x: input('x') }, 'y') };
  },
});

named('bit 6 of each output is 0', 'memory.stuck-bit', shown((x) => x & ~64));
named('bit 1 of each input is 1', 'memory.stuck-bit', fed((x) => x | 2));
named('bit 4 of each weight is 0', 'memory.stuck-bit', { model: dense(), device: ({ input }) => ({ y: otherModel(dense({ weights: codes(240, 90, 11).map((w) => w & ~16) }), { x: input('x') }, 'y') }) });
named('bit 5 of every fourth byte is 1', 'memory.stuck-bit', shown((x, i) => (i % 4 === 2 ? x | 32 : x)));

named('limited to 7 bits', 'memory.truncated-range', shown((x) => Math.max(-64, Math.min(63, x))));
named('inputs limited to unsigned', 'memory.truncated-range', fed((x) => Math.max(0, x)));
named('the sign bit of inputs flipped, as of uint8', 'memory.truncated-range', fed((x) => (x ^ 0x80) << 24 >> 24));
named('16 bits cut to 8', 'memory.truncated-range', shown((x) => x << 24 >> 24, dense({ wide: true })));

t.test('unsigned values in a tap that is wider', async (t) => {
  t.strictSame(causesOf(evidenceFrom({ model: dense(), device: ({ expected }) => ({ y: Int16Array.from(expected('y'), (x) => x & 0xff) }) })), ['memory.truncated-range']);
});

t.test('values that wrap around instead of being limited', async (t) => {
  // Scales of powers of two, so that the result is the sum / 64, rounded twice: halves up, then 32nds away from 0.
  const scales: Readonly<Record<string, number>> = { x: 1 / 16, w: 1 / 128, b: 1 / 2048, y: 1 / 32 };
  const model = dense();
  const exact: ModelDescription = { ...model, tensors: model.tensors.map((one) => ({ ...one, quantisation: { ...one.quantisation, scale: scales[one.name]! } })) };
  const [weights, bias] = [codes(240, 90, 11), codes(20, 3000, 12)];
  const wrapped = (x: Int8Array): Int8Array => Int8Array.from({ length: 20 }, (_, o) => {
    const sum = x.reduce((total, value, i) => total + weights[o * 12 + i]! * (value - 3), bias[o]!);
    const half = Math.floor((sum + 1) / 2);
    return Math.sign(half) * Math.floor((Math.abs(half) + 16) / 32) - 5;
  });
  t.strictSame(causesOf(evidenceFrom({ model: exact, device: ({ input }) => ({ y: wrapped(input('x')) }) })), ['output.wrapped']);
});

named('SUB the wrong way round', 'operands.swapped', { model: binary('SUB'), device: ({ input }) => ({ y: otherModel(binary('SUB', ['q', 'p']), { p: input('p'), q: input('q') }, 'y') }) });
named('the values of ADD in each other\'s place', 'operands.swapped', { model: binary('ADD'), device: ({ input }) => ({ y: otherModel(binary('ADD'), { p: input('q'), q: input('p') }, 'y') }) });

const parts = (outputs: readonly string[]): ModelDescription => ({
  tensors: [
    { name: 'axis', dtype: 'int32', shape: [], data: [2] },
    { name: 'p', dtype: 'int8', shape: [1, 4, 6], quantisation: { scale: 0.05 } },
    ...['a', 'b', 'c'].map((name) => ({ name, dtype: 'int8' as const, shape: [1, 4, 2], quantisation: { scale: 0.05 } })),
  ],
  operators: [{ op: 'SPLIT', inputs: ['axis', 'p'], outputs, options: { num_splits: 3 } }],
  inputs: ['p'], outputs: ['a', 'b', 'c'],
});
named('two outputs of SPLIT in each other\'s place', 'operands.swapped', { model: parts(['a', 'b', 'c']), device: ({ expected }) => ({ a: expected('b'), b: expected('a') }) });

const join = (inputs: readonly string[]): ModelDescription => ({
  tensors: [
    ...['p', 'q', 'r'].map((name) => ({ name, dtype: 'int8' as const, shape: [1, 3, 4], quantisation: { scale: 0.05 } })),
    { name: 'y', dtype: 'int8', shape: [1, 3, 12], quantisation: { scale: 0.05 } },
  ],
  operators: [{ op: 'CONCATENATION', inputs, outputs: ['y'], options: { axis: 2 } }],
  inputs: ['p', 'q', 'r'], outputs: ['y'],
});
named('CONCATENATION in another order', 'operands.swapped', { model: join(['p', 'q', 'r']), device: ({ input }) => ({ y: otherModel(join(['r', 'q', 'p']), { p: input('p'), q: input('q'), r: input('r') }, 'y') }) });

const product = (adjoint: boolean): ModelDescription => ({
  tensors: [
    { name: 'p', dtype: 'int8', shape: [1, 5, 5], quantisation: { scale: 0.05, zeroPoint: 3 } },
    { name: 'q', dtype: 'int8', shape: [1, 5, 5], quantisation: { scale: 0.03, zeroPoint: 1 } },
    { name: 'y', dtype: 'int8', shape: [1, 5, 5], quantisation: { scale: 0.3, zeroPoint: -4 } },
  ],
  operators: [{ op: 'BATCH_MATMUL', inputs: ['p', 'q'], outputs: ['y'], options: { adj_x: false, adj_y: adjoint } }],
  inputs: ['p', 'q'], outputs: ['y'],
});
t.test('BATCH_MATMUL with an operand transposed', async (t) => {
  // Of a square matrix the wrong order in memory is the same thing.
  t.ok(causesOf(evidenceFrom({ model: product(false), device: ({ input }) => ({ y: otherModel(product(true), { p: input('p'), q: input('q') }, 'y') }) })).includes('operands.swapped'));
});

const packed = (swapped: boolean): ModelDescription => {
  const bytes = Uint8Array.from(codes(120, 127, 21), (x) => x & 0xff);
  const model = dense();
  return { ...model, tensors: model.tensors.map((one) => (one.name === 'w' ? { ...one, dtype: 'int4' as const, quantisation: { scale: 0.1 }, data: swapped ? bytes.map((b) => ((b << 4) | (b >> 4)) & 0xff) : bytes } : one)) };
};
t.test('the halves of bytes of int4 weights', async (t) => {
  // An even number of inputs swapped in pairs gives the same sums.
  t.ok(causesOf(evidenceFrom({ model: packed(false), device: ({ input }) => ({ y: otherModel(packed(true), { x: input('x') }, 'y') }) })).includes('layout.weights'));
});
