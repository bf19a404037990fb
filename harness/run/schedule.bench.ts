/**
 * How busy a run keeps the cores: eight emulated devices in one run against each of them by itself.
 * Run: node harness/run/schedule.bench.ts [rounds [together]]
 *
 * The engine-rom suite, a case for each of its sequences (of different lengths), one image a case. Cold: an empty build cache;
 * warm: the same once more. The bound is the sum of the devices measured one by one over the cores; the fastest of the rounds counts, as others
 * may use the computer; "together" leaves the devices by themselves out. CPU time is that of hil and of all that it started.
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

type Kind = 'cold' | 'warm';
const KINDS: readonly Kind[] = ['cold', 'warm'];
const DEVICES = ['qemu-m0', 'qemu-m3', 'qemu-m4', 'qemu-m7', 'qemu-m33', 'qemu-m55', 'qemu-microbit', 'qemu-netduinoplus2'];
/** Clock ticks a second of /proc, the same on all that Linux runs on. */
const TICKS = 100;

const rounds = Number(process.argv[2] ?? 3);
const togetherOnly = process.argv[3] === 'together';
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
const together: Record<Kind, Spent[]> = { cold: [], warm: [] };
const alone: Record<Kind, Spent[][]> = { cold: devices.map(() => []), warm: devices.map(() => []) };

try {
  print(`${cases.length} cases on ${devices.length} emulated devices, ${cores} cores, fastest of ${rounds}`);
  for (let round = 0; round < rounds; round += 1) {
    const cache = path.join(scratch, `together${round}`);
    for (const kind of KINDS) together[kind].push(await run(devices, cache));
    for (const [d, device] of togetherOnly ? [] : devices.entries()) for (const kind of KINDS) alone[kind][d]?.push(await run([device], path.join(scratch, `alone${round}.${d}`)));
  }
  for (const kind of KINDS) {
    const best = fastest(together[kind]);
    print(`${kind} build cache: together ${seconds(best.wallMs)} s, CPU time ${seconds(best.cpuMs)} s: ${(best.cpuMs / best.wallMs).toFixed(2)} cores kept busy`);
    if (togetherOnly) continue;
    const parts = alone[kind].map(fastest);
    const sum = parts.reduce((total, { wallMs }) => total + wallMs, 0);
    print(`  one by one ${parts.map(({ wallMs }) => seconds(wallMs)).join(' + ')} = ${seconds(sum)} s, over ${cores} cores ${seconds(sum / cores)} s: together takes ${(best.wallMs / (sum / cores)).toFixed(2)} of that; CPU time ${seconds(parts.reduce((total, one) => total + one.cpuMs, 0))} s`);
  }
} finally {
  await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
}
