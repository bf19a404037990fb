/**
 * How busy a run keeps the cores: eight emulated devices in one run against each of them by itself.
 * Run: node harness/run/schedule.bench.ts [rounds]
 *
 * The engine-rom suite, a case for each of its sequences (of different lengths), one image a case. Cold: an empty build cache for
 * every run. The bound is the sum of the devices measured one by one over the cores; the fastest of the rounds counts, as others
 * may use the computer. CPU time is that of hil and of all that it started.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDevice, findDevice, loadDevices, type Device } from '../device/index.ts';
import { loadSuite } from '../suite/index.ts';
import { planSuite } from './plan-suite.ts';
import type { PlannedCase } from './planned-case.ts';
import { runSuite } from './run-suite.ts';

interface Spent { readonly wallMs: number; readonly cpuMs: number }

const DEVICES = ['qemu-m0', 'qemu-m3', 'qemu-m4', 'qemu-m7', 'qemu-m33', 'qemu-m55', 'qemu-microbit', 'qemu-netduinoplus2'];
/** Clock ticks a second of /proc, the same on all that Linux runs on. */
const TICKS = 100;

const rounds = Number(process.argv[2] ?? 3);
const cores = availableParallelism();
const print = (line: string): void => { process.stdout.write(`${line}\n`); };
const seconds = (ms: number): string => (ms / 1000).toFixed(2);
const scratch = await mkdtemp(path.join(tmpdir(), 'hil-schedule-'));
process.env['HIL_HOME'] = path.join(scratch, 'home');
const suite = await loadSuite(fileURLToPath(new URL('../../suites/engine-rom', import.meta.url)));
const [whole] = await planSuite(suite, { generatorDir: null, now: new Date() }) as [PlannedCase];
const cases = whole.sequences.map((sequence): PlannedCase => ({ ...whole, name: `${whole.name}-${sequence.name}`, metrics: [], sequences: [sequence] }));
const files = await loadDevices();
const devices = DEVICES.map((id) => createDevice(findDevice(files, id)));

/** CPU time of this process and of the children that have ended. */
function cpuMs(): number {
  const text = readFileSync('/proc/self/stat', 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
  return fields.slice(11, 15).reduce((sum, ticks) => sum + (ticks * 1000) / TICKS, 0);
}

let folders = 0;
async function run(of: readonly Device[], cacheDir: string): Promise<Spent> {
  const [cpu, wall] = [cpuMs(), performance.now()];
  const { report } = await runSuite({ suite: { name: suite.name, description: '', file: null }, cases, devices: of, out: path.join(scratch, `out${folders += 1}`), cacheDir, command: ['hil'], hilVersion: '0',
    signal: new AbortController().signal, onEvent: () => undefined, pack: 1, optimise: null, leaseWaitMs: 60_000 });
  const spent = { wallMs: performance.now() - wall, cpuMs: cpuMs() - cpu };
  if (report.verdict !== 'pass' || report.cases.length !== of.length * cases.length) throw new Error(`${report.verdict}: ${report.cases.find(({ verdict }) => verdict !== 'pass')?.reasons[0]}`);
  return spent;
}

const fastest = (all: readonly Spent[]): Spent => all.reduce((best, one) => (one.wallMs < best.wallMs ? one : best));
const warmCache = path.join(scratch, 'warm');
const cacheOf = (kind: string): string => (kind === 'warm' ? warmCache : path.join(scratch, `cold${folders += 1}`));

try {
  print(`${cases.length} cases on ${devices.length} emulated devices, ${cores} cores, fastest of ${rounds}`);
  await run(devices, warmCache);
  for (const kind of ['warm', 'cold']) {
    const together: Spent[] = [];
    const alone: Spent[][] = devices.map(() => []);
    for (let round = 0; round < rounds; round += 1) {
      together.push(await run(devices, cacheOf(kind)));
      for (const [d, device] of devices.entries()) alone[d]?.push(await run([device], cacheOf(kind)));
    }
    const best = fastest(together);
    const parts = alone.map(fastest);
    const sum = parts.reduce((total, { wallMs }) => total + wallMs, 0);
    print(`${kind} build cache: together ${seconds(best.wallMs)} s; one by one ${parts.map(({ wallMs }) => seconds(wallMs)).join(' + ')} = ${seconds(sum)} s, over ${cores} cores ${seconds(sum / cores)} s: ${(best.wallMs / (sum / cores)).toFixed(2)} of that`);
    print(`  CPU time together ${seconds(best.cpuMs)} s = ${(best.cpuMs / best.wallMs).toFixed(2)} cores kept busy; one by one ${seconds(parts.reduce((total, one) => total + one.cpuMs, 0))} s`);
  }
} finally {
  await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
}
