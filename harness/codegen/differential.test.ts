/** Generated C against the host reference on random models: layouts, zero points and optional tensors that no golden model has. */
import t from 'tap';
import { parseModel } from '../model/index.ts';
import { writeModel } from '../model/writer/index.ts';
import { prepareReference } from '../reference/index.ts';
import { generateC } from './index.ts';
import { buildDriver, runDriver, writeFolder } from './testing/native.ts';
import { randomModel, randomSource } from './testing/random-models.ts';

const SEEDS = Array.from({ length: 8 }, (_, k) => 1000 + k);
const SAMPLES = 12;
const FLAGS = ['-std=c99', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
/** Compilers are slow on a busy machine. */
t.setTimeout(180_000);
const distinct = new Set<string>();

for (const profile of ['tflm', 'tflm-2026-08']) {
  t.test(`every tensor of every sample is that of the reference, profile ${profile}`, async (t) => {
    let compared = 0;
    for (const seed of profile === 'tflm' ? SEEDS : SEEDS.slice(0, 2)) {
      const model = parseModel(writeModel(randomModel(seed)));
      const { manifest, files } = generateC(model, { name: 'random', profile });
      const folder = await writeFolder(files);
      t.teardown(() => folder.remove());
      const program = await buildDriver(folder.path, manifest, FLAGS, 'x');
      const reference = prepareReference(model, profile);
      const random = randomSource(seed ^ 0x5a5a);
      const [inputIndex = 0] = reference.graph.inputs;
      const codes = Int8Array.from({ length: SAMPLES * (manifest.inputs[0]?.bytes ?? 0) }, (_, i) => (i % 97 < 3 ? (i % 2 ? 127 : -128) : random.code()));
      const invocations = await runDriver(program, 'tapped', new Uint8Array(codes.buffer), manifest);
      t.equal(invocations.length, SAMPLES);
      reference.reset();
      let mismatched = 0;
      invocations.forEach((invocation, k) => {
        const input = reference.tensors[inputIndex] as Int8Array;
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
      t.equal(mismatched, 0, `seed ${seed}: ${JSON.stringify(model.subgraphs[0]?.operators[0]?.options)}`);
    }
    t.ok(compared > 1000, `${compared} elements compared`);
    t.comment(`${profile}: ${compared} elements equal`);
  });
}

t.test('the models are not all saturated', async (t) => {
  for (const row of ['UNIDIRECTIONAL_SEQUENCE_LSTM output', 'UNIDIRECTIONAL_SEQUENCE_LSTM state', 'FULLY_CONNECTED output', 'SOFTMAX output']) {
    const values = [...distinct].filter((entry) => entry.startsWith(row)).length;
    t.ok(values > 20, `${row}: ${values} different first values`);
  }
});
