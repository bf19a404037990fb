import type { Verdict } from '../../report/index.ts';

/** What became better or worse from a base to a change. Text is untrusted. */
export interface Comparison {
  readonly schema: 'hil-compare/1';
  readonly base: SideFacts;
  readonly head: SideFacts;
  /** worse: something is; unknown: nothing is, but the bench failed, or nothing could be compared; same or better: the rest. */
  readonly result: 'worse' | 'unknown' | 'better' | 'same';
  readonly verdicts: readonly VerdictChange[];
  readonly layers: readonly LayerChange[];
  readonly figures: readonly FigureChange[];
  /** Cases that were compared, and how many of their figures are equal. */
  readonly compared: { readonly cases: number; readonly figures: number; readonly equal: number; readonly withinNoise: number; /** Cases of the base on devices, or of suites, that the head did not run; not compared. */ readonly absent: number };
  readonly notes: readonly string[];
}
export interface SideFacts {
  readonly label: string;
  readonly commit: string | null;
  readonly dirty: boolean;
  readonly runs: readonly string[];
}
export interface Where { readonly suite: string; readonly case: string; readonly device: string }

export interface VerdictChange extends Where {
  /** unknown: the bench failed or it was not run, so that nothing is known of the code. */
  readonly kind: 'worse' | 'unknown' | 'better' | 'new';
  readonly before: Verdict | null;
  readonly after: Verdict | null;
  readonly reason: string;
}
export interface LayerChange extends Where {
  readonly kind: 'worse' | 'better';
  readonly layer: number;
  readonly op: string;
  readonly name: string;
  /** Elements that are wrong by themselves; where that is not known, that differ. */
  readonly before: number;
  readonly after: number;
}
export interface FigureChange extends Where {
  /** missing: the base has it and the change has not. noise: it differs, and how much it does so by itself is not known. unlike: not to be compared. */
  readonly kind: 'worse' | 'missing' | 'unlike' | 'noise' | 'better' | 'new';
  readonly metric: string;
  readonly before: number | null;
  readonly after: number | null;
  readonly unit: string;
  /** Of unlike: what differs. Of a noisy figure: what it differs by itself. */
  readonly why: string;
}
