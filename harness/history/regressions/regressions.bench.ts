/**
 * Steps in synthetic figures with the noise that boards have: false alarms, precision, recall and delay, night by night as a nightly
 * job judges, beside those of Apache Otava at several levels of it.
 *
 *   node harness/history/regressions/regressions.bench.ts [--series 300] [--otava-series 40] [--kind NAME]
 *
 * HIL_OTAVA_PYTHON names a Python that has apache-otava (0.8.0 was compared); without it Otava is left out. Everything is seeded: the
 * same figures on every computer.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { median } from './scores.ts';
import { findSteps } from './steps.ts';
import { NOISE_KINDS, syntheticSeries, type NoiseKind } from './testing/noise.ts';

const { values: options } = parseArgs({ args: process.argv.slice(2), options: { series: { type: 'string', default: '300' }, 'otava-series': { type: 'string', default: '40' }, kind: { type: 'string' } } });
const NIGHTS = 100;
const SIZES = [0.5, 1, 1.5, 2, 3, 5];
const OTAVA_SIZES = [1.5, 3, 5];
const OTAVA_LEVELS = [1e-3, 1e-5, 1e-7];
/** A step that is found so far from its place is found. */
const NEAR = 5;
const SOON = 10;
/** As testing/run-otava.py counts: a step that is reported again a little elsewhere is one. */
type Found = readonly { readonly at: number; readonly seen: number }[];
interface Stepped { readonly values: readonly number[]; readonly at: number; readonly sigmas: number }

function seededRandom(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b9) | 1;
  return () => {
    state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const quiet = (kind: NoiseKind, count: number): number[][] => Array.from({ length: count }, (_, one) => syntheticSeries(kind, NIGHTS, [], seededRandom(one)));

/** 30 to 200 values, the step at 40 to 60 % of them. */
function stepped(kind: NoiseKind, sigmas: number, count: number, longest = 200): Stepped[] {
  return Array.from({ length: count }, (_, one) => {
    const random = seededRandom(100_000 + one);
    const length = Math.round(30 + (longest - 30) * random());
    const at = Math.round(length * (0.4 + 0.2 * random()));
    return { values: syntheticSeries(kind, length, [{ at, sigmas }], random), at, sigmas };
  });
}

/** Byar's interval of a Poisson count, 95 %. */
function rate(count: number, nights: number): string {
  const low = count === 0 ? 0 : count * (1 - 1 / (9 * count) - 1.96 / (3 * Math.sqrt(count))) ** 3;
  const more = count + 1;
  const high = more * (1 - 1 / (9 * more) + 1.96 / (3 * Math.sqrt(more))) ** 3;
  const text = (events: number): string => ((1000 * events) / nights).toFixed(2);
  return `${text(count)} (${text(low)} to ${text(high)})`;
}

interface Quality { readonly recall: number; readonly soon: number; readonly precision: number; readonly delay: number; readonly late: number }

function quality(series: readonly Stepped[], found: readonly Found[]): Quality {
  const hits = series.map(({ at }, one) => found[one]!.find((step) => Math.abs(step.at - at) <= NEAR && step.seen > at));
  const delays = hits.flatMap((hit, one) => (hit === undefined ? [] : [hit.seen - series[one]!.at])).sort((a, b) => a - b);
  const all = found.reduce((sum, one) => sum + one.length, 0);
  return {
    recall: delays.length / series.length, soon: delays.filter((delay) => delay <= SOON).length / series.length, precision: all === 0 ? Number.NaN : delays.length / all,
    delay: delays.length === 0 ? Number.NaN : median(delays), late: delays[Math.floor(0.9 * delays.length)] ?? Number.NaN,
  };
}

const percent = (share: number): string => (Number.isNaN(share) ? '-' : `${Math.round(100 * share)}`);
const qualityText = ({ recall, soon, precision, delay, late }: Quality, online = true): string =>
  `recall ${percent(recall)} %${online ? ` (${percent(soon)} % within ${SOON} nights)` : ''}, precision ${percent(precision)} %${online && recall > 0 ? `, delay ${delay} nights (9 of 10 within ${late})` : ''}`;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function otava(series: readonly (readonly number[])[], online: boolean): Promise<Found[][]> {
  const asked = JSON.stringify({ series, levels: OTAVA_LEVELS, online });
  const { stdout } = await execa(process.env['HIL_OTAVA_PYTHON']!, [fileURLToPath(new URL('./testing/run-otava.py', import.meta.url))], { input: asked, maxBuffer: 1 << 28 });
  return (JSON.parse(stdout) as [number, number][][][]).map((levels) => levels.map((points) => points.map(([at, seen]) => ({ at, seen }))));
}

const ours = (values: readonly number[]): Found => findSteps(values, 'lower');
let promised = 0;
const kinds = NOISE_KINDS.filter(({ name }) => options.kind === undefined || name === options.kind);
const count = Number(options.series);
for (const kind of kinds) {
  print(`\n${kind.name}: ${kind.what}${kind.independent ? '' : ' (not independent: no promise)'}`);
  const alarms = quiet(kind, count).reduce((sum, values) => sum + ours(values).length, 0);
  if (kind.independent) promised += alarms;
  print(`  hil            false alarms a 1000 series-nights: ${rate(alarms, count * NIGHTS)}`);
  for (const sigmas of SIZES) {
    const series = stepped(kind, sigmas, Math.ceil(count / 2));
    print(`    ${String(sigmas).padStart(3)} sigmas: ${qualityText(quality(series, series.map(({ values }) => ours(values))))}`);
  }
  if (process.env['HIL_OTAVA_PYTHON'] === undefined) continue;
  const few = Number(options['otava-series']);
  const calm = await otava(quiet(kind, few), true);
  const tests = OTAVA_SIZES.map((sigmas) => stepped(kind, sigmas, Math.ceil(few / 2), 100));
  const [online, offline] = [await otava(tests.flat().map(({ values }) => values), true), await otava(tests.flat().map(({ values }) => values), false)];
  const shown = (name: 'online' | 'at once', found: readonly Found[]): void => {
    for (const [which, series] of tests.entries()) print(`    ${String(OTAVA_SIZES[which]).padStart(3)} sigmas: ${name.padEnd(7)} ${qualityText(quality(series, found.slice(which * series.length, (which + 1) * series.length)), name === 'online')}`);
  };
  print(`  on the same ${few} series without and ${tests[0]!.length} with each step (30 to 100 values):`);
  print(`  hil            false alarms: ${rate(quiet(kind, few).reduce((sum, values) => sum + ours(values).length, 0), few * NIGHTS)}`);
  shown('online', tests.flat().map(({ values }) => ours(values)));
  for (const [which, level] of OTAVA_LEVELS.entries()) {
    print(`  otava p ${level} false alarms: ${rate(calm.reduce((sum, levels) => sum + levels[which]!.length, 0), few * NIGHTS)}`);
    shown('online', online.map((levels) => levels[which]!));
    shown('at once', offline.map((levels) => levels[which]!));
  }
}
const independent = kinds.filter((kind) => kind.independent).length;
if (independent > 0) print(`\nall ${independent} kinds of independent noise together: ${rate(promised, independent * count * NIGHTS)} false alarms a 1000 series-nights`);
if (process.env['HIL_OTAVA_PYTHON'] === undefined) print('\nOtava is left out: HIL_OTAVA_PYTHON names no Python that has apache-otava.');
