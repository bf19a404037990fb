/** Generated C against the host reference on random models: layouts, zero points and optional tensors that no golden model has. */
import t from 'tap';
import { parseModel } from '../model/index.ts';
import { writeModel } from '../model/writer/index.ts';
import { prepareReference, type ReferenceRunner } from '../reference/index.ts';
import type { NetworkManifest } from '../runtimes/manifest.ts';
import { generateC } from './index.ts';
import { buildDriver, runDriver, writeFolder, type Invocation } from './testing/native.ts';
import { randomModel, randomSource } from './testing/random-models.ts';

const SEEDS = Array.from({ length: 8 }, (_, k) => 1000 + k);
const SAMPLES = 12;
const FLAGS = ['-std=c99', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
/** Compilers are slow on a busy machine. */
t.setTimeout(180_000);
const distinct = new Set<string>();

interface Run { readonly profile: string; readonly mode: 'tapped' | 'reset'; readonly seeds: readonly number[] }

const RUNS: readonly Run[] = [
  { profile: 'tflm', mode: 'tapped', seeds: SEEDS },
  { profile: 'tflm', mode: 'reset', seeds: SEEDS.slice(2, 4) },
  { profile: 'tflm-2026-08', mode: 'tapped', seeds: SEEDS.slice(0, 2) },
];

for (const { profile, mode, seeds } of RUNS) {
  t.test(`every tensor of every sample is that of the reference: ${profile}, ${mode}`, async (t) => {
    let compared = 0;
    for (const seed of seeds) {
      const model = parseModel(writeModel(randomModel(seed)));
      const { manifest, files } = generateC(model, { name: 'random', profile });
      const folder = await writeFolder(files);
      t.teardown(() => folder.remove());
      const program = await buildDriver(folder.path, manifest, FLAGS, 'x');
      const codes = inputCodes(seed, SAMPLES * (manifest.inputs[0]?.bytes ?? 0));
      const invocations = await runDriver(program, mode, new Uint8Array(codes.buffer), manifest);
      t.equal(invocations.length, SAMPLES);
      const result = compareWithReference(prepareReference(model, profile), codes, invocations, manifest, mode === 'reset');
      compared += result.compared;
      t.equal(result.mismatched, 0, `seed ${seed}: ${JSON.stringify(model.subgraphs[0]?.operators[0]?.options)}`);
    }
    t.ok(compared > 1000, `${compared} elements compared`);
    t.comment(`${profile} ${mode}: ${compared} elements equal`);
  });
}

t.test('a state that is not reset would be seen', async (t) => {
  const model = parseModel(writeModel(randomModel(SEEDS[2] ?? 0)));
  const { manifest, files } = generateC(model, { name: 'random' });
  const folder = await writeFolder(files);
  t.teardown(() => folder.remove());
  const program = await buildDriver(folder.path, manifest, FLAGS, 'x');
  const codes = inputCodes(1, SAMPLES * (manifest.inputs[0]?.bytes ?? 0));
  const invocations = await runDriver(program, 'tapped', new Uint8Array(codes.buffer), manifest);
  t.ok(compareWithReference(prepareReference(model), codes, invocations, manifest, true).mismatched > 0);
});

/** Random codes with some extremes. */
function inputCodes(seed: number, length: number): Int8Array {
  const random = randomSource(seed ^ 0x5a5a);
  return Int8Array.from({ length }, (_, i) => (i % 97 < 3 ? (i % 2 ? 127 : -128) : random.code()));
}

/** Counts the elements of all taps, and the tensors that differ, of a network with one input. */
function compareWithReference(reference: ReferenceRunner, codes: Int8Array, invocations: readonly Invocation[], manifest: NetworkManifest, resetEach: boolean): { compared: number; mismatched: number } {
  const input = reference.tensors[reference.graph.inputs[0] ?? 0] as Int8Array;
  let compared = 0;
  let mismatched = 0;
  reference.reset();
  invocations.forEach((invocation, k) => {
    if (resetEach) reference.reset();
    input.set(codes.subarray(k * input.length, (k + 1) * input.length));
    reference.invoke();
    for (const layer of manifest.layers) {
      layer.taps.forEach((tap, view) => {
        const data = reference.tensors[tap.tensor ?? -1] as Int8Array | Int16Array;
        const expected = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
        const got = invocation.calls[layer.index]?.views[view] ?? new Uint8Array();
        if (!expected.equals(got)) mismatched += 1;
        compared += data.length;
        distinct.add(`${layer.op} ${tap.role} ${data[0]}`);
      });
    }
  });
  return { compared, mismatched };
}

t.test('the models are not all saturated', async (t) => {
  for (const row of ['UNIDIRECTIONAL_SEQUENCE_LSTM output', 'UNIDIRECTIONAL_SEQUENCE_LSTM state', 'FULLY_CONNECTED output', 'SOFTMAX output']) {
    const values = [...distinct].filter((entry) => entry.startsWith(row)).length;
    t.ok(values > 20, `${row}: ${values} different first values`);
  }
});
