import t from 'tap';
import type { ModelDescription } from '../../../model/writer/index.ts';
import { explain } from '../../explain.ts';
import { memory } from './index.ts';
import { causesOf, evidenceFrom, otherModel, type Bench, type Seen } from './testing/device.ts';
import { binary, codes, conv, dense } from './testing/models.ts';

const causes = (bench: Bench): string[] => causesOf(evidenceFrom(bench));
/** A dense layer that computes some of its 20 outputs and leaves `before` in the others. */
const leaving = (isComputed: (i: number) => boolean, before: (seen: Seen, i: number) => number, model: ModelDescription = dense()): Bench => ({
  model,
  device: (seen) => ({ y: seen.expected('y').map((value: number, i: number) => (isComputed(i) ? value : before(seen, i))) }),
});
const lastFour = (i: number): boolean => i < 16;

t.test('the last channels hold poison', async (t) => { t.strictSame(causes(leaving(lastFour, () => -91)), ['memory.unwritten']); });
t.test('all hold other poison', async (t) => { t.strictSame(causes(leaving(() => false, () => 0x55)), ['memory.unwritten']); });
t.test('the last channels of 16 bits hold poison', async (t) => { t.strictSame(causes(leaving(lastFour, () => Int16Array.of(0xaaaa)[0]!, dense({ wide: true }))), ['memory.unwritten']); });
t.test('the last channels hold zeros', async (t) => { t.strictSame(causes(leaving(lastFour, () => 0)), ['memory.unwritten']); });
t.test('the last row is never written', async (t) => { t.strictSame(causes({ model: conv(), device: ({ expected }) => ({ y: expected('y').map((value: number, i: number) => (i < 96 ? value : -91)) }) }), ['memory.unwritten']); });

t.test('the last channels hold what the sample before left, in every other sample', async (t) => {
  t.strictSame(causes({ model: dense(), device: ({ k, expected, earlier }) => ({ y: expected('y').map((value: number, i: number) => (i >= 14 && k % 2 === 1 ? earlier('y')![i]! : value)) }) }), ['memory.stale']);
});
t.test('the last channels are written once only', async (t) => {
  t.strictSame(causes({ model: dense(), device: ({ expected, earlier }) => ({ y: expected('y').map((value: number, i: number) => (i >= 14 ? earlier('y')?.[i] ?? value : value)) }) }), ['memory.stale']);
});
t.test('everything is of the sample before', async (t) => {
  let last: Int8Array | null = null;
  t.strictSame(causes({ model: dense(), samples: 6, device: ({ expected }) => {
    const shown = last ?? expected('y');
    last = expected('y');
    return { y: shown };
  } }), ['memory.stale']);
});
t.test('the first sample is shown again and again', async (t) => {
  t.strictSame(causes({ model: dense(), device: ({ expected, earlier }) => ({ y: earlier('y') ?? expected('y') }) }), ['memory.stale']);
});

t.test('bytes of the input, which another layer still wants', async (t) => {
  const model = conv();
  const wanted: ModelDescription = { ...model, tensors: [...model.tensors, { name: 'z', dtype: 'int8', shape: [1, 7, 5, 3], quantisation: { scale: 0.05, zeroPoint: 3 } }], operators: [...model.operators, { op: 'RELU', inputs: ['x'], outputs: ['z'] }], outputs: ['y', 'z'] };
  t.strictSame(causes({ model: wanted, operator: 0, device: ({ expected, input }) => {
    const y = expected('y');
    y.set(input('x').subarray(40, 70), 13);
    return { y };
  } }), ['memory.overlap']);
});
const chain = (size: number): ModelDescription => {
  const model = conv();
  return {
    ...model,
    tensors: [...model.tensors.map((one) => (one.name === 'x' ? { ...one, name: 'in' } : one)), { name: 'early', dtype: 'int8', shape: [1, size], quantisation: { scale: 0.05, zeroPoint: 3 } }, { name: 'x', dtype: 'int8', shape: [1, 7, 5, 3], quantisation: { scale: 0.05, zeroPoint: 3 } }],
    operators: [{ op: 'RELU', inputs: ['in'], outputs: ['x'] }, ...model.operators], inputs: ['in', 'early'],
  };
};
t.test('the last channels of each pixel hold what dead tensors left there', async (t) => {
  // 'early' is read by nobody any more; of the 120 bytes of the output the first 100 lie over it and the rest over the model's input.
  const bytes = (k: number, name: string, length: number): number[] => codes(length, 127, 1000 + k * 2 + Number(name === 'in'));
  t.strictSame(causes({ model: chain(110), inputs: bytes, device: ({ k, expected }) => {
    const [early, first] = [bytes(k, 'early', 110), bytes(k, 'in', 105)];
    return { y: expected('y').map((value, i) => (i % 8 < 6 ? value : i + 10 < 110 ? early[i + 10]! : first[i - 100]!)) };
  } }), ['memory.unwritten']);
});

t.test('an operator in place that does nothing', async (t) => {
  const model: ModelDescription = { ...binary('ADD'), operators: [{ op: 'ADD', inputs: ['p', 'q'], outputs: ['y'] }] };
  t.strictSame(causes({ model, device: ({ input }) => ({ y: input('p') }) }), ['memory.unwritten']);
});
t.test('a waiting input that another layer wrote over', async (t) => {
  const plane = (name: string, scale: number, zeroPoint: number) => ({ name, dtype: 'int8' as const, shape: [1, 4, 6], quantisation: { scale, zeroPoint } });
  const sum: ModelDescription = {
    tensors: [plane('x', 0.05, 3), plane('a', 0.05, 3), plane('y', 0.1, 0)],
    operators: [{ op: 'ADD', inputs: ['x', 'a'], outputs: ['y'] }], inputs: ['x', 'a'], outputs: ['y'],
  };
  const model: ModelDescription = {
    tensors: [...sum.tensors, plane('b', 1 / 128, 0)],
    operators: [{ op: 'RELU', inputs: ['x'], outputs: ['a'] }, { op: 'TANH', inputs: ['x'], outputs: ['b'] }, ...sum.operators], inputs: ['x'], outputs: ['y', 'b'],
  };
  t.strictSame(causes({ model, device: ({ input }) => {
    const tanh = input('x').map((q) => Math.max(-128, Math.min(127, Math.round(128 * Math.tanh(0.05 * (q - 3))))));
    return { y: otherModel(sum, { x: tanh, a: input('a') }, 'y') };
  } }), ['memory.overlap']);
});

/** ADD of two inputs of the graph with what the device reads instead of them, and a third one of other size that nothing reads. */
const sumReading = (old: number, read: (seen: Seen, early: Int8Array) => { readonly p: Int8Array; readonly q: Int8Array }, shape: readonly number[] = [1, 20, 12]): Bench => {
  const wide = (name: string, scale: number, zeroPoint: number) => ({ name, dtype: 'int8' as const, shape, quantisation: { scale, zeroPoint } });
  const sum: ModelDescription = { tensors: [wide('p', 0.05, 3), wide('q', 0.03, -8), wide('y', 0.08, -5)], operators: [{ op: 'ADD', inputs: ['p', 'q'], outputs: ['y'] }], inputs: ['p', 'q'], outputs: ['y'] };
  const bytes = (k: number, name: string, length: number): number[] => codes(length, 127, 31 + k * 7 + name.length * 100 + name.charCodeAt(0));
  const model: ModelDescription = { ...sum, tensors: [...sum.tensors, { name: 'early', dtype: 'int8', shape: [1, old], quantisation: { scale: 0.05, zeroPoint: 3 } }], inputs: ['p', 'q', 'early'] };
  return { model, inputs: bytes, device: (seen) => ({ y: otherModel(sum, { ...read(seen, Int8Array.from(bytes(seen.k, 'early', old))) }, 'y') }) };
};
const textsOf = (bench: Bench): string[] => explain(evidenceFrom(bench), { hypotheses: memory }).map(({ cause, text }) => `${cause}: ${text}`);
const pWith = (at: number) => (seen: Seen, early: Int8Array): { readonly p: Int8Array; readonly q: Int8Array } => {
  const p = seen.input('p');
  early.forEach((value, i) => { if (at + i >= 0 && at + i < p.length) p[at + i] = value; });
  return { p, q: seen.input('q') };
};

t.test('ADD(a, a) instead of ADD(a, b)', async (t) => {
  t.strictSame(textsOf(sumReading(40, ({ input }) => ({ p: input('p'), q: input('p') }))), ['memory.overlap: input 1 held the bytes of tensor 0: read from another buffer, or overwritten before it was read']);
});
t.test('an older tensor over part of an input', async (t) => {
  t.strictSame(textsOf(sumReading(40, pWith(100))), ['memory.overlap: the elements 100 to 139 of input 0 held bytes of tensor 3 when they were read']);
  t.strictSame(textsOf(sumReading(300, pWith(202))), ['memory.overlap: the elements 202 to 239 of input 0 held bytes of tensor 3 when they were read']);
  t.strictSame(textsOf(sumReading(40, pWith(-15))), ['memory.overlap: the elements 0 to 24 of input 0 held bytes of tensor 3 when they were read']);
});
t.test('an older tensor over the last 384 of 16384 elements', async (t) => {
  t.strictSame(textsOf(sumReading(16384, pWith(16000), [1, 32, 32, 16])), ['memory.overlap: the elements 16000 to 16383 of input 0 held bytes of tensor 3 when they were read']);
});
t.test('too few bytes of another tensor, or bytes that are none of its, name no overlap', async (t) => {
  t.strictSame(textsOf(sumReading(12, pWith(100))), []);
  t.strictSame(textsOf(sumReading(40, (seen, early) => pWith(100)(seen, early.map((value, i) => (i % 5 === 2 ? value ^ 6 : value))))), []);
  t.strictSame(textsOf(sumReading(40, (seen, early) => pWith(100)(seen, early.map((_, i) => (i * 91 + seen.k * 57) % 251 - 125)))), []);
});
t.test('an older tensor over part of what a convolution reads', async (t) => {
  const bytes = (k: number, name: string, length: number): number[] => codes(length, 127, 2000 + k * 2 + Number(name === 'in'));
  t.strictSame(textsOf({ model: chain(40), inputs: bytes, device: ({ k, input }) => {
    const x = input('x');
    x.set(bytes(k, 'early', 40), 31);
    return { y: otherModel(conv(), { x }, 'y') };
  } }), ['memory.overlap: the elements 31 to 70 of input 5 held bytes of tensor 4 when they were read']);
});
