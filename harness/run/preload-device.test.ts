import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { builtInDevices, createDevice, findDevice, loadDevices, type Device, type Preload } from '../device/index.ts';
import type { CaseReport } from '../report/index.ts';
import { loadSuite } from '../suite/index.ts';
import { planSuite } from './plan-suite.ts';
import { runSuite } from './run-suite.ts';

// Real QEMU, whose loader is the side door. Taken for an FVP, so that few bytes are enough for it.
t.setTimeout(120_000);
const dir = await mkdtemp(join(tmpdir(), 'hil-preload-'));
t.teardown(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));
const qemu = createDevice(findDevice(await loadDevices([builtInDevices]), 'qemu-m55'));
const suite = await loadSuite(fileURLToPath(new URL('../../suites/engine-rom', import.meta.url)));
const cases = await planSuite(suite, { generatorDir: null, now: new Date() });
const skip = !(await qemu.probe()).usable;

async function run(device: Device): Promise<CaseReport> {
  const { report } = await runSuite({
    suite: { name: suite.name, description: suite.description, file: suite.file }, cases, devices: [device], out: join(dir, `out-${device.spec.kind}`), cacheDir: join(dir, 'cache'),
    command: ['hil'], hilVersion: '0', signal: new AbortController().signal, onEvent: () => undefined, pack: 1, optimise: null, leaseWaitMs: 60_000,
  });
  return report.cases[0] as CaseReport;
}

/** @param spoil what the side door makes of the bytes */
const bySideDoor = (spoil: (preload: Preload) => Preload): Device => ({
  ...qemu, spec: { ...qemu.spec, kind: 'fvp' }, start: (image, options) => qemu.start(image, { ...options, preload: (options.preload ?? []).map(spoil) }),
});

t.test('inputs go by the side door, and the results are the same', { skip }, async (t) => {
  const [link, door] = [await run(qemu), await run(bySideDoor((preload) => preload))];
  t.same([link.verdict, door.verdict], ['pass', 'pass']);
  t.same(door.outputs, link.outputs);
  const codes = cases.flatMap((one) => one.sequences).reduce((sum, { codes }) => sum + codes.length, 0);
  t.ok((link.link?.bytesToDevice ?? 0) - (door.link?.bytesToDevice ?? 0) > codes / 2, `${codes} bytes of inputs: ${link.link?.bytesToDevice} bytes over the link with, ${door.link?.bytesToDevice} without`);
});

t.test('a side door that changes a bit is the bench\'s fault, not the code\'s', { skip }, async (t) => {
  const spoilt = await run(bySideDoor(({ address, bytes }) => ({ address, bytes: Uint8Array.from(bytes, (byte, i) => (i === 100 ? byte ^ 1 : byte)) })));
  t.equal(spoilt.verdict, 'bench-error');
  t.match(spoilt.reasons.join(), /given other inputs than were sent/);
});
