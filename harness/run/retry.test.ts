import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { builtInDevices, createDevice, findDevice, loadDevices, type Device, type DeviceSession } from '../device/index.ts';
import { HilError } from '../errors.ts';
import type { CaseReport } from '../report/index.ts';
import { loadSuite } from '../suite/index.ts';
import { planSuite } from './plan-suite.ts';
import { worthRetrying } from './retry.ts';
import { runSuite } from './run-suite.ts';

// Real QEMU, whose line is cut on purpose; what a board's power switch would do, a counter stands for.
t.setTimeout(120_000);
const dir = await mkdtemp(join(tmpdir(), 'hil-retry-'));
t.teardown(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));
const qemu = createDevice(findDevice(await loadDevices([builtInDevices]), 'qemu-m4'));
const suite = await loadSuite(fileURLToPath(new URL('../../suites/engine-rom', import.meta.url)));
const cases = await planSuite(suite, { generatorDir: null, now: new Date() });
const usable = (await qemu.probe()).usable;

interface Bench { readonly device: Device; readonly starts: () => number; readonly recoveries: () => number }

/** @param cuts the first so many sessions lose their line after some answers */
function bench(cuts: number, recover: (() => Promise<string>) | undefined): Bench {
  let starts = 0;
  let recoveries = 0;
  const device: Device = {
    spec: qemu.spec, probe: () => qemu.probe(),
    async start(image, options) {
      const session = await qemu.start(image, options);
      if (starts++ < cuts) cutLine(session);
      return session;
    },
    ...(recover === undefined ? {} : { recover: async () => { recoveries++; return recover(); } }),
  };
  return { device, starts: () => starts, recoveries: () => recoveries };
}

/** As a cable that comes loose: the process lives on. */
function cutLine(session: DeviceSession): void {
  let bytes = 0;
  session.stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > 3000) session.stream.destroy();
  });
}

let runs = 0;
async function run(device: Device, planned = cases): Promise<CaseReport> {
  const { report } = await runSuite({
    suite: { name: suite.name, description: suite.description, file: suite.file }, cases: planned, devices: [device], out: join(dir, `out${runs++}`), cacheDir: join(dir, 'cache'), command: ['hil'], hilVersion: '0', signal: new AbortController().signal,
    onEvent: () => undefined, pack: 1, optimise: null, leaseWaitMs: 60_000,
  });
  return report.cases[0] as CaseReport;
}

t.test('a line that is cut once: brought back, repeated, and said', { skip: !usable }, async (t) => {
  const { device, starts, recoveries } = bench(1, async () => 'the supply was switched off for 500 ms');
  const report = await run(device);
  t.equal(report.verdict, 'pass');
  t.match(report.reasons.join('\n'), /repeated once after a bench fault: .*\(link\.\S+\); before that: the supply was switched off for 500 ms/);
  t.same([starts(), recoveries()], [2, 1]);
  t.ok(report.samples > 0);
});

t.test('cut twice: one retry and no more; a bench error', { skip: !usable }, async (t) => {
  const { device, starts, recoveries } = bench(2, async () => 'reset');
  const report = await run(device);
  t.equal(report.verdict, 'bench-error');
  t.match(report.reasons.join('\n'), /repeated once/);
  t.same([starts(), recoveries()], [2, 1]);
});

t.test('a device without reset or power switch is not tried again; one whose recovery fails says both', { skip: !usable }, async (t) => {
  const without = bench(1, undefined);
  t.equal((await run(without.device)).verdict, 'bench-error');
  t.equal(without.starts(), 1);
  const broken = bench(1, async () => { throw new HilError('bench', 'power.failed', 'the relay does not answer'); });
  const report = await run(broken.device);
  t.equal(report.verdict, 'bench-error');
  t.match(report.reasons.join('\n'), /link|line|closed/i);
  t.match(report.reasons.join('\n'), /brought back, which failed: the relay does not answer/);
  t.equal(broken.starts(), 1);
});

t.test('wrong numbers are never tried again', { skip: !usable }, async (t) => {
  const wrong = cases.map((plan) => ({ ...plan, sequences: plan.sequences.map((one) => ({ ...one, oracle: null })), budgets: { flashBytes: 1 } }));
  const { device, starts, recoveries } = bench(0, async () => 'reset');
  t.equal((await run(device, wrong)).verdict, 'fail');
  t.same([starts(), recoveries()], [1, 0]);
});

/** The codes that retry.ts names, from its text: one that nobody throws would be a typing error that switches a board off in vain. */
const source = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
const lasting = [...source('./retry.ts').matchAll(/'((?:link|port|flash|dut)\.[a-z0-9-]+)'/g)].map((match) => match[1] ?? '');
const thrown = (globSync('../**/*.ts', { cwd: import.meta.dirname }) as string[]).filter((file) => !/\.test\.ts$|retry\.ts$/.test(file)).map((file) => source(file)).join('\n');

t.test('which ends are worth it', async (t) => {
  t.ok(lasting.length > 15);
  const flashFailures = source('../device/flashers/flash-errors.ts');
  t.same(lasting.filter((code) => !(code.startsWith('flash.') ? flashFailures.includes(`| '${code.slice(6)}'`) : thrown.includes(`'${code}'`))), [], 'each is thrown somewhere');
  const device = bench(0, async () => '').device;
  const worth = (kind: 'bench' | 'target' | 'cancelled' | 'config' | 'build', code: string): boolean => worthRetrying(new HilError(kind, code, ''), device);
  t.same(['link.closed', 'link.silent', 'link.no-hello', 'port.unplugged', 'flash.failed', 'dut.silent', 'run.wrong-image', 'device.start-timeout', 'device.fvp-exited'].filter((code) => !worth('bench', code)), []);
  t.same(['device.unusable', 'run.wrong-network', 'hil.internal', ...lasting].filter((code) => worth('bench', code)), []);
  t.same((['target', 'cancelled', 'config', 'build'] as const).filter((kind) => worth(kind, 'link.closed')), []);
  t.equal(worthRetrying(null, device), false);
});
