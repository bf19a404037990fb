import type { Baseline, MetricPoint } from '../history.ts';
import { placeOf, worseBy, type Change, type Place } from './judgement.ts';
import type { Series } from './series.ts';

/** A change as it is found; what becomes of it is the ledger's. */
export type Found = Omit<Change, 'kind' | 'accepted' | 'undoneBy' | 'now' | 'layer' | 'runsBetween'>;

interface Entry { readonly found: Found; kind: Change['kind']; accepted: Baseline | null; undoneBy: Place | null }

/**
 * What is open. Changes come in the order in which they were found; between them baselines are accepted. A regression ends in two ways
 * only: the figure is back at what it was, or better; or somebody has accepted its level.
 */
export class Ledger {
  readonly #entries: Entry[] = [];
  readonly #series: Series;
  readonly #baselines: { readonly at: number; readonly baseline: Baseline }[];

  constructor(series: Series, baselines: readonly Baseline[]) {
    this.#series = series;
    this.#baselines = baselines.map((baseline) => ({ at: placeOfBaseline(series.points, baseline), baseline })).filter(({ at }) => at >= 0).sort((a, b) => a.at - b.at);
  }

  /** @param margin how much worse than a level still is that level */
  change(found: Found, margin: number): void {
    const worse = worseBy(found.better, found.to, found.from) > 0;
    const entry: Entry = { found, kind: worse ? 'open' : 'improved', accepted: null, undoneBy: null };
    if (!worse) {
      const undone = this.#entries.filter(({ kind, found: { from } }) => kind === 'open' && worseBy(found.better, found.to, from) <= margin);
      for (const one of undone) Object.assign(one, { kind: 'undone', undoneBy: found.firstBad });
      // What takes a regression back is no gain.
      if (undone.length > 0) return;
    }
    this.#entries.push(entry);
  }

  /** Accepts what was accepted after the points before `end` and before any later one. @param level of the figure then @param margin as in change() */
  acceptUntil(end: number, level: (at: number) => number, margin: number): void {
    while (this.#baselines[0] !== undefined && this.#baselines[0].at < end) {
      const { at, baseline } = this.#baselines.shift()!;
      if (worseBy(this.#series.points[at]!.better, level(at), baseline.value) > margin) continue;
      for (const entry of this.#entries) if (entry.kind === 'open') Object.assign(entry, { kind: 'accepted', accepted: baseline });
    }
  }

  all(now: number): Omit<Change, 'layer' | 'runsBetween'>[] {
    return this.#entries.map(({ found, kind, accepted, undoneBy }) => ({ ...found, kind, accepted, undoneBy, now }));
  }
}

/** Index of the last point that was there when the baseline was accepted: that of its run, and repeats of it until then; -1: none. */
function placeOfBaseline(points: readonly MetricPoint[], { run, acceptedAt }: Baseline): number {
  const own = points.findLastIndex((point) => point.run === run);
  const when = Date.parse(acceptedAt);
  return own >= 0 ? own : points.findLastIndex(({ startedAtMs }) => startedAtMs <= when);
}

/** What every found change tells of its series and its two ends. */
export function namesOf({ points }: Series): Pick<Found, 'suite' | 'case' | 'device' | 'metric' | 'likeness' | 'likenessText' | 'unit' | 'exact' | 'better'> {
  const { suite, case: name, device, metric, likeness, likenessText, unit, exact, better } = points[0]!;
  return { suite, case: name, device, metric, likeness, likenessText, unit, exact, better };
}

/** @param at index of the first point behind the change @param found of the one with which it was found */
export function endsOf({ points }: Series, at: number, found: number): Pick<Found, 'lastGood' | 'firstBad' | 'found'> {
  return { lastGood: placeOf(points[at - 1]!), firstBad: placeOf(points[at]!), found: placeOf(points[found]!) };
}
