/**
 * Instructions of generated C on QEMU, by model, core and layer, beside those of TensorFlow Lite Micro with CMSIS-NN.
 *
 *   npm run bench:kernels -- [--model NAME] [--core m4] [--layers] [--optimise s]
 *
 * Models are taken from ../shared/models (HIL_SHARED), or from the cache that `hil models suites/mlperf-tiny` fills. Instruction
 * counts are exact under -icount, so one inference is enough and other load does not matter.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { parseModel, type Model } from '../model/index.ts';
import { generateC } from './index.ts';
import { SHARED } from './testing/goldens.ts';
import { rawConstants } from './testing/raw-constants.ts';

interface Figures {
  readonly macs: number;
  readonly instructions: Readonly<Record<string, { readonly referenceO2: number; readonly cmsisO2: number }>>;
  readonly flash: Readonly<Record<string, { readonly tightO2: number | null }>>;
  readonly arena: { readonly livePeak: number; readonly tflm: number };
  readonly layers: { readonly cores: readonly string[]; readonly cmsisO2: readonly (readonly number[])[] };
}
interface Layer { readonly index: number; readonly op: string; readonly cost: { readonly value: number | null; readonly macs: number } }
interface Case {
  readonly verdict: string;
  readonly reasons: readonly string[];
  readonly layers: readonly Layer[];
  readonly latency: { readonly median: number } | null;
  readonly memory: { readonly networkFlashBytes: number | null; readonly arenaBytes: number; readonly stackBytes: number | null } | null;
}

const { values } = parseArgs({ args: process.argv.slice(2), options: {
  model: { type: 'string' }, core: { type: 'string' }, layers: { type: 'boolean', default: false }, optimise: { type: 'string', default: '2' },
} });
const figures = (JSON.parse(readFileSync(new URL('./testing/cmsis-nn-figures.json', import.meta.url), 'utf8')) as { models: Record<string, Figures> }).models;
const CORES: Readonly<Record<string, string>> = { m0: 'cortex-m0', m3: 'cortex-m3', m4: 'cortex-m4', m7: 'cortex-m7', m33: 'cortex-m33', m55: 'cortex-m55' };
const HIL = new URL('../../bin/hil.mjs', import.meta.url).pathname;
/** Share of CMSIS-NN's instructions that we aim for. */
const GOALS: Readonly<Record<string, number>> = { m0: 0.8, m3: 0.8, m4: 0.7, m7: 0.7, m55: 0.7 };

const cores = Object.keys(CORES).filter((core) => values.core === undefined || core === values.core);
const rows: string[][] = [['model', 'core', 'instructions', 'per MAC', 'CMSIS-NN', 'ratio', 'goal', 'code B', 'goal', 'constants B', 'raw B', 'arena B', 'peak B', 'stack B']];
let failed = 0;
const out = await mkdtemp(join(tmpdir(), 'hil-bench-'));
try {
  for (const [name, known] of Object.entries(figures)) {
    const file = join(SHARED, 'models', `${name}.tflite`);
    if (!name.includes(values.model ?? '') || !existsSync(file)) continue;
    const model = parseModel(readFileSync(file));
    for (const core of cores) await bench(name, known, file, model, core);
  }
} finally {
  await rm(out, { recursive: true, force: true });
}
const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
for (const row of rows) process.stdout.write(`${row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}\n`);
process.stdout.write('\ncode: flash of the network without its constants; goal: a quarter of the smallest CMSIS-NN image. raw: weights and biases of the model.\n');
process.exitCode = failed > 0 || rows.length === 1 ? 1 : 0;

async function bench(name: string, known: Figures, file: string, model: Model, core: string): Promise<void> {
  const { stdout, exitCode } = await execa(process.execPath, [HIL, 'check', file, '--device', `qemu-${core}`, '--samples', '1', '--optimise', values.optimise, '--json', '--out', join(out, `${name}.${core}`)], { reject: false, env: { HIL_HISTORY: 'off' } });
  const [one] = (JSON.parse(stdout) as { cases?: Case[] }).cases ?? [];
  if (exitCode !== 0 || one === undefined || one.latency === null) {
    failed += 1;
    process.stdout.write(`${name} on ${core}: ${one?.verdict ?? stdout.slice(0, 300)} ${one?.reasons.join('; ') ?? ''}\n`);
    return;
  }
  const { manifest } = generateC(model, { name: 'net', core: CORES[core] ?? core });
  const theirs = known.instructions[core]?.cmsisO2;
  const tight = known.flash[core]?.tightO2;
  const count = one.latency.median;
  const code = one.memory?.networkFlashBytes == null ? null : one.memory.networkFlashBytes - manifest.memory.constantBytes;
  rows.push([name, core, grouped(count), (count / known.macs).toFixed(2), theirs === undefined ? '-' : grouped(theirs), theirs === undefined ? '-' : (count / theirs).toFixed(3),
    String(GOALS[core] ?? '-'), code === null ? '-' : grouped(code), tight == null ? '-' : grouped(Math.floor(tight / 4)), grouped(manifest.memory.constantBytes), grouped(rawConstants(model)),
    grouped(one.memory?.arenaBytes ?? 0), grouped(known.arena.livePeak), String(one.memory?.stackBytes ?? '-')]);
  if (!values.layers) return;
  process.stdout.write(`${name} on ${core}\n`);
  const column = known.layers.cores.indexOf(core);
  for (const { index, op, cost } of one.layers) {
    const other = column < 0 ? undefined : known.layers.cmsisO2[index]?.[column];
    const value = cost.value ?? 0;
    process.stdout.write(`  ${String(index).padStart(2)} ${op.padEnd(28)} ${grouped(value).padStart(12)} ${(cost.macs > 0 ? (value / cost.macs).toFixed(2) : '').padStart(8)}${other === undefined ? '' : `  CMSIS-NN ${grouped(other).padStart(12)}  ratio ${(value / other).toFixed(2)}`}\n`);
  }
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
