import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { HilError } from '../../errors.ts';
import { openGoldenCase, type Dump } from '../index.ts';
import { bytesOf, elementsOf } from './dump.ts';
import { NpySlices } from './npy-slices.ts';
import { parseDumpIndex } from './reference-dump.ts';
import { twoLayers, writeDump } from '../testing/dumps.ts';

/** A damaged file must be answered this fast. */
const SLOWEST_MS = 1000;
const dir = mkdtempSync(path.join(tmpdir(), 'hil-diff-fuzz-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const model = writeDump(`${dir}/a`, twoLayers(), 3);
const index = readFileSync(`${dir}/a/index.json`, 'utf8');
const golden = {
  model: 'small', sha256: model.sha256, case: 'one', invocations: 2, invocationBytes: 16, oracles: { tflm: 'values.bin' }, refused: {}, checks: { tflm: {} },
  tensors: [{ index: 0, opIndex: null, op: null, role: 'input', name: 'x', shape: [1, 4], dtype: 'int8', offset: 0, bytes: 4 }, { index: 6, opIndex: 1, op: 'FULLY_CONNECTED', role: 'output', name: 'y', shape: [1, 3], dtype: 'int8', offset: 8, bytes: 3 }],
};

/** A value inside a JSON document is replaced, or removed. */
const damaged = (document: unknown): fc.Arbitrary<unknown> => fc.tuple(fc.nat(), fc.oneof(fc.jsonValue(), fc.constantFrom(-1, 0.5, 2 ** 53, 1e308, '', '../x', 'int8', [], {}, null, '__proto__', [2 ** 31, 2 ** 31], 'a\0b'), fc.constant(undefined))).map(([at, value]) => {
  const copy = structuredClone(document);
  const places: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key]);
      walk((node as Record<string, unknown>)[key]);
    }
  };
  walk(copy);
  const [node, key] = places[at % places.length]!;
  node[key] = value;
  return copy;
});

const outcomes = { read: 0, refused: 0, slowestMs: 0 };

/** Reads or refuses as bad input; anything else is the failure that this file looks for. */
async function judge(work: () => unknown): Promise<void> {
  const started = performance.now();
  try {
    await work();
    outcomes.read++;
  } catch (error) {
    if (!(error instanceof HilError) || error.kind !== 'config' || !/^(diff|goldens)\./.test(error.code)) throw error;
    outcomes.refused++;
  }
  outcomes.slowestMs = Math.max(outcomes.slowestMs, performance.now() - started);
}

/** Every value that it promises can be read. */
function readAll(dump: Dump): void {
  dump.sequences.forEach(({ samples }, sequence) => {
    for (let sample = 0; sample < Math.min(samples, 4); sample++) {
      for (const tensor of dump.tensors) {
        const { length, byteLength } = dump.read(sequence, sample, tensor);
        if (length !== elementsOf(tensor.shape) || byteLength !== bytesOf(tensor)) throw new Error(`${length} elements, ${byteLength} bytes of ${tensor.dtype} [${tensor.shape.join()}]`);
      }
    }
  });
  dump.close();
}

t.test('index.json', async (t) => {
  await fc.assert(fc.asyncProperty(damaged(JSON.parse(index)), (value) => judge(() => parseDumpIndex(JSON.stringify(value) ?? '', 'index.json'))), { numRuns: 600 });
  await fc.assert(fc.asyncProperty(fc.nat(index.length), fc.string(), (at, text) => judge(() => parseDumpIndex(index.slice(0, at) + text + index.slice(at + text.length), 'index.json'))), { numRuns: 300 });
  await judge(() => parseDumpIndex('['.repeat(100_000), 'index.json'));
  t.ok(outcomes.read > 20 && outcomes.refused > 100, `${outcomes.read} read, ${outcomes.refused} refused`);
});

t.test('golden cases', async (t) => {
  const before = { ...outcomes };
  const values = Buffer.alloc(32, 7);
  const open = async (json: unknown, bytes: Uint8Array): Promise<void> => {
    writeFileSync(`${dir}/case.json`, JSON.stringify(json) ?? '');
    writeFileSync(`${dir}/values.bin`, bytes);
    readAll(await openGoldenCase(`${dir}/case.json`, 'tflm', 'A'));
  };
  await open(golden, values);
  await fc.assert(fc.asyncProperty(damaged(golden), (value) => judge(() => open(value, values))), { numRuns: 600 });
  await fc.assert(fc.asyncProperty(fc.nat(64), (length) => judge(() => open(golden, Buffer.alloc(length)))), { numRuns: 40 });
  t.ok(outcomes.read - before.read > 20 && outcomes.refused - before.refused > 100, `${outcomes.read - before.read} read, ${outcomes.refused - before.refused} refused`);
});

t.test('.npy files of a dump', async (t) => {
  const before = { ...outcomes };
  const bytes = readFileSync(`${dir}/a/6-output.npy`);
  const open = (changed: Uint8Array): void => {
    writeFileSync(`${dir}/fuzz.npy`, changed);
    const slices = new NpySlices(`${dir}/fuzz.npy`, 'int8', 3, [1, 3]);
    for (let sample = 0; sample < 3; sample++) if (slices.sample(sample).length !== 3) throw new Error('not three elements');
    slices.close();
  };
  open(bytes);
  await fc.assert(fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => judge(() => open(bytes.with(at, value)))), { numRuns: 500 });
  await fc.assert(fc.asyncProperty(fc.nat(bytes.length), (length) => judge(() => open(bytes.subarray(0, length)))), { numRuns: 100 });
  t.ok(outcomes.read - before.read > 20 && outcomes.refused - before.refused > 100, `${outcomes.read - before.read} read, ${outcomes.refused - before.refused} refused`);
});

t.test('none was slow', async (t) => {
  t.ok(outcomes.slowestMs < SLOWEST_MS, `slowest ${outcomes.slowestMs.toFixed(0)} ms`);
});
