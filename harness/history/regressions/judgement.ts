import type { Baseline, MetricPoint } from '../history.ts';

/** What the history says about every figure. Text is untrusted and not escaped. Times are ms since 1970 UTC. */
export interface Judgement {
  readonly series: readonly JudgedSeries[];
  /** Worst first: open ones, then accepted, undone, improved; of a kind the surest and largest first. */
  readonly changes: readonly Change[];
  /** Where figures stopped being comparable: another compiler, clock, bench. No regression. */
  readonly breaks: readonly Break[];
  /** Points that were not judged, by reason. */
  readonly leftOut: LeftOut;
}

export interface LeftOut { readonly dirty: number; readonly pullRequest: number; readonly otherBranch: number; readonly notJudged: number }

/** Figures that may be compared with each other. */
export interface SeriesName {
  readonly suite: string;
  readonly case: string;
  readonly device: string;
  readonly metric: string;
  readonly likeness: string;
}

export interface JudgedSeries extends SeriesName {
  readonly likenessText: string;
  readonly unit: string;
  readonly exact: boolean;
  readonly better: 'lower' | 'higher';
  readonly branch: string | null;
  readonly points: number;
  /** Points below which nothing can be said: 2 of an exact figure, 15 of a noisy one. */
  readonly need: number;
  readonly judged: boolean;
  /** What it is now: the last value; of a noisy one the median since the last step. */
  readonly level: number;
  /** Standard deviation of the noise, robust; 0 for exact figures. */
  readonly noise: number;
  readonly last: Place;
  /** 'superseded': newer figures of the kind are of another likeness; 'missing': newer runs of the case have no such figure. */
  readonly state: 'current' | 'superseded' | 'missing';
}

/** Whether a figure of now was judged: what newer runs have not, or have of another likeness, says nothing of them. */
export const judgedNow = ({ judged, state }: Pick<JudgedSeries, 'judged' | 'state'>): boolean => judged && state === 'current';

export interface Place {
  readonly run: string;
  readonly runId: string;
  readonly commit: string | null;
  readonly startedAtMs: number;
}

export type ChangeKind = 'open' | 'accepted' | 'undone' | 'improved';

export interface Change extends SeriesName {
  readonly kind: ChangeKind;
  readonly likenessText: string;
  readonly unit: string;
  readonly exact: boolean;
  readonly better: 'lower' | 'higher';
  readonly direction: 'worse' | 'better';
  /**
   * 'code': what ran is another image, or that is not known. 'inputs': the same image of another commit, so that inputs, suite or bench
   * changed. 'bench': the same commit and the same image.
   */
  readonly suspect: 'code' | 'inputs' | 'bench';
  /** Level before, behind, and now. */
  readonly from: number;
  readonly to: number;
  readonly now: number;
  /** to / from; null where from is 0. */
  readonly ratio: number | null;
  readonly lastGood: Place;
  readonly firstBad: Place;
  /** Run with which it was found: of noisy figures some runs later. */
  readonly found: Place;
  /** Runs of the branch between lastGood and firstBad without this figure: it may have happened in any of them. */
  readonly runsBetween: number;
  /** Commits that may have done it, oldest first; of exact figures the one of firstBad. Nulls and doubles left out. */
  readonly commits: readonly string[];
  /** What else changed between the two: model, generator, hil. */
  readonly markers: readonly string[];
  readonly confidence: Confidence;
  /** Layers that changed with it, where it is latency. */
  readonly layer: LayerChange | null;
  readonly accepted: Baseline | null;
  /** First run that is back at what it was, or better. */
  readonly undoneBy: Place | null;
}

export interface Confidence {
  /** 'exact': the figure repeats to the last digit. 'confirmed': permutation test. 'returned': see docs/regressions.md, "Back again". */
  readonly how: 'exact' | 'confirmed' | 'returned';
  /** Of no change at all; null where not exact by a test. */
  readonly p: number | null;
  /** Of to - from (Hodges-Lehmann), in the unit, 95 %. */
  readonly size: { readonly value: number; readonly low: number; readonly high: number };
  /** Size in standard deviations of the noise; null where there is none. */
  readonly sigmas: number | null;
  /** 'drift': a line through all of it fits better than a step. */
  readonly shape: 'step' | 'drift';
  /** Values on either side that it rests on. */
  readonly before: number;
  readonly after: number;
}

export interface LayerChange {
  readonly layer: number;
  readonly op: string;
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly unit: string;
  /** Of the change of all layers together, 0..1; more than 1 where others became better. */
  readonly share: number;
}

export interface Break {
  readonly suite: string;
  readonly case: string;
  readonly device: string;
  readonly metric: string;
  /** Last of the old, first of the new. */
  readonly last: Place;
  readonly first: Place;
  readonly from: string;
  readonly to: string;
}

export const placeOf = ({ run, runId, commit, startedAtMs }: MetricPoint): Place => ({ run, runId, commit, startedAtMs });

/** How much worse `value` is than `than`; negative: better. */
export const worseBy = (better: 'lower' | 'higher', value: number, than: number): number => (better === 'lower' ? value - than : than - value);
