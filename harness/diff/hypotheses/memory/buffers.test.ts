import t from 'tap';
import type { ModelDescription } from '../../../model/writer/index.ts';
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
