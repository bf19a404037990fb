/**
 * Inner loops by hand and the C beside them compute the same: operator cases on emulated cores, compiled with either, at the level that
 * hil builds with and for size, against the reference. What has no C beside it (MVE) is compared as it is.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import t from 'tap';
import { examineDevices } from '../../harness/build/index.ts';
import { createDevice, loadDevices } from '../../harness/device/index.ts';
import { planCheck, runSuite, type PlannedCase } from '../../harness/run/index.ts';
import type { Report } from '../../harness/report/index.ts';
import { FAMILIES } from './cases/index.ts';
import { DEFAULT_SAMPLES } from './inputs.ts';
import { prepareCase } from './prepared.ts';

const DEVICES = ['qemu-m0', 'qemu-m3', 'qemu-m4', 'qemu-m55'];
const LEVELS = ['-O2', '-Os'];
/** Every such case of a family; most of those whose kernels have loops by hand, or instructions that C has no words for. */
const STRIDE: Readonly<Record<string, number>> = { products: 22, recurrent: 12, reductions: 60, functions: 90 };
const AT_LEAST = 40;

t.setTimeout(880_000);
const examined = (await examineDevices(await loadDevices())).filter(({ device }) => DEVICES.includes(device.id));
const chosen = Object.entries(STRIDE).flatMap(([family, stride]) => (FAMILIES[family] ?? []).filter((_, k) => k % stride === 0));
const cases = await Promise.all(chosen.map(async (one): Promise<PlannedCase> => {
  const { model, inputs } = prepareCase(one);
  const sequence = { name: 'all', samples: one.samples ?? DEFAULT_SAMPLES, codes: inputs, truth: null, oracle: null, resetEach: false };
  return planCheck({ name: one.name, model, modelFile: one.name, profile: 'tflm', generator: { kind: 'builtin' }, sequences: [sequence] });
}));
const scratch = mkdtempSync(path.join(tmpdir(), 'hil-asm-'));
t.teardown(() => rmSync(scratch, { recursive: true, force: true }));

async function run(flags: readonly string[], optimise: string): Promise<Report> {
  const devices = examined.filter(({ usable }) => usable).map(({ device }) => createDevice(device));
  const { report } = await runSuite({
    suite: { name: 'asm', description: 'with and without inner loops by hand', file: null }, cases, devices, out: path.join(scratch, `${optimise}${flags.join('')}`), cacheDir: path.join(scratch, 'cache'),
    pack: cases.length, optimise, flags, command: [], hilVersion: '0', signal: new AbortController().signal, onEvent: () => undefined, leaseWaitMs: 600_000,
  });
  return report;
}

/** Bytes of flash by device: of images that are not the same code. */
const flash = ({ cases }: Report): Map<string, number> => new Map(cases.map(({ device, memory }) => [device, memory?.flashBytes ?? 0]));

t.test('the devices are there', async (t) => {
  t.ok(cases.length >= AT_LEAST, `${cases.length} cases`);
  for (const { device, usable, missing } of examined) if (!usable) t.comment(`${device.id} is not compared: ${missing.map(({ what }) => what).join('; ')}`);
});

for (const level of LEVELS) {
  t.test(level, { skip: examined.some(({ usable }) => usable) ? false : 'no emulated core' }, async (t) => {
    const reports = [await run([], level), await run(['-DNN_NO_ASM'], level)];
    for (const [k, { cases: all }] of reports.entries()) {
      const elements = all.reduce((sum, one) => sum + one.layers.reduce((n, layer) => n + layer.compared, 0), 0);
      t.same(all.filter(({ verdict }) => verdict !== 'pass').map((one) => `${one.name} on ${one.device}: ${one.reasons[0]}`), [], `${k === 0 ? 'by hand' : 'in C'}: ${elements} elements are those of the reference`);
      t.ok(elements > 50 * AT_LEAST, `${elements} elements`);
    }
    const [byHand, inC] = reports.map(flash) as [Map<string, number>, Map<string, number>];
    for (const [device, bytes] of byHand) t.not(bytes, inC.get(device), `${device}: the two are not the same code`);
    t.comment([...byHand].map(([device, bytes]) => `${device}: ${bytes} bytes by hand, ${inC.get(device)} in C`).join('; '));
  });
}
