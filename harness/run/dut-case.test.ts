/** Cases on boards with stock MLPerf Tiny firmware: a stand-in for one, and hil's own agent as one, on a real QEMU. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { buildImage, loadBoard } from '../build/index.ts';
import { SHARED } from '../codegen/testing/goldens.ts';
import { createDevice, loadDevices, type Device, type DeviceSpec } from '../device/index.ts';
import { qemuSpec, tempDir } from '../device/testing/helpers.ts';
import { startStandIn } from '../link/mlperf/testing/stand-in.ts';
import { parseModel, type Model } from '../model/index.ts';
import { writeModel } from '../model/writer/index.ts';
import { smallModel } from '../model/writer/samples.ts';
import { prepareReference } from '../reference/index.ts';
import type { CaseReport } from '../report/index.ts';
import { prepareNetwork } from '../runtimes/index.ts';
import type { CaseContext } from './case-context.ts';
import { DutReference } from './dut-reference.ts';
import { PhaseClock } from './events.ts';
import { planCheck, randomSequence } from './plan-check.ts';
import type { PlannedCase } from './planned-case.ts';
import { liveBench } from './bench.ts';
import { CaseGroup } from './case-group.ts';

t.setTimeout(200_000);
process.env['HIL_HOME'] = await tempDir(t);
const SAMPLES = 6;
const spec: DeviceSpec = { ...qemuSpec, id: 'stock', kind: 'serial', firmware: 'mlperf-tiny', latency: { unit: 'us', quality: 'hardware', numerator: 1, denominator: 1 },
  timeouts: { startMs: 20_000, helloMs: 20_000, replyMs: 10_000, silenceMs: 10_000 }, invocationLimitMs: 10_000 };
// Without the state tensor nothing of the sample model is left out; with it a board could not be reset between samples.
const model = parseModel(writeModel(smallModel()));
const plan = await planOf(model);
const qemu = (await loadDevices()).find((each) => each.id === 'qemu-m4') as DeviceSpec;
const usable = (await createDevice(qemu).probe()).usable && !(await missingCompiler());

async function missingCompiler(): Promise<boolean> {
  const { execa } = await import('execa');
  return (await execa('arm-none-eabi-gcc', ['--version'], { reject: false })).failed;
}

async function planOf(of: Model, samples = SAMPLES): Promise<PlannedCase> {
  return planCheck({ name: 'case', model: of, modelFile: 'model.tflite', profile: 'tflm', generator: { kind: 'builtin' }, sequences: [randomSequence(of, samples, 1, false)] });
}

/** What the firmware prints for each sample, by the payload's hash. */
function answers(of: PlannedCase, print: (value: number) => string): Record<string, string> {
  const reference = new DutReference(prepareReference(of.model, of.profile), 'codes');
  const [sequence] = of.sequences;
  const bytes = sequence!.codes.length / sequence!.samples;
  return Object.fromEntries(Array.from({ length: sequence!.samples }, (_, k) => {
    const { payload, expected } = reference.sample(sequence!.codes.subarray(k * bytes, (k + 1) * bytes));
    return [createHash('sha256').update(payload).digest('hex'), expected.map(print).join(',')];
  }));
}

const cut = (value: number): string => (Math.floor(value * 1000) / 1000).toFixed(3);
const rounded = (value: number): string => value.toFixed(3);

function standIn(t: Test, behaviour: Readonly<Record<string, unknown>>, more: Partial<DeviceSpec> = {}): Device {
  return {
    spec: { ...spec, ...more }, probe: async () => ({ usable: true, found: [], missing: [] }),
    start: async (image) => {
      t.equal(image, 'attached', 'never flashed');
      const stream = startStandIn(t, behaviour);
      return { stream, ended: new Promise(() => undefined), stop: async () => { stream.destroy(); } };
    },
  };
}

async function run(device: Device, of: PlannedCase = plan, signal = new AbortController().signal): Promise<CaseReport> {
  const context: CaseContext = { plan: of, device, bench: liveBench, signal, onEvent: () => undefined, clock: new PhaseClock(() => 0), networkName: null, generatedDir: '/none', cacheDir: '/none',
    optimise: null, flags: [], leaseWaitMs: 1000, onTranscript: () => undefined, keepImage: async () => undefined };
  const [report] = await new CaseGroup([context]).runAll();
  return report as CaseReport;
}

t.test('the right results pass, cut or rounded', async (t) => {
  for (const [how, print] of [['cut', cut], ['rounded', rounded], ['with an exponent', (value: number) => value.toExponential(4)]] as const) {
    const report = await run(standIn(t, { model: 'small', results: answers(plan, print), inferUs: 2000 }));
    t.match(report, { verdict: 'pass', samples: SAMPLES, layers: [], scope: 'outputs', image: null, generator: null, outputs: [{ compared: 3 * SAMPLES, mismatched: 0 }] }, `${how}: ${report.reasons.join('; ')}`);
    t.match(report.latency, { unit: 'us', quality: 'hardware', median: 2000, n: 3 });
    t.ok(report.reasons.some((reason) => reason.startsWith('whole-model check: the firmware shows no layers;')));
  }
  t.match(await run(standIn(t, { model: 'small', results: answers(plan, cut), energy: true })), { verdict: 'pass', latency: null, latencyReason: /energy mode/ });
});

t.test('one step of one result is seen', async (t) => {
  const wrong = answers(plan, cut);
  const [key] = Object.keys(wrong) as [string];
  wrong[key] = (wrong[key] as string).split(',').map((value, i) => (i === 1 ? cut(Number(value) + 1.2 / 256) : value)).join(',');
  const report = await run(standIn(t, { model: 'small', results: wrong }));
  t.match(report, { verdict: 'fail', reasons: [/^the firmware printed 0\.\d+ where the reference gives 0\.\d+: sequence random, step 0, result 1/, /^output p: 1 of 18 elements differ/], outputs: [{ mismatched: 1, maxAbsDiff: 1 }] });
});

t.test('what the line did is not held against the firmware', async (t) => {
  const results = answers(plan, cut);
  const report = await run(standIn(t, { model: 'small', results, firstResults: ['0.9,0.9,0.9', '0.1,0.2'] }));
  t.equal(report.verdict, 'pass', report.reasons.join('; '));
  t.ok((report.link?.resent ?? 0) >= 2);
  for (const [behaviour, reason] of [
    [{ deafFrom: 0 }, /no m-ready within 600 ms/], [{ deafFrom: 6 }, /no m-ready/], [{ exitOn: 'infer' }, /the connection closed/],
    [{ corruptByte: 2, corruptLoads: 99 }, /could not be loaded in 3 attempts/], [{ results: '0.5,0.5' }, /prints 2 results, the case's model gives 3/],
    [{ model: 'kws01' }, /another model: it says kws01, which takes 490 bytes, and the case's model 4/], [{ maxBytes: 3 }, /exceeds maximum/],
    [{ noReadyOn: 'infer' }, /no m-ready within/],
  ] as const) {
    const short = { timeouts: { ...spec.timeouts, helloMs: 600, replyMs: 400 }, invocationLimitMs: 300 };
    t.match(await run(standIn(t, { model: 'small', results, ...behaviour }, short)), { verdict: 'bench-error', reasons: [reason] }, JSON.stringify(behaviour));
  }
});

t.test('what is the firmware\'s own fault', async (t) => {
  t.match(await run(standIn(t, { model: 'small', results: '0.1,nan,0.2' })), { verdict: 'fail', reasons: [/a result is "nan"/] });
  t.match(await run(standIn(t, { model: 'small', results: answers(plan, cut), firstResults: [...Object.values(answers(plan, cut)), '0,0,0', '0,0,0', '0,0,0', '0.1,0.1,0.8', '0.1,0.1,0.8'] })), { verdict: 'fail', reasons: [/nondeterministic/] });
});

t.test('nothing passes that was not compared', async (t) => {
  for (const results of ['0,0,0', '0e3,0e3,0e3']) {
    t.match(await run(standIn(t, { model: 'small', results })), { verdict: 'bench-error', reasons: [/prints so few digits that zeros would do for every result/] }, results);
  }
  const two = { ...model, subgraphs: model.subgraphs.map((graph) => ({ ...graph, outputs: [...graph.outputs, graph.inputs[0]!] })) };
  t.match(await run(standIn(t, { model: 'small', results: answers(plan, cut) }), { ...plan, model: two }), { verdict: 'bench-error', reasons: [/it has 2 outputs, and the firmware shows the first only/] });
  const none = { ...plan, sequences: [] };
  t.match(await run(standIn(t, { model: 'small' }), none), { verdict: 'bench-error' });
  t.match(await run(standIn(t, { model: 'small' }), { ...plan, skipReason: 'quarantined' }), { verdict: 'skipped', reasons: ['quarantined'] });
  const asked = { ...plan, metrics: [{ name: 'RMSE', kind: 'rmse', against: 'truth', output: 0, unit: '', max: 1, min: null }] } as const;
  t.match(await run(standIn(t, { model: 'small', results: answers(plan, cut) }), asked), { verdict: 'bench-error', reasons: [/RMSE was asked for and not computed/] });
  const aborted = AbortSignal.abort();
  t.match(await run(standIn(t, { model: 'small' }), plan, aborted), { verdict: 'interrupted' });
});

t.test('tolerances and metrics: of what the firmware prints', async (t) => {
  const [scale] = model.subgraphs[0]!.tensors[model.subgraphs[0]!.outputs[0]!]!.quantisation!.scale as [number];
  const off = (): Device => standIn(t, { model: 'small', results: answers(plan, (value) => rounded(value + scale)) });
  const judged = (tolerance: { readonly lsb: number | null; readonly budget: { readonly elements: number } | null }): PlannedCase => ({ ...plan, tolerances: [{ scope: 'all layers', layers: [0], outputs: [0], reason: 'why', ...tolerance }] });
  const elements = 3 * SAMPLES;
  t.match(await run(off()), { verdict: 'fail', outputs: [{ mismatched: elements, maxAbsDiff: 1 }] });
  t.match(await run(off(), judged({ lsb: 1, budget: null })), { verdict: 'pass', outputs: [{ mismatched: 0 }], tolerances: [{ used: { elements, compared: elements, maxAbsDiff: 1 }, needed: true, kept: true }] });
  t.match(await run(off(), judged({ lsb: null, budget: { elements } })), { verdict: 'pass', outputs: [{ mismatched: 0 }] });
  t.match(await run(off(), judged({ lsb: null, budget: { elements: elements - 1 } })), { verdict: 'fail', reasons: [/the firmware printed/], outputs: [{ mismatched: elements }], tolerances: [{ kept: false }] });
  t.match(await run(standIn(t, { model: 'small', results: answers(plan, rounded) }), judged({ lsb: 1, budget: null })), { verdict: 'pass', tolerances: [{ needed: false }] });
  const byMetric = (kind: 'top-1' | 'rmse', limit: { readonly max: number | null; readonly min: number | null }): PlannedCase => ({ ...plan, judge: 'metrics', metrics: [{ name: 'figure', kind, against: 'reference', output: 0, unit: '', ...limit }] });
  t.match(await run(off(), byMetric('top-1', { max: null, min: 1 })), { verdict: 'pass', judge: 'metrics', outputs: [{ mismatched: elements, metrics: [{ value: 1, passed: true }] }] });
  t.match(await run(off(), byMetric('rmse', { max: scale / 2, min: null })), { verdict: 'fail', outputs: [{ metrics: [{ passed: false }] }] });
});

t.test('a budget in us', async (t) => {
  const results = answers(plan, cut);
  const budgets = { latency: { max: 1999, unit: 'us' }, flashBytes: 1 };
  t.match(await run(standIn(t, { model: 'small', results, inferUs: 2000 }), { ...plan, budgets }), { verdict: 'fail', reasons: [/budget latency: 2000 us, limit 1999 us/] });
});

t.test('the device file in docs/mlperf-tiny.md is one', async (t) => {
  const [, json = ''] = /```json\n(\{[^]*?\n\})\n```/.exec(readFileSync(new URL('../../docs/mlperf-tiny.md', import.meta.url), 'utf8')) ?? [];
  const dir = await tempDir(t);
  writeFileSync(path.join(dir, 'my-l4r5zi.json'), json);
  const [device] = await loadDevices([dir]);
  t.match(device, { id: 'my-l4r5zi', firmware: 'mlperf-tiny' });
  writeFileSync(path.join(dir, 'my-l4r5zi.json'), json.replace('"labels": {}', '"mlperfTiny": { "ioManager": true, "readBack": false }, "labels": {}'));
  t.match(await loadDevices([dir]), [{ mlperfTiny: { ioManager: true, readBack: false } }]);
});

/** hil's own agent on QEMU, with the board's HIL_MLPERF, in the part of a stock firmware. */
async function agentOf(t: Test, of: Model): Promise<Device> {
  const pack = await prepareNetwork({ kind: 'builtin' }, { model: of, modelFile: 'model.tflite', profile: 'tflm', core: qemu.core, outDir: await tempDir(t) });
  const image = await buildImage({ package: pack, board: await loadBoard(qemu.board), cacheDir: await tempDir(t), signal: new AbortController().signal });
  const device = createDevice(qemu);
  return { spec: { ...qemu, firmware: 'mlperf-tiny', timeouts: { ...qemu.timeouts, helloMs: 20_000, replyMs: 10_000 } }, probe: () => device.probe(), start: (_attached, options) => device.start(image, options) };
}

t.test('hil\'s own agent as the firmware', { skip: usable ? false : 'needs qemu-system-arm and arm-none-eabi-gcc' }, async (t) => {
  const right = await run(await agentOf(t, model));
  t.match(right, { verdict: 'pass', outputs: [{ compared: 3 * SAMPLES, mismatched: 0 }], latency: { unit: 'us', quality: 'modelled' } }, right.reasons.join('; '));
  const description = smallModel();
  const tensors = description.tensors.map((tensor) => (tensor.name === 'b' ? { ...tensor, data: [500, -200, 300] } : tensor));
  const wrong = await run(await agentOf(t, parseModel(writeModel({ ...description, tensors }))));
  t.match(wrong, { verdict: 'fail', reasons: [/^the firmware printed/] });
});

const models = path.join(SHARED, 'models');
t.test('the forms of the reference models', { skip: !usable ? 'needs qemu-system-arm and arm-none-eabi-gcc' : existsSync(models) ? false : `the models are not in ${models}` }, async (t) => {
  for (const [file, name, samples, compared] of [['ad01_int8', 'ad01', 2, 2], ['pretrainedResnet_quant', 'ic01', 1, 10]] as const) {
    const reference = parseModel(readFileSync(path.join(models, `${file}.tflite`)));
    const report = await run(await agentOf(t, reference), await planOf(reference, samples));
    t.match(report, { verdict: 'pass', samples, outputs: [{ compared, mismatched: 0 }] }, `${name}: ${report.reasons.join('; ')}`);
    t.comment(`${name}: ${report.latency?.median} us, ${report.link?.seconds.toFixed(1)} s on the link`);
  }
  const kws = parseModel(readFileSync(path.join(models, 'kws_ref_model.tflite')));
  t.match(await run(standIn(t, { model: 'vww01' }), await planOf(kws, 1)), { verdict: 'bench-error', reasons: [/its firmware has another model: it says "vww01", the case's model is kws01/] });
});
