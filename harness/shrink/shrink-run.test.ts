import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { createDevice, loadDevices, type Device } from '../device/index.ts';
import { HilError } from '../errors.ts';
import { parseModel, type Model } from '../model/index.ts';
import { readRun, type RecordedRun } from '../replay/index.ts';
import type { CaseReport } from '../report/index.ts';
import { liveBench, planCheck, planSuite, randomSequence, runSuite, type Bench, type PlannedCase } from '../run/index.ts';
import { loadSuite } from '../suite/index.ts';
import { shrinkRun, type ShrinkOptions, type ShrinkResult } from './index.ts';
import { smallCnn } from './testing/small-cnn.ts';

// Generators that make wrong C: hil's own, with an edit in what it writes. A suite that was cut down must fail with such a one, and pass with the right one.
t.setTimeout(280_000);
const scratch = mkdtempSync(path.join(tmpdir(), 'hil-shrink-test-'));
t.teardown(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));
process.env['HIL_HOME'] = path.join(scratch, 'home');
const specs = new Map((await loadDevices()).map((spec) => [spec.id, spec]));
const host = createDevice(specs.get('host')!);
const cacheDir = path.join(scratch, 'cache');
const engine = parseModel(readFileSync(fileURLToPath(new URL('../../suites/engine-rom/model/engine_rom_int8.tflite', import.meta.url))));
const cnn = smallCnn().model;
let folders = 0;
const folder = (): string => path.join(scratch, `f${++folders}`);

/** hil's bench, with a change in all C that it generates. @param change returns null where it has nothing to change */
function wrongBench(change: (file: string, text: string) => string): Bench {
  return { ...liveBench, generate: async (context) => {
    const pack = await liveBench.generate(context);
    for (const name of readdirSync(pack.root)) {
      const text = readFileSync(path.join(pack.root, name), 'utf8');
      const changed = change(name, text);
      if (changed !== text) writeFileSync(path.join(pack.root, name), changed);
    }
    return pack;
  } };
}

async function run(cases: readonly PlannedCase[], bench: Bench, device: Device = host): Promise<{ readonly dir: string; readonly cases: readonly CaseReport[] }> {
  const { report, dir } = await runSuite({ suite: { name: 'of the test', description: '', file: null }, cases, devices: [device], out: folder(), cacheDir, command: [], hilVersion: '0', signal: new AbortController().signal,
    onEvent: () => undefined, pack: 1, optimise: null, leaseWaitMs: 1000, bench });
  return { dir, cases: report.cases };
}

const casesOf = async (model: Model, samples: number): Promise<PlannedCase[]> => [await planCheck({ name: 'original', model, modelFile: 'original.tflite', profile: 'tflm', generator: { kind: 'builtin' }, sequences: [randomSequence(model, samples, 1, false)] })];

function options(out: string, bench: Bench, change: Partial<ShrinkOptions> = {}): ShrinkOptions {
  return { wanted: { case: null, device: null }, out, force: false, deviceOf: async () => host, bench, cacheDir, budgetMs: 30_000, signal: new AbortController().signal, hilVersion: '0', leaseWaitMs: 1000,
    onStep: () => undefined, onProgress: () => undefined, ...change };
}

type ShrunkResult = Extract<ShrinkResult, { outcome: 'shrunk' }>;

async function shrunk(t: Test, recorded: RecordedRun, out: string, bench: Bench): Promise<ShrunkResult> {
  const said: string[] = [];
  const result = await shrinkRun(recorded, options(out, bench, { onStep: (line) => said.push(line) }));
  t.notMatch(said.join('\n'), /is not the one that the run had/);
  if (result.outcome !== 'shrunk') throw new Error(result.why);
  t.equal(result.verified?.verdict, 'fail');
  return result;
}

/** The written suite by itself: fails in one layer with the wrong C, passes with the right one. */
async function runAlone(t: Test, dir: string, wrong: Bench, op: string): Promise<CaseReport> {
  const suite = await loadSuite(dir);
  const plan = (): Promise<PlannedCase[]> => planSuite(suite, { generatorDir: null, now: new Date() });
  const [fails] = (await run(await plan(), wrong)).cases;
  t.equal(fails?.verdict, 'fail');
  t.strictSame(fails?.layers.filter(({ own }) => (own?.mismatched ?? 0) > 0).map((layer) => layer.op), [op], 'that layer is wrong by itself, and no other');
  const [passes] = (await run(await plan(), liveBench)).cases;
  t.equal(passes?.verdict, 'pass', 'mended, it passes');
  return fails as CaseReport;
}

const FC_SUM = 'nn_requantise(*sums++, q) + zero_point';
/** Sums above a bound come out one too high. */
const wrongSums = (name: string, text: string): string => (name === 'nn_fully_connected.h' ? replaced(text, FC_SUM, 'nn_requantise(*sums, q) + zero_point + (*sums++ > 2000)') : text);

function replaced(text: string, from: string, to: string): string {
  if (text.split(from).length !== 2) throw new Error(`${JSON.stringify(from)} is there ${text.split(from).length - 1} times`);
  return text.replace(from, () => to);
}

t.test('a kernel that is wrong: its layer alone, one sample, the elements that it takes', async (t) => {
  const bench = wrongBench((name, text) => wrongSums(name, text).replace('(*sums++ > 2000)', '5 * (*sums++ > 2000)'));
  // Off by more than is forgiven.
  const planned = (await casesOf(cnn, 16)).map((one) => ({ ...one, determinism: { samples: 2 }, tolerances: [{ scope: 'layer conv', layers: [0], outputs: [], lsb: 1, budget: null, reason: 'of the test' }, { scope: 'layer logits', layers: [3, 4], outputs: [0], lsb: 1, budget: null, reason: '' }] }));
  const { dir, cases } = await run(planned, bench);
  t.equal(cases[0]?.layers.find(({ own }) => (own?.mismatched ?? 0) > 0)?.op, 'FULLY_CONNECTED', 'the run fails as it should');
  const out = folder();
  const { shrunk: found } = await shrunk(t, await readRun(dir), out, bench);
  t.equal(found.samples, 1);
  t.strictSame(found.model.subgraphs[0]?.operators.map(({ name }) => name), ['FULLY_CONNECTED']);
  t.ok([...found.codes].filter((code) => code !== 3).length <= 6, `${[...found.codes].filter((code) => code !== 3).length} of 27 elements are left`);
  t.strictSame(readdirSync(out).sort(), ['README.md', 'input.npy', 'model.tflite', 'suite.json']);
  t.match(JSON.parse(readFileSync(path.join(out, 'suite.json'), 'utf8')), { cases: [{ determinism: { samples: 2 }, tolerances: [{ layers: '0', lsb: 1, reason: 'as in the case that was cut down' }] }] });
  const readme = readFileSync(path.join(out, 'README.md'), 'utf8');
  t.match(readme, /layer 3 FULLY\\_CONNECTED \(logits\) of the case is wrong by itself/);
  t.match(readme, new RegExp(`the layer alone, of 5 operators[\\s\\S]*SHA-256 ${cnn.sha256}`));
  t.match(readme, /hil run \. --device host/);
  await runAlone(t, out, bench, 'FULLY_CONNECTED');
});

t.test('a defect that needs a neighbour: as few layers as show it, and where only all do, all', async (t) => {
  for (const [neighbour, operators] of [['nn_run_conv_pairs', ['CONV_2D', 'MAX_POOL_2D', 'RESHAPE', 'FULLY_CONNECTED']], ['nn_run_softmax', ['CONV_2D', 'MAX_POOL_2D', 'RESHAPE', 'FULLY_CONNECTED', 'SOFTMAX']]] as const) {
    const bench = wrongBench((_name, text) => (text.includes('cnn_layer_') || !text.includes(neighbour) || !text.includes('.requant_step = 0,\n') ? text : replaced(text, '.requant_step = 0,\n    .zero_point = 1', '.requant_step = 0,\n    .zero_point = 2')));
    const { dir } = await run(await casesOf(cnn, 4), bench);
    const out = folder();
    const { shrunk: found } = await shrunk(t, await readRun(dir), out, bench);
    t.strictSame(found.model.subgraphs[0]?.operators.map(({ name }) => name), operators);
    t.match(found.steps[0], operators.length === 5 ? /^the network is whole: the layer alone, and with few layers before it, computes the right values/ : /^4 of 5 operators: the layer and those before it/);
  }
});

t.test('a layer with state: the shortest sequence that fails', async (t) => {
  // Wrong once a cell has become large, which takes some steps.
  const bench = wrongBench((_name, text) => {
    const cell = /memset\((\w+_t\d+), 0, sizeof/.exec(text)?.[1];
    return cell === undefined ? text : text.replace(/nn_run_lstm\w*\([^;]*\);\n/, (call) => `${call}  for (int32_t i = 0; i < 32; i++) {\n    if (${cell}[i] > 6000) {\n      ${cell}[i]--;\n    }\n  }\n`);
  });
  const { dir, cases } = await run(await casesOf(engine, 40), bench);
  t.equal(cases[0]?.verdict, 'fail', `${cases[0]?.reasons[0]}`);
  const step = cases[0]?.layers[0]?.own?.first?.step ?? 0;
  t.ok(step > 1, `it goes wrong at step ${step}`);
  const out = folder();
  const { shrunk: found } = await shrunk(t, await readRun(dir), out, bench);
  t.ok(found.samples > 1 && found.samples <= step + 1, `${found.samples} steps: one is not enough`);
  t.strictSame(found.model.subgraphs[0]?.operators.map(({ name }) => name), ['UNIDIRECTIONAL_SEQUENCE_LSTM'], 'the layer alone, with its state');
  t.match(found.steps.join('\n'), new RegExp(`${found.samples} samples in a row, of those that end with step ${step} of sequence "random"`));
  await runAlone(t, out, bench, 'UNIDIRECTIONAL_SEQUENCE_LSTM');
});

t.test('what fails no more, what never failed, and a folder that is used', async (t) => {
  const bench = wrongBench(wrongSums);
  const { dir } = await run(await casesOf(cnn, 4), bench);
  const recorded = await readRun(dir);
  const out = folder();
  const gone = await shrinkRun(recorded, options(out, liveBench));
  t.match(gone, { outcome: 'gone', why: /does not fail now/ });
  t.throws(() => readdirSync(out), 'nothing is written');
  const good = await readRun((await run(await casesOf(cnn, 4), liveBench)).dir);
  await t.rejects(shrinkRun(good, options(folder(), bench)), { kind: 'config', code: 'shrink.nothing-fails' });
  await t.rejects(shrinkRun(recorded, options(folder(), bench, { wanted: { case: 'other', device: null } })), { kind: 'config', code: 'shrink.no-case' });
  await t.rejects(shrinkRun(recorded, options(dir, bench)), { kind: 'config', code: 'shrink.not-empty' });
  await t.rejects(shrinkRun(recorded, options(dir, bench, { force: true })), { kind: 'config', code: 'shrink.not-empty', message: /holds no suite/ });
  t.ok(readdirSync(dir).includes('report.json'), 'nothing was touched');
  const c: RecordedRun = { ...recorded, cases: recorded.cases.map((one) => ({ ...one, generator: { kind: 'c', dir: folder() } })) };
  await t.rejects(shrinkRun(c, options(folder(), bench)), { kind: 'config', code: 'shrink.no-c' });
  t.match(gone, { written: false });
});

t.test('a build or a bench that fails is no failure that went away', async (t) => {
  const bench = wrongBench(wrongSums);
  const recorded = await readRun((await run(await casesOf(cnn, 4), bench)).dir);
  const failing = (kind: 'build' | 'bench', from: (name: string) => boolean): Bench => ({ ...bench,
    build: async (contexts, packs) => { if (kind === 'build' && from(contexts[0]!.plan.name)) throw new HilError('build', 'test', 'it does not compile'); return bench.build(contexts, packs); },
    occupy: async (context, work) => { if (kind === 'bench' && from(context.plan.name)) throw new HilError('bench', 'test', 'QEMU does not start'); return bench.occupy(context, work); },
  });
  const budget: RecordedRun = { ...recorded, report: { ...recorded.report, cases: recorded.report.cases.map((one) => ({ ...one, layers: [], reasons: ['flash is too large'] })) } };
  for (const [kind, message] of [['build', /it does not compile/], ['bench', /QEMU does not start/]] as const) {
    for (const each of [recorded, budget]) await t.rejects(shrinkRun(each, options(folder(), failing(kind, () => true))), { kind, message });
    const out = folder();
    await t.rejects(shrinkRun(recorded, options(out, failing(kind, (name) => name === 'shrunk'), { budgetMs: 1 })), { kind, message: new RegExp(`${message.source}.*the suite was run alone, which is in .*${path.basename(out)}`) });
    t.ok(readdirSync(out).includes('suite.json'), 'which is there');
  }
  const late = new AbortController();
  const out = folder();
  const result = await shrinkRun(recorded, options(out, bench, { budgetMs: 1, signal: late.signal, onStep: (line) => { if (line.includes('is run alone')) late.abort(new HilError('cancelled', 'test', 'interrupted')); } }));
  t.match(result, { outcome: 'shrunk', verified: null }, 'interrupted in the last run');
  t.ok(readdirSync(out).includes('suite.json'));
});

t.test('interrupted: the best so far is there whole, or nothing', async (t) => {
  const bench = wrongBench(wrongSums);
  const recorded = await readRun((await run(await casesOf(cnn, 4), bench)).dir);
  const early = new AbortController();
  early.abort(new HilError('cancelled', 'test', 'interrupted'));
  const nothing = folder();
  await t.rejects(shrinkRun(recorded, options(nothing, bench, { signal: early.signal })), { kind: 'cancelled', code: 'test' });
  t.throws(() => readdirSync(nothing));
  const later = new AbortController();
  const out = folder();
  const result = await shrinkRun(recorded, options(out, bench, { signal: later.signal, onProgress: (line) => { if (line.includes('input elements')) later.abort(new HilError('cancelled', 'test', 'interrupted')); } }));
  t.match(result, { outcome: 'shrunk', verified: null });
  t.strictSame(readdirSync(out).sort(), ['README.md', 'input.npy', 'model.tflite', 'suite.json']);
  t.match(readFileSync(path.join(out, 'README.md'), 'utf8'), /It was not run alone yet/);
  await runAlone(t, out, bench, 'FULLY_CONNECTED');
});
