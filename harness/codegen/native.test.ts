/** Generated C, compiled for this host and run, against the golden tensors of the oracle: every operator output and state. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parseModel } from '../model/index.ts';
import { generateC, networkNameFrom } from './index.ts';
import { compareWithGolden } from './testing/compare.ts';
import { ENGINE_ROM, SHARED, goldenCases, type GoldenCase } from './testing/goldens.ts';
import { buildDriver, runDriver, writeFolder, type Invocation } from './testing/native.ts';

interface Subject { readonly name: string; readonly model: string; readonly goldens: string }

const SUBJECTS: readonly Subject[] = [
  ...['hello_world_int8', 'trained_lstm_int8', 'ad01_int8', 'kws_ref_model', 'pretrainedResnet_quant', 'vww_96_int8'].map((name) => ({
    name,
    model: join(SHARED, 'models', `${name}.tflite`),
    goldens: join(SHARED, 'goldens', name),
  })),
  { name: 'engine_rom_int8', model: join(ENGINE_ROM, 'model/engine_rom_int8.tflite'), goldens: join(ENGINE_ROM, 'oracle') },
];

t.setTimeout(180_000);

const VARIANTS: readonly (readonly [string, readonly string[]])[] = [
  ['O2', ['-std=c99', '-O2']],
  ['Os', ['-std=c99', '-Os']],
  ['O3', ['-std=c11', '-O3']],
  ['sanitised', ['-std=c99', '-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all']],
];

/** Portable C, and the kernels for 16-bit SIMD as a host can run them. */
const CORES = [
  { core: undefined, variants: VARIANTS },
  { core: 'cortex-m4', variants: VARIANTS.filter(([variant]) => variant === 'O2' || variant === 'sanitised') },
] as const;

for (const subject of SUBJECTS) for (const { core, variants } of CORES) {
  const present = existsSync(subject.model) && goldenCases(subject.goldens).length > 0;
  t.test(`${subject.name} ${core ?? 'portable'}`, { skip: present ? false : 'model or goldens are not here (HIL_SHARED)' }, async (t) => {
    const model = parseModel(readFileSync(subject.model));
    const goldens = goldenCases(subject.goldens).filter((golden) => golden.sha256 === model.sha256);
    t.ok(goldens.length > 0, 'there are goldens of this very model');
    const { manifest, files } = generateC(model, { name: networkNameFrom(subject.model), ...(core === undefined ? {} : { core }) });
    const folder = await writeFolder(files);
    t.teardown(() => folder.remove());
    for (const [variant, flags] of variants) {
      const program = await buildDriver(folder.path, manifest, flags, variant);
      let compared = 0;
      for (const golden of goldens) {
        const tapped = await runDriver(program, 'tapped', golden.inputBytes, manifest);
        const result = compareWithGolden(golden, tapped, manifest);
        compared += result.compared;
        t.same(result, { compared: elementsOf(golden), mismatched: 0, missing: [] }, `${variant} ${golden.name}`);
        const plain = await runDriver(program, 'plain', golden.inputBytes, manifest);
        t.equal(plain.length, golden.invocations);
        t.same(plain.map(withoutTaps), tapped.map(withoutTaps), `${variant} ${golden.name}: outputs and state are the same without taps`);
        t.ok(tapped.every((invocation) => inOrder(invocation, manifest.layers.length)), 'every layer is shown once, in order');
      }
      t.ok(compared > 0, `${variant}: ${compared} elements compared`);
      t.comment(`${subject.name} ${variant}: ${compared} elements equal`);
    }
  });
}

t.test('a changed weight makes the comparison fail', { skip: existsSync(join(SHARED, 'models')) ? false : 'no models here (HIL_SHARED)' }, async (t) => {
  for (const [name, symbol] of [['hello_world_int8', 't4'], ['trained_lstm_int8', 't9']] as const) {
    const model = parseModel(readFileSync(join(SHARED, 'models', `${name}.tflite`)));
    const [golden] = goldenCases(join(SHARED, 'goldens', name));
    const { manifest, files } = generateC(model, { name: 'changed' });
    const file = 'changed_weights.c';
    const before = files.get(file) ?? '';
    // The first value of one array of weights, away from its sign bit so that it stays an int8.
    const after = before.replace(new RegExp(`(int8_t changed_${symbol}\\[\\d+\\] = \\{\\n *)(-?\\d+)`), (_, head: string, value: string) => `${head}${Number(value) ^ 32}`);
    t.not(after, before, 'a weight was changed');
    const folder = await writeFolder(new Map([...files, [file, after]]));
    t.teardown(() => folder.remove());
    const program = await buildDriver(folder.path, manifest, ['-std=c99', '-O2'], 'changed');
    if (golden === undefined) return t.fail('no golden');
    const result = compareWithGolden(golden, await runDriver(program, 'tapped', golden.inputBytes, manifest), manifest);
    t.ok(result.mismatched > 0, `${name}: ${result.mismatched} of ${result.compared} elements differ`);
  }
});

/** What should be compared of a golden case, counted without the comparison. */
function elementsOf(golden: GoldenCase): number {
  const rows = golden.tensors.filter((tensor) => tensor.role !== 'input');
  return golden.invocations * rows.reduce((sum, tensor) => sum + tensor.shape.reduce((product, n) => product * n, 1), 0);
}

const withoutTaps = ({ status, outputs, state }: Invocation): unknown => ({ status, outputs: outputs.map(hex), state: state.map(hex) });
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const inOrder = (invocation: Invocation, layers: number): boolean =>
  invocation.calls.length === layers && invocation.calls.every((call, index) => call.layer === index && call.occurrence === 0);
