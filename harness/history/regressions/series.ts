import type { MetricPoint } from '../history.ts';
import { placeOf, type Break, type LeftOut } from './judgement.ts';

/** Figures of the bench itself: how long a case took depends on what else the computer did. */
const NOT_JUDGED: readonly string[] = ['duration'];
/** Names of the main line, the likeliest first. */
const MAIN_LINES: readonly string[] = ['main', 'master', 'trunk', 'develop'];

export interface Series {
  /** At least one, in the order of commits. */
  readonly points: readonly MetricPoint[];
  readonly branch: string | null;
}

export interface SeriesOptions {
  /** Absent: the main line of each suite, see mainLine(). */
  readonly branch?: string;
  /** Keys of the runs of pull requests: they belong to no line. */
  readonly pullRequests?: ReadonlySet<string>;
}

/** Points of one branch by all that makes them comparable; those of changed files belong to no commit and to no series. */
export function seriesOf(points: readonly MetricPoint[], { branch, pullRequests = new Set() }: SeriesOptions): { series: Series[]; breaks: Break[]; leftOut: LeftOut } {
  const leftOut = { dirty: 0, pullRequest: 0, otherBranch: 0, notJudged: 0 };
  const own = points.filter((point) => {
    const why = NOT_JUDGED.includes(point.metric) ? 'notJudged' : pullRequests.has(point.run) ? 'pullRequest' : point.dirty ? 'dirty' : null;
    if (why !== null) leftOut[why]++;
    return why === null;
  });
  const lines = branch === undefined ? mainLines(own) : null;
  const kinds = new Map<string, MetricPoint[]>();
  for (const point of own) {
    if (point.branch !== (lines === null ? branch : lines.get(point.suite))) leftOut.otherBranch++;
    else append(kinds, [point.suite, point.case, point.device, point.metric], point);
  }
  const series: Series[] = [];
  const breaks: Break[] = [];
  for (const kind of kinds.values()) {
    const ordered = inOrder(kind);
    const alike = new Map<string, MetricPoint[]>();
    for (const point of ordered) append(alike, [point.likeness], point);
    for (const one of alike.values()) series.push({ points: one, branch: one[0]!.branch });
    breaks.push(...breaksOf(ordered));
  }
  return { series, breaks, leftOut };
}

function append(groups: Map<string, MetricPoint[]>, name: readonly string[], point: MetricPoint): void {
  const key = JSON.stringify(name);
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [point]);
  else group.push(point);
}

/** Of each suite the branch called main, master, trunk or develop; else that with most figures (or runs); null where no run knows a branch. */
export function mainLines(points: readonly { readonly suite: string; readonly branch: string | null }[]): Map<string, string | null> {
  const counts = new Map<string, Map<string, number>>();
  for (const { suite, branch } of points) {
    const own = counts.get(suite) ?? new Map<string, number>();
    counts.set(suite, own);
    if (branch !== null) own.set(branch, (own.get(branch) ?? 0) + 1);
  }
  return new Map([...counts].map(([suite, own]) => {
    const named = MAIN_LINES.find((name) => own.has(name));
    return [suite, named ?? [...own].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null];
  }));
}

/**
 * Commits in the order in which their first runs started, the runs of one commit together: what is run again later is a repeat of it.
 * (Times of commits are no order: a branch that is merged late has old ones.)
 */
function inOrder(points: readonly MetricPoint[]): MetricPoint[] {
  const first = new Map<string, number>();
  for (const { commit, startedAtMs } of points) if (commit !== null) first.set(commit, Math.min(startedAtMs, first.get(commit) ?? Infinity));
  const seen = ({ commit, startedAtMs }: MetricPoint): number => (commit === null ? startedAtMs : first.get(commit) ?? startedAtMs);
  return [...points].sort((a, b) => seen(a) - seen(b) || text(a.commit, b.commit) || a.startedAtMs - b.startedAtMs || text(a.run, b.run));
}

const text = (a: string | null, b: string | null): number => ((a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0);

/** Where a likeness comes that was not there before. Two benches that take turns are two series and no break each night. */
function breaksOf(points: readonly MetricPoint[]): Break[] {
  const known = new Set<string>();
  return points.flatMap((point, at) => {
    const before = points[at - 1];
    const isNew = !known.has(point.likeness);
    known.add(point.likeness);
    if (before === undefined || !isNew) return [];
    const { suite, case: name, device, metric } = point;
    return [{ suite, case: name, device, metric, last: placeOf(before), first: placeOf(point), from: before.likenessText, to: point.likenessText }];
  });
}
