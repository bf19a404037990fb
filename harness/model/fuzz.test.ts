import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { ByteBuffer } from 'flatbuffers';
import t from 'tap';
import type { Test } from 'tap';
import { HilError } from '../errors.ts';
import { parseModel } from './index.ts';
import { smallModel } from './writer/samples.ts';
import { writeModel } from './writer/index.ts';

/** A damaged file must be answered this fast; the largest model here takes a few milliseconds. */
const SLOWEST_MS = 1000;
const shared = process.env.HIL_SHARED ?? new URL('../../../shared', import.meta.url).pathname;
/** The flatbuffers package reads 0 beyond the end without a word: here it complains, so that a check that is missing shows. */
for (const [name, size] of [['readUint8', 1], ['readUint16', 2], ['readInt32', 4]] as const) {
  const read = ByteBuffer.prototype[name];
  ByteBuffer.prototype[name] = function (this: ByteBuffer, offset: number): number {
    if (!(offset >= 0 && offset + size <= this.capacity())) throw new Error(`${name} at ${offset} of ${this.capacity()}`);
    return read.call(this, offset);
  };
}

const outcomes = { parsed: 0, refused: 0, slowestMs: 0 };

/** Parses or refuses in the agreed way; anything else is the failure that this file is looking for. */
function judge(bytes: Uint8Array, what: string): string {
  const start = performance.now();
  let answer = 'parsed';
  try {
    parseModel(bytes);
    outcomes.parsed++;
  } catch (error) {
    if (!(error instanceof HilError) || error.kind !== 'config' || !error.code.startsWith('model.')) throw new Error(`${what}: ${String(error)}`, { cause: error });
    const { offset, field } = error.facts;
    const inFile = Number.isInteger(offset) && (offset as number) >= 0 && (offset as number) <= bytes.length;
    if (!inFile || typeof field !== 'string' || field === '') throw new Error(`${what}: facts ${JSON.stringify(error.facts)}`, { cause: error });
    outcomes.refused++;
    answer = error.message;
  }
  outcomes.slowestMs = Math.max(outcomes.slowestMs, performance.now() - start);
  return answer;
}

const report = (t: Test): void => {
  t.comment(`${outcomes.parsed} parsed, ${outcomes.refused} refused, slowest ${outcomes.slowestMs.toFixed(1)} ms, heap ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB`);
  t.ok(outcomes.slowestMs < SLOWEST_MS, `slowest ${outcomes.slowestMs.toFixed(1)} ms`);
};

const small = writeModel(smallModel());
const models: Record<string, Uint8Array> = { small, 'small, data outside': writeModel({ ...smallModel(), dataOutside: true }) };
for (const name of ['hello_world_int8', 'trained_lstm_int8', 'kws_ref_model']) {
  const path = `${shared}/models/${name}.tflite`;
  if (existsSync(path)) models[name] = new Uint8Array(readFileSync(path));
}

/** Every byte of the small models, about 500 places of the others. */
const stepFor = (bytes: Uint8Array): number => (bytes.length <= 3000 ? 1 : Math.floor(bytes.length / 500));
t.setTimeout(120_000);

for (const [name, bytes] of Object.entries(models)) {
  t.test(`truncation: ${name}`, async (t) => {
    const step = stepFor(bytes);
    const before = outcomes.parsed;
    for (let length = 0; length < bytes.length; length += step) judge(bytes.slice(0, length), `${length} bytes`);
    t.equal(outcomes.parsed, before, 'no part of a model is a model');
    report(t);
  });
  t.test(`one changed byte: ${name}`, async (t) => {
    const step = stepFor(bytes);
    const damaged = bytes.slice();
    for (let at = 0; at < bytes.length; at += step) {
      const original = bytes[at] as number;
      for (const value of [0, 1, 0x7f, 0x80, 0xff, original ^ 0x01, original ^ 0x80, (original + 4) & 0xff, (original - 4) & 0xff]) {
        damaged[at] = value;
        judge(damaged, `byte ${at} = ${value}`);
      }
      damaged[at] = original;
    }
    report(t);
  });
}

t.test('several bytes at random', async (t) => {
  const change = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 12 });
  const word = fc.tuple(fc.nat(), fc.constantFrom(0, 1, 4, -4, 0x7fffffff, -0x80000000, -1, 0x10000, 0x7fff));
  fc.assert(fc.property(fc.constantFrom(...Object.keys(models)), change, fc.array(word, { maxLength: 4 }), (name, changes, words) => {
    const bytes = (models[name] as Uint8Array).slice();
    for (const [at, value] of changes) bytes[at % bytes.length] = value;
    const view = new DataView(bytes.buffer);
    for (const [at, value] of words) view.setInt32((at % (bytes.length >> 2)) * 4, value, true);
    judge(bytes, name);
  }), { numRuns: 8000, seed: 20261121 });
  report(t);
  t.ok(outcomes.parsed > 1000, 'some damage is invisible');
  t.ok(outcomes.refused > 1000, 'most is not');
});

t.test('random bytes behind a valid header', async (t) => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (tail) => {
    judge(Uint8Array.of(8, 0, 0, 0, 0x54, 0x46, 0x4c, 0x33, ...tail), 'random tail');
  }), { numRuns: 3000, seed: 7 });
  report(t);
});

/** Builds a file in which `count` entries of a vector are all the same table; each level multiplies the work by `count`. */
function shared64k(): Uint8Array {
  const count = 60_000;
  const bytes = new Uint8Array(256 + 2 * 4 * count);
  const view = new DataView(bytes.buffer);
  const put = (at: number, ...words: number[]): void => words.forEach((word, i) => view.setInt32(at + 4 * i, word, true));
  bytes.set(Uint8Array.of(8, 0, 0, 0, 0x54, 0x46, 0x4c, 0x33));
  // Offsets of a flatbuffer point forwards: each vector lies before what its entries share.
  const root = 8;
  const graphs = 32;
  const graph = graphs + 4 + 4 * count;
  const tensors = graph + 8;
  const tensor = tensors + 4 + 4 * count;
  const shape = tensor + 8;
  const vtables = bytes.length - 48;
  // Root: version at 4, operator_codes absent, subgraphs at 8. Graph: tensors at 4. Tensor: shape at 4.
  new Uint16Array(bytes.buffer, vtables, 5).set([10, 12, 4, 0, 8]);
  new Uint16Array(bytes.buffer, vtables + 16, 3).set([6, 8, 4]);
  put(root, root - vtables, 3, graphs - (root + 8));
  put(graph, graph - (vtables + 16), tensors - (graph + 4));
  put(tensor, tensor - (vtables + 16), shape - (tensor + 4));
  put(graphs, count);
  put(tensors, count);
  put(shape, 16);
  for (let i = 0; i < count; i++) {
    put(graphs + 4 + 4 * i, graph - (graphs + 4 + 4 * i));
    put(tensors + 4 + 4 * i, tensor - (tensors + 4 + 4 * i));
  }
  for (let i = 0; i < 16; i++) put(shape + 4 + 4 * i, 1);
  return bytes;
}

t.test('a file that shares one table thousands of times stays cheap', async (t) => {
  const before = process.memoryUsage().rss;
  t.match(judge(shared64k(), 'shared tables'), /tensors\[\d+\].*need more than 24 MiB/);
  const grown = (process.memoryUsage().rss - before) / 2 ** 20;
  t.comment(`${grown.toFixed(1)} MiB more`);
  t.ok(grown < 64, `${grown.toFixed(1)} MiB more`);
  report(t);
});
