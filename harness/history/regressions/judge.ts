import type { Baseline, MetricPoint } from '../history.ts';
import { exactChanges, LEAST_EXACT } from './exact.ts';
import { placeOf, type Change, type JudgedSeries, type Judgement } from './judgement.ts';
import { namesOf } from './ledger.ts';
import { noisyChanges } from './noisy.ts';
import { median, noiseAround } from './scores.ts';
import { seriesOf, type Series, type SeriesOptions } from './series.ts';
import { LEAST_POINTS } from './step-test.ts';

export interface JudgeOptions extends SeriesOptions {
  readonly baselines?: readonly Baseline[];
  /** Only this figure; the others still tell whether it is missing from newer runs. */
  readonly metric?: string;
  /** Called before each series, so that the caller can show progress, or stop by throwing. */
  readonly onSeries?: (done: number, all: number) => void;
}

/** All points, judged: exact figures by any change, noisy ones by steps. Pure; `points` may come in any order. */
export function judge(points: readonly MetricPoint[], options: JudgeOptions): Judgement {
  const { series: all, breaks, leftOut } = seriesOf(points, options);
  const wanted = ({ metric }: { readonly metric: string }): boolean => options.metric === undefined || metric === options.metric;
  const series = all.filter((one) => wanted(one.points[0]!));
  const baselines = Map.groupBy(options.baselines ?? [], keyOf);
  const newest = newestOf(points, all);
  const judged: JudgedSeries[] = [];
  const changes: Change[] = [];
  for (const [done, one] of series.entries()) {
    options.onSeries?.(done, series.length);
    const result = judgeSeries(one, baselines.get(keyOf(one.points[0]!)) ?? []);
    judged.push({ ...result.series, state: stateOf(one, newest) });
    changes.push(...result.changes.map((change) => ({ ...change, layer: null, runsBetween: 0 })));
  }
  return { series: judged, changes: changes.sort(worstFirst), breaks: breaks.filter(wanted), leftOut };
}

function judgeSeries(series: Series, baselines: readonly Baseline[]): { series: Omit<JudgedSeries, 'state'>; changes: Omit<Change, 'layer' | 'runsBetween'>[] } {
  const { points } = series;
  const [first, last] = [points[0]!, points.at(-1)!];
  const need = first.exact ? LEAST_EXACT : LEAST_POINTS;
  const facts = { ...namesOf(series), branch: first.branch, points: points.length, need, judged: points.length >= need, last: placeOf(last) };
  if (first.exact) return { series: { ...facts, level: last.value, noise: 0 }, changes: exactChanges(series, baselines) };
  if (!facts.judged) {
    const values = points.map(({ value }) => value);
    const level = median(values);
    return { series: { ...facts, level, noise: noiseAround(values, level) }, changes: [] };
  }
  const { changes, level, noise } = noisyChanges(series, baselines);
  return { series: { ...facts, level, noise }, changes };
}

type Named = Pick<MetricPoint, 'suite' | 'case' | 'device' | 'metric' | 'likeness'>;

const keyOf = ({ suite, case: name, device, metric, likeness }: Named): string => JSON.stringify([suite, name, device, metric, likeness]);
const caseOf = ({ suite, case: name, device }: Named): string => JSON.stringify([suite, name, device]);
const kindOf = ({ suite, case: name, device, metric }: Named): string => JSON.stringify([suite, name, device, metric]);

interface Newest { readonly ofCase: ReadonlyMap<string, number>; readonly ofKind: ReadonlyMap<string, number>; readonly beginnings: ReadonlyMap<string, readonly number[]> }

/** When the newest run of each case, and of each of its figures, started; of those on the judged branches. */
function newestOf(points: readonly MetricPoint[], series: readonly Series[]): Newest {
  const [ofCase, ofKind, beginnings] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number[]>()];
  const later = (map: Map<string, number>, key: string, ms: number): unknown => map.set(key, Math.max(ms, map.get(key) ?? 0));
  const branches = new Map(series.map(({ points: own, branch }) => [caseOf(own[0]!), branch]));
  for (const point of points) if (!point.dirty && branches.get(caseOf(point)) === point.branch) later(ofCase, caseOf(point), point.startedAtMs);
  for (const { points: own } of series) {
    const kind = kindOf(own[0]!);
    later(ofKind, kind, Math.max(...own.map(({ startedAtMs }) => startedAtMs)));
    beginnings.set(kind, [...beginnings.get(kind) ?? [], Math.min(...own.map(({ startedAtMs }) => startedAtMs))]);
  }
  return { ofCase, ofKind, beginnings };
}

function stateOf({ points }: Series, newest: Newest): JudgedSeries['state'] {
  const last = Math.max(...points.map(({ startedAtMs }) => startedAtMs));
  const kind = kindOf(points[0]!);
  if (newest.beginnings.get(kind)?.some((beginning) => beginning > last) === true) return 'superseded';
  return (newest.ofKind.get(kind) ?? 0) < (newest.ofCase.get(caseOf(points[0]!)) ?? 0) ? 'missing' : 'current';
}

const KINDS: readonly Change['kind'][] = ['open', 'accepted', 'undone', 'improved'];
const SUSPECTS: readonly Change['suspect'][] = ['code', 'inputs', 'bench'];

/** Order of changes: open ones first, what the code did before what the bench did, the largest first. */
export function worstFirst(a: Change, b: Change): number {
  return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || SUSPECTS.indexOf(a.suspect) - SUSPECTS.indexOf(b.suspect) || compareWeights(a, b) || b.firstBad.startedAtMs - a.firstBad.startedAtMs || (kindOf(a) < kindOf(b) ? -1 : 1);
}

/** Size by the factor that it is; what came out of nothing (mismatches) weighs most. */
function weight({ ratio }: Change): number {
  return ratio === null || ratio <= 0 ? Infinity : Math.abs(Math.log(ratio));
}

/** Infinity less itself is no number. */
function compareWeights(a: Change, b: Change): number {
  return weight(a) === weight(b) ? 0 : weight(b) - weight(a);
}
