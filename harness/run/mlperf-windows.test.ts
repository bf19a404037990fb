/** The five windows of MLPerf Tiny: on a firmware and an agent made for the purpose, and with hil's own agent on a real QEMU. */
import t, { type Test } from 'tap';
import { createDevice, loadDevices, type Device, type DeviceSpec } from '../device/index.ts';
import { qemuSpec, tempDir } from '../device/testing/helpers.ts';
import type { Dut } from '../link/mlperf/index.ts';
import { parseModel } from '../model/index.ts';
import { writeModel } from '../model/writer/index.ts';
import { smallModel } from '../model/writer/samples.ts';
import { prepareReference } from '../reference/index.ts';
import { liveBench } from './bench.ts';
import type { CaseContext } from './case-context.ts';
import { DutReference } from './dut-reference.ts';
import { PhaseClock } from './events.ts';
import { dutWindows, whyNoWindows, type Windows } from './mlperf-windows.ts';
import { planCheck, randomSequence } from './plan-check.ts';
import type { CaseReport } from '../report/index.ts';
import type { PlannedCase } from './planned-case.ts';
import { CaseGroup } from './case-group.ts';

t.setTimeout(120_000);
process.env['HIL_HOME'] = await tempDir(t);
const cacheDir = await tempDir(t);
const model = parseModel(writeModel(smallModel()));
const plan = await planCheck({ name: 'case', model, modelFile: 'model.tflite', profile: 'tflm', generator: { kind: 'builtin' }, sequences: [randomSequence(model, 8, 1, false)] });
const INPUT_BYTES = 4;
const qemu = (await loadDevices()).find((each) => each.id === 'qemu-m4') as DeviceSpec;
const usable = (await createDevice(qemu).probe()).usable;

/** Firmware that takes so long for an inference, by its own stamps; it writes down what it is asked for. */
function firmware(us: (call: number) => number | null): { dut: Pick<Dut, 'load' | 'infer'>; asked: string[] } {
  const asked: string[] = [];
  let calls = 0;
  return { asked, dut: {
    load: async (payload) => (asked.push(Buffer.from(payload).toString('hex')), { commands: 1, resent: 0, attempts: 1 }),
    infer: async (iterations, warmUps) => {
      asked.push(`infer ${iterations} ${warmUps}`);
      const each = us(calls++);
      return { numbers: [{ value: 0.5, step: 0.001 }], elapsedUs: each === null ? null : each * iterations };
    },
  } };
}

function windowsOf(of: PlannedCase, dut: Pick<Dut, 'load' | 'infer'>, meanUs = 2000): Promise<Windows> {
  return dutWindows({ plan: of, windows: { benchmark: 'kws', windows: 5, seconds: 10 }, dut, reference: new DutReference(prepareReference(of.model, of.profile), 'codes'), inputBytes: INPUT_BYTES,
    meanUs, replyMs: 1000, signal: new AbortController().signal, onWindow: () => undefined });
}

t.test('five windows of different inputs, each long enough', async (t) => {
  const { dut, asked } = firmware(() => 2000);
  const { windows, reason } = await windowsOf(plan, dut);
  t.equal(reason, '');
  t.same(windows.map(({ inferences, warmUps, elapsedUs, step }) => [inferences, warmUps, elapsedUs, step]), [0, 1, 2, 3, 4].map((step) => [5100, 10, 10_200_000, step]));
  t.equal(new Set(asked.filter((each) => !each.startsWith('infer'))).size, 5);
  t.match(asked[1], 'infer 5100 10');
});

t.test('a window that came out too short counts for nothing', async (t) => {
  const { dut, asked } = firmware((call) => (call === 0 ? 1000 : 1100));
  const { windows } = await windowsOf(plan, dut);
  t.ok(windows.every(({ elapsedUs }) => elapsedUs >= 10e6));
  t.equal(asked.filter((each) => each.startsWith('infer')).length, 6, 'the first was made anew');
  await t.rejects(windowsOf(plan, firmware((call) => 1000 / 2 ** call).dut), { code: 'dut.window', message: /not the 10 s/ });
  await t.rejects(windowsOf(plan, firmware(() => 0).dut), { code: 'dut.window' });
});

t.test('what there are no windows of', async (t) => {
  t.match(await windowsOf(plan, firmware(() => null).dut), { windows: [], reason: /energy mode/ });
  const [sequence] = plan.sequences as [PlannedCase['sequences'][number]];
  const four = { ...plan, sequences: [{ ...sequence, samples: 4 }] };
  t.match(await windowsOf(four, firmware(() => 2000).dut), { windows: [], reason: /5 different inputs, and the case has fewer/ });
  const same = { ...plan, sequences: [{ ...sequence, codes: new Uint8Array(sequence.codes.length).fill(3) }] };
  t.match(await windowsOf(same, firmware(() => 2000).dut), { windows: [], reason: /fewer/ }, 'eight times the same is one');
  const labels = { files: [{ name: 'a', label: 0 }, { name: 'b', label: 1 }], fileOf: new Int32Array([0, 0, 0, 0, 1, 1, 1, 1]) };
  t.match(await windowsOf({ ...plan, sequences: [{ ...sequence, labels }] }, firmware(() => 2000).dut), { windows: [], reason: /fewer/ }, 'windows of two files');
});

t.test('devices whose counts are no time', async (t) => {
  const board = { ...qemuSpec, kind: 'serial', simulated: false, latency: { unit: 'cycles', quality: 'hardware', numerator: 1, denominator: 1 } } as const;
  t.equal(whyNoWindows(board), null);
  t.match(whyNoWindows({ ...board, simulated: true }), /emulated/);
  t.match(whyNoWindows({ ...board, kind: 'host' }), /this computer/);
  t.match(whyNoWindows({ ...board, latency: { ...board.latency, quality: 'modelled' } }), /modelled cycles/);
  t.match(whyNoWindows({ ...board, latency: { ...board.latency, unit: 'instructions' } }), /instructions/);
});

t.test('with hil\'s agent', { skip: usable ? false : 'needs qemu-system-arm and arm-none-eabi-gcc' }, async (t) => {
  const seconds = 0.005;
  const asked: PlannedCase = { ...plan, mlperf: { benchmark: 'kws', windows: 5, seconds } };
  t.match((await run(t, createDevice(qemu), asked)).mlperf, { benchmark: 'kws', windows: [], windowsReason: /emulated/, files: [], correct: null, auc: null });
  // The same machine, taken for a board: its clock is QEMU's.
  const device = createDevice(qemu);
  const board: Device = { spec: { ...qemu, simulated: false, latency: { unit: 'us', quality: 'hardware', numerator: 1, denominator: 25 } }, probe: () => device.probe(), start: (image, options) => device.start(image, options) };
  const report = await run(t, board, asked);
  t.equal(report.verdict, 'pass', report.reasons.join('; '));
  const { windows = [] } = report.mlperf ?? {};
  t.equal(windows.length, 5);
  for (const { inferences, elapsedUs, results } of windows) {
    t.ok(elapsedUs >= seconds * 1e6 && inferences > 0 && results.length === 3);
    const mean = elapsedUs / inferences;
    const { min = 0, max = 0 } = report.latency ?? {};
    t.ok(mean > 0.9 * min && mean < 1.1 * max, `${mean} us an inference, by itself ${min} to ${max}`);
  }
  t.same(report.mlperf?.windows.map(({ step }) => step), [0, 1, 2, 3, 4]);
});

async function run(t: Test, device: Device, of: PlannedCase): ReturnType<typeof only> {
  const dir = await tempDir(t);
  return only({ plan: of, device, bench: liveBench, signal: new AbortController().signal, onEvent: () => undefined, clock: new PhaseClock(() => 0), networkName: null, generatedDir: dir, cacheDir,
    optimise: null, flags: [], leaseWaitMs: 10_000, onTranscript: () => undefined, keepImage: async () => undefined });
}

async function only(context: CaseContext): Promise<CaseReport> {
  const [report] = await new CaseGroup([context]).runAll();
  return report as CaseReport;
}
