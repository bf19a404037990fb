import t from 'tap';
import { parseModel } from '../../../../model/index.ts';
import { writeModel, type ModelDescription } from '../../../../model/writer/index.ts';
import { lstmModel } from '../../../../reference/fixtures/lstm-model.ts';
import { seededIntegers } from '../../../../reference/fixtures/random.ts';
import { prepareReference } from '../../../../reference/index.ts';
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

/** What a kernel gives whose sums start with the folded bias of the right weights, and go on with others: sum(w' * x) + b - zp * sum(w). */
const foldedBy = (right: readonly number[], wrong: readonly number[], bias: readonly number[]): number[] => {
  const sums = (weights: readonly number[]): number[] => bias.map((_, c) => weights.slice((c * weights.length) / bias.length, ((c + 1) * weights.length) / bias.length).reduce((a, b) => a + b, 0));
  return bias.map((value, c) => value + 3 * (sums(wrong)[c]! - sums(right)[c]!));
};
t.test('wrong weights beside a zero point that was folded in from the right ones', async (t) => {
  const weights = codes(240, 90, 11);
  const dense2 = (wrong: readonly number[]): Bench => ({ model: dense(), device: ({ input }) => ({ y: otherModel(dense({ weights: wrong, bias: foldedBy(weights, wrong, codes(20, 3000, 12)) }), { x: input('x') }, 'y') }) });
  t.strictSame(causesOf(evidenceFrom(dense2(weights.map((_, i) => weights[(i % 12) * 20 + Math.floor(i / 12)]!)))), ['layout.weights']);
  t.strictSame(causesOf(evidenceFrom(dense2(weights.map((_, i) => weights[(i + 12) % 240]!)))), ['offset.row']);
  const next = seededIntegers(5);
  t.strictSame(causesOf(evidenceFrom(dense2(weights.map((value) => (next(0, 9) === 0 ? next(-90, 90) : value))))), [], 'others name nothing');
  const turned = (kernel: readonly number[]): Bench => {
    const model = conv();
    const bias = foldedBy(W, kernel, codes(8, 2000, 5));
    const other: ModelDescription = { ...conv({ weights: kernel }), tensors: conv({ weights: kernel }).tensors.map((tensor) => (tensor.name === 'b' ? { ...tensor, data: bias } : tensor)) };
    return { model, device: ({ input }) => ({ y: otherModel(other, { x: input('x') }, 'y') }) };
  };
  t.strictSame(causesOf(evidenceFrom(turned(W.map((_, i) => W[(i + 27) % 216]!)))), ['offset.row'], 'the next channel of a convolution');
  t.strictSame(causesOf(evidenceFrom(turned(W.map((_, i) => W[(i % 27) * 8 + Math.floor(i / 27)]!)))), ['layout.weights'], 'HWIO');
});

t.test('input weights of all gates of an LSTM beside a folded zero point', async (t) => {
  const lstm = lstmModel({ units: 6, depth: 5, steps: 3, batches: 1, timeMajor: false, seed: 11 });
  const data = (name: string): number[] => [...lstm.tensors.find((tensor) => tensor.name === name)!.data as readonly number[]];
  const wrong: ModelDescription = { ...lstm, tensors: lstm.tensors.map((tensor) => {
    const [kind, gate] = [tensor.name[0], tensor.name.slice(2)];
    const moved = (): number[] => { const right = data(`w ${gate}`); return right.map((_, i) => right[(i + 5) % 30]!); };
    if (tensor.name === `w ${gate}`) return { ...tensor, data: moved() };
    return kind === 'b' ? { ...tensor, data: foldedBy(data(`w ${gate}`), moved(), data(tensor.name)).map((value, unit) => data(tensor.name)[unit]! + ((value - data(tensor.name)[unit]!) / 3) * -5) } : tensor;
  }) };
  const runner = prepareReference(parseModel(writeModel(wrong)), 'tflm', 'plain');
  const at = (name: string): Int8Array => runner.tensors[lstm.tensors.findIndex((tensor) => tensor.name === name)] as Int8Array;
  t.strictSame(causesOf(evidenceFrom({ model: lstm, device: ({ input }) => {
    for (const name of ['x', 'h', 'c']) at(name).set(input(name));
    runner.runOperator(0);
    return { y: at('y').slice(), h: at('h').slice(), c: at('c').slice() };
  } })), ['offset.row']);
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
