/**
 * What the order of groups is worth by itself: waits in place of builds and runs, so that it can be measured on a busy computer.
 * Run: node harness/run/schedule-order.bench.ts
 *
 * Two cores. A build takes 300 ms, a run 300 ms on a device of speed 1. The bound is all of that over the cores.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BuiltImage } from '../build/index.ts';
import { findDevice, loadDevices, type Device } from '../device/index.ts';
import { HilError } from '../errors.ts';
import type { NetworkPackage } from '../runtimes/index.ts';
import { loadSuite } from '../suite/index.ts';
import { liveBench, type Bench } from './bench.ts';
import type { CaseContext } from './case-context.ts';
import { planSuite } from './plan-suite.ts';
import type { PlannedCase } from './planned-case.ts';
import { runSuite } from './run-suite.ts';
import { Cores } from './schedule/cores.ts';

const CORES = 2;
const BUILD_MS = 300;
const RUN_MS = 300;
const SCENES: readonly { readonly what: string; readonly slowness: readonly number[]; readonly cases: number }[] = [
  { what: '3 devices alike, 6 cases', slowness: [1, 1, 1], cases: 6 },
  { what: '8 devices, the last one 4 times as slow, 6 cases', slowness: [1, 1, 1, 1, 1, 1, 1, 4], cases: 6 },
  { what: '1 device, 12 cases', slowness: [1], cases: 12 },
];

const scratch = await mkdtemp(path.join(tmpdir(), 'hil-order-'));
process.env['HIL_HOME'] = path.join(scratch, 'home');
const suite = await loadSuite(fileURLToPath(new URL('../../suites/engine-rom', import.meta.url)));
const [whole] = await planSuite(suite, { generatorDir: null, now: new Date() }) as [PlannedCase];
const qemu = findDevice(await loadDevices(), 'qemu-m4');
const elf = fileURLToPath(import.meta.url);
const image = { elf, files: {}, addr2line: '', sha256: '0'.repeat(64), buildId: '0'.repeat(32), compiler: '', flags: [], cached: false, memory: { flashBytes: 0, ramBytes: 0, networkFlashBytes: null, networkRamBytes: null, stackBounds: {} } } as unknown as BuiltImage;

function waitingBench(slowness: ReadonlyMap<string, number>): Bench {
  const cores = new Cores({ jobs: CORES, hostJobs: CORES, priority: 'interactive', share: 'bench' });
  const packages = new Map<string, Promise<NetworkPackage>>();
  const onCore = (context: CaseContext, ms: number): Promise<unknown> => cores.run({ urgency: context.urgency ?? (() => 0), signal: context.signal, waitMs: 60_000, onWait: () => undefined }, () => sleep(ms));
  return {
    ...liveBench,
    generate: (context) => {
      const made = packages.get(context.plan.name) ?? liveBench.generate(context);
      packages.set(context.plan.name, made);
      return made;
    },
    build: async ([context]) => {
      await onCore(context as CaseContext, BUILD_MS);
      return image;
    },
    occupy: async (context) => {
      await onCore(context, RUN_MS * (slowness.get(context.device.spec.id) ?? 1));
      throw new HilError('bench', 'link.no-hello', 'nothing is run here');
    },
  };
}

try {
  for (const { what, slowness, cases } of SCENES) {
    const devices = slowness.map((_, d): Device => ({ spec: { ...qemu, id: `d${d}` }, probe: async () => ({ usable: true, found: [], missing: [] }), start: () => Promise.reject(new Error('never')) }));
    const started = performance.now();
    await runSuite({ suite: { name: 'order', description: '', file: null }, cases: Array.from({ length: cases }, (_, k) => ({ ...whole, name: `case${k}` })), devices, out: path.join(scratch, what), cacheDir: '', command: [], hilVersion: '0',
      signal: new AbortController().signal, onEvent: () => undefined, pack: 1, optimise: null, leaseWaitMs: 60_000, bench: waitingBench(new Map(slowness.map((factor, d) => [`d${d}`, factor]))) });
    const took = performance.now() - started;
    const bound = slowness.reduce((sum, factor) => sum + cases * (BUILD_MS + RUN_MS * factor), 0) / CORES;
    process.stdout.write(`${what}: ${(took / 1000).toFixed(2)} s, bound ${(bound / 1000).toFixed(2)} s: ${(took / bound).toFixed(2)}\n`);
  }
} finally {
  await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
}
