import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { generateC } from '../codegen/index.ts';
import { builtInDevices, createDevice, findDevice, loadDevices, type Device } from '../device/index.ts';
import { parseModel, type Model } from '../model/index.ts';
import { writeModel } from '../model/writer/index.ts';
import type { CaseReport } from '../report/index.ts';
import { planCheck, randomSequence } from './plan-check.ts';
import type { PlannedCase } from './planned-case.ts';
import { runSuite } from './run-suite.ts';

t.setTimeout(240_000);
const dir = await mkdtemp(join(tmpdir(), 'hil-determinism-'));
t.teardown(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));

const int8 = (name: string) => ({ name, dtype: 'int8' as const, shape: [1, 24], quantisation: { scale: 0.1, zeroPoint: 3 } });
/** Layers 0 RELU a, 1 ADD b, 2 ADD c. */
const sums = parseModel(writeModel({
  tensors: ['x', 'a', 'b', 'c'].map(int8),
  operators: [{ op: 'RELU', inputs: ['x'], outputs: ['a'] }, { op: 'ADD', inputs: ['a', 'x'], outputs: ['b'] }, { op: 'ADD', inputs: ['b', 'a'], outputs: ['c'] }],
  inputs: ['x'], outputs: ['c'],
}));
const rom = parseModel(await readFile(fileURLToPath(new URL('../../suites/engine-rom/model/engine_rom_int8.tflite', import.meta.url))));

/** What is done to the C, and what must be found: 'same' or 'differs' a check, in their order, and the layer where it starts. */
interface Planted {
  readonly name: string;
  readonly model: Model;
  readonly change: (files: Map<string, string>) => void;
  readonly results: readonly (RegExp | string)[];
  readonly layer: number | null;
}

/** Replaces the one place in a file that is looked for. */
function edit(files: Map<string, string>, ending: string, from: RegExp, to: (...groups: string[]) => string): void {
  const [file, text] = [...files].find(([name]) => name.endsWith(ending)) as [string, string];
  const changed = text.replace(from, (...args: string[]) => to(...args.slice(1)));
  if (changed === text) throw new Error(`${file} has no ${String(from)}`);
  files.set(file, changed);
}
/** Statements around those of a layer; OUT is what it computes, IN the network's input. */
const around = (layer: number, before: string, after: string) => (files: Map<string, string>): void =>
  edit(files, 'planted.c', new RegExp(`(\\w+)_layer_${layer}\\(void\\)\\n\\{\\n([^]*?)\\n\\}\\n`), (name = '', body = '') =>
    `${name}_layer_${layer}(void)\n{\n${before}\n${body}\n${after}\n}\n`.replaceAll('OUT', `${name.toUpperCase()}_T${layer + 1}`).replaceAll('IN', `${name.toUpperCase()}_T0`).replaceAll('ARENA', `${name}_arena[${name.toUpperCase()}_ARENA_BYTES - 1]`));

const SAME = ['same', 'same', 'same'] as const;
const planted: readonly Planted[] = [
  { name: 'right', model: sums, change: () => undefined, results: SAME, layer: null },
  { name: 'right, with state', model: rom, change: () => undefined, results: SAME, layer: null },
  { name: 'a byte of the arena that nobody wrote', model: sums, results: ['same', 'same', 'differs'], layer: 1, change: (files) => {
    edit(files, 'layers.h', /_ARENA_BYTES (\d+)/, (bytes) => `_ARENA_BYTES ${Number(bytes) + 16}`);
    around(1, '', '  OUT[3] = (int8_t)(OUT[3] ^ (ARENA & 1));')(files);
  } },
  { name: 'a local variable that nobody wrote', model: sums, results: [/./, /./, 'differs'], layer: 1, change: around(1, '  volatile int8_t local[600];', '  OUT[3] = (int8_t)(OUT[3] ^ local[300]);') },
  { name: 'a static counter', model: sums, results: ['differs', 'differs', 'differs'], layer: 1, change: around(1, '  static int8_t calls;', '  OUT[3] = (int8_t)(OUT[3] ^ (++calls & 7));') },
  { name: 'an accumulator that keeps the sample before', model: sums, results: ['differs', 'differs', 'differs'], layer: 0, change: around(0, '  static int8_t sum;', '  OUT[3] = (int8_t)(OUT[3] ^ sum);\n  sum = IN[5];') },
  { name: 'state that a reset leaves', model: rom, results: ['same', 'differs', 'differs'], layer: 0, change: (files) => edit(files, 'planted.c', /  memset\(\w+_t16, .*\n/, () => '') },
  { name: 'right for as long as it is compared', model: sums, results: ['differs', 'same', 'same'], layer: null, change: around(2, '  static int calls;', '  OUT[3] = (int8_t)(OUT[3] ^ (++calls > 5));') },
  { name: 'scratch memory not told of', model: sums, results: ['same', 'same', 'not possible'], layer: null, change: (files) => edit(files, 'hil.c', /  \.scratch = .*\n  \.n_scratch = .*\n/, () => '') },
];

/** The planted networks as cases of C from elsewhere. */
async function cases(asked: number | null): Promise<PlannedCase[]> {
  return Promise.all(planted.map(async ({ name, model, change }, index) => {
    const folder = join(dir, `c${index}`);
    const { files } = generateC(model, { name: `p${index}_planted` });
    const changed = new Map(files);
    change(changed);
    await mkdir(folder, { recursive: true });
    for (const [file, text] of changed) await writeFile(join(folder, file), text);
    const plan = await planCheck({ name, model, modelFile: `${index}.tflite`, profile: 'tflm', generator: { kind: 'c', dir: folder }, sequences: [randomSequence(model, 5, 1, false)] });
    return { ...plan, ...(asked === null ? {} : { determinism: { samples: asked } }) };
  }));
}

async function run(device: Device, asked: number | null): Promise<readonly CaseReport[]> {
  const { report } = await runSuite({
    suite: { name: 'planted', description: '', file: null }, cases: await cases(asked), devices: [device], out: join(dir, `out-${device.spec.id}-${asked}`), cacheDir: join(dir, 'cache'),
    command: ['hil'], hilVersion: '0', signal: new AbortController().signal, onEvent: () => undefined, pack: 64, optimise: null, leaseWaitMs: 60_000,
  });
  return report.cases;
}

const devices = await loadDevices([builtInDevices]);
const host = createDevice(findDevice(devices, 'host'));
const board = createDevice(findDevice(devices, 'qemu-m3'));
const usable = new Map([[host, (await host.probe()).usable], [board, (await board.probe()).usable]]);

for (const { device, asked, what } of [
  { device: host, asked: 3, what: 'three samples asked for' },
  { device: board, asked: null, what: 'in one image: more is run only where the passes before differ' },
]) {
  t.test(`${device.spec.id}, ${what}`, { skip: usable.get(device) !== true && 'not usable here' }, async (t) => {
    const reports = await run(device, asked);
    for (const [index, { name, results, layer }] of planted.entries()) {
      const one = reports[index] as CaseReport;
      const quick = asked === null && !results.includes('differs');
      t.match(one.determinism.map(({ result }) => result), quick ? [results[0], 'not possible', results[2]] : results, `${name}: ${one.verdict} ${JSON.stringify(one.reasons)} ${JSON.stringify(one.determinism)}`);
      t.match(one.determinism.map(({ check }) => check), ['same sample twice', 'another order', 'other bytes in memory']);
      if (!results.includes('differs')) {
        t.equal(one.verdict, 'pass', `${name}: ${one.reasons.join('; ')}`);
        continue;
      }
      t.equal(one.verdict, 'fail', name);
      t.match(one.reasons[0], layer === null ? /^nondeterministic \(same sample twice\): .* than when it was compared/ : new RegExp(`^nondeterministic \\(.*\\), from layer ${layer} `), name);
      const differing = one.determinism.filter(({ result }) => result === 'differs');
      t.ok(differing.every((each) => (each.layer?.index ?? null) === layer), `${name}: layer ${layer}`);
      t.notMatch(one.layers.flatMap(({ diagnosis }) => diagnosis.map(({ cause }) => cause)).join(), /round/, `${name}: not blamed on rounding`);
    }
  });
}

t.test('none where the suite asks for none', { skip: usable.get(host) !== true && 'not usable here' }, async (t) => {
  const [first] = await run(host, 0);
  t.strictSame(first?.determinism, []);
});
