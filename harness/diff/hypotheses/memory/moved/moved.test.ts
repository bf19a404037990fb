import t from 'tap';
import type { ModelDescription } from '../../../../model/writer/index.ts';
import { causesOf, evidenceFrom, otherModel, type Bench } from '../testing/device.ts';
import { binary, codes, conv, dense } from '../testing/models.ts';

// Outputs of conv() are [1, 5, 3, 8], written out here as the kernel of a device would index them.
const [ROWS, COLUMNS, CHANNELS] = [5, 3, 8];
const at = (row: number, column: number, channel: number): number => (row * COLUMNS + column) * CHANNELS + channel;
type Put = (out: Int8Array, value: number, row: number, column: number, channel: number) => void;

/** A convolution that stores each result with `put`, into memory that held `before`. */
const storing = (put: Put, before: (right: Int8Array) => Int8Array = (right) => right.slice()): Bench => ({
  model: conv(),
  device: ({ expected }) => {
    const right = expected('y');
    const out = before(right);
    for (let row = 0; row < ROWS; row++) for (let column = 0; column < COLUMNS; column++) for (let channel = 0; channel < CHANNELS; channel++) put(out, right[at(row, column, channel)]!, row, column, channel);
    return { y: out };
  },
});

/** A convolution that reads its input through `index`. */
const reading = (index: (row: number, column: number, channel: number) => number): Bench => ({
  model: conv(),
  device: ({ input }) => {
    const x = input('x');
    const read = new Int8Array(x.length);
    for (let row = 0; row < 7; row++) for (let column = 0; column < 5; column++) for (let channel = 0; channel < 3; channel++) read[(row * 5 + column) * 3 + channel] = x[index(row, column, channel)] ?? 3;
    return { y: otherModel(conv(), { x: read }, 'y') };
  },
});

const W = codes(8 * 3 * 3 * 3, 90, 3);
/** A convolution whose weights are made of W's by index [output, row, column, input]. */
const weighing = (index: (o: number, h: number, w: number, i: number) => number): Bench => ({
  model: conv(),
  device: ({ input }) => {
    const weights: number[] = [];
    for (let o = 0; o < 8; o++) for (let h = 0; h < 3; h++) for (let w = 0; w < 3; w++) for (let i = 0; i < 3; i++) weights.push(W[index(o, h, w, i)]!);
    return { y: otherModel(conv({ weights }), { x: input('x') }, 'y') };
  },
});

const filledWith = (value: number) => (right: Int8Array): Int8Array => right.slice().fill(value);
const DEVICES: Readonly<Record<string, readonly [cause: string, bench: Bench]>> = {
  'output as NCHW': ['layout.output', storing((out, value, row, column, channel) => { out[(channel * ROWS + row) * COLUMNS + column] = value; })],
  'output with rows and columns swapped': ['layout.output', storing((out, value, row, column, channel) => { out[(column * ROWS + row) * CHANNELS + channel] = value; })],
  'one channel on, the first keeps poison': ['offset.channel', storing((out, value, row, column, channel) => { if (channel + 1 < CHANNELS) out[at(row, column, channel + 1)] = value; }, filledWith(-91))],
  'one channel back, wrapping around': ['offset.channel', storing((out, value, row, column, channel) => { out[at(row, column, (channel + 7) % 8)] = value; })],
  'three elements on in memory': ['offset.channel', storing((out, value, row, column, channel) => { if (at(row, column, channel) + 3 < out.length) out[at(row, column, channel) + 3] = value; }, filledWith(-91))],
  'one row down, the first keeps zeros': ['offset.row', storing((out, value, row, column, channel) => { if (row + 1 < ROWS) out[at(row + 1, column, channel)] = value; }, filledWith(0))],
  'one row up, the last twice': ['offset.row', storing((out, value, row, column, channel) => { if (row > 0) out[at(row - 1, column, channel)] = value; })],
  'one column on': ['offset.row', storing((out, value, row, column, channel) => { out[at(row, (column + 1) % 3, channel)] = value; })],
  'rows from the last to the first': ['steps.order', storing((out, value, row, column, channel) => { out[at(ROWS - 1 - row, column, channel)] = value; })],
  'words of four in reverse': ['steps.order', storing((out, value, row, column, channel) => { const i = at(row, column, channel); out[i - (i % 4) + 3 - (i % 4)] = value; })],
  'input read as NCHW': ['layout.input', reading((row, column, channel) => (channel * 7 + row) * 5 + column)],
  'input with rows and columns swapped': ['layout.input', reading((row, column, channel) => (column * 7 + row) * 3 + channel)],
  'input one row on': ['offset.row', reading((row, column, channel) => ((Math.min(row + 1, 6)) * 5 + column) * 3 + channel)],
  'input one channel on, wrapping around': ['offset.channel', reading((row, column, channel) => (row * 5 + column) * 3 + (channel + 1) % 3)],
  'input one element on, the zero point beyond it': ['offset.channel', reading((row, column, channel) => (row * 5 + column) * 3 + channel + 1)],
  'input columns in reverse': ['steps.order', reading((row, column, channel) => (row * 5 + 4 - column) * 3 + channel)],
  'weights HWIO': ['layout.weights', weighing((o, h, w, i) => ((h * 3 + w) * 3 + i) * 8 + o)],
  'weights IHWO': ['layout.weights', weighing((o, h, w, i) => ((i * 3 + h) * 3 + w) * 8 + o)],
  'weights with rows and columns swapped': ['layout.weights', weighing((o, h, w, i) => ((o * 3 + w) * 3 + h) * 3 + i)],
  'weights of the next channel': ['offset.row', weighing((o, h, w, i) => ((((o + 1) % 8) * 3 + h) * 3 + w) * 3 + i)],
};

for (const [name, [cause, bench]] of Object.entries(DEVICES)) {
  t.test(name, async (t) => { t.strictSame(causesOf(evidenceFrom(bench)), [cause]); });
}

t.test('weights of a dense layer transposed', async (t) => {
  const weights = codes(240, 90, 11);
  const transposed = weights.map((_, i) => weights[(i % 12) * 20 + Math.floor(i / 12)]!);
  t.strictSame(causesOf(evidenceFrom({ model: dense(), device: ({ input }) => ({ y: otherModel(dense({ weights: transposed }), { x: input('x') }, 'y') }) })), ['layout.weights']);
});

t.test('a batch that is the first again', async (t) => {
  const again: Bench = { model: conv({ batches: 3 }), device: ({ expected }) => ({ y: expected('y').map((_: number, i: number) => expected('y')[i % 120]!) }) };
  t.ok(causesOf(evidenceFrom(again)).includes('batch.ignored'));
});

t.test('a bit of the index stuck when the input is read', async (t) => {
  const stuck: Bench = { model: binary('ADD'), device: ({ input }) => ({ y: otherModel(binary('ADD'), { p: input('p').map((_: number, i: number) => input('p')[i & ~4]!), q: input('q') }, 'y') }) };
  t.strictSame(causesOf(evidenceFrom(stuck)), ['memory.stuck-bit']);
});

t.test('PAD that pads on the other side', async (t) => {
  const pad = (paddings: readonly number[]): ModelDescription => ({
    tensors: [
      { name: 'p', dtype: 'int8', shape: [1, 5, 4, 3], quantisation: { scale: 0.05, zeroPoint: 9 } },
      { name: 'paddings', dtype: 'int32', shape: [4, 2], data: paddings },
      { name: 'y', dtype: 'int8', shape: [1, 7, 4, 3], quantisation: { scale: 0.05, zeroPoint: 9 } },
    ],
    operators: [{ op: 'PAD', inputs: ['p', 'paddings'], outputs: ['y'] }], inputs: ['p'], outputs: ['y'],
  });
  t.strictSame(causesOf(evidenceFrom({ model: pad([0, 0, 2, 0, 0, 0, 0, 0]), device: ({ input }) => ({ y: otherModel(pad([0, 0, 0, 2, 0, 0, 0, 0]), { p: input('p') }, 'y') }) })), ['padding.side']);
});
