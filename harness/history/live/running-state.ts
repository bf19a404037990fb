import type { RunSource, Verdict } from '../../report/index.ts';

/** What a run under way tells of itself. All text is untrusted and cut to {@link MOST_TEXT} characters. */
export interface RunningState {
  readonly schema: 'hil-running/1';
  /** Null until its folder is there. */
  readonly run: string | null;
  readonly suite: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly source: RunSource;
  /** Who goes first where runs wait for the same device; null: not said. */
  readonly priority: string | null;
  /** Case×device pairs. */
  readonly total: number;
  readonly done: number;
  /** Of those done; zeros left out. */
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  /** In the order of the suite, at most {@link MOST_WORK}: what is under way and what is not a pass before the rest. */
  readonly work: readonly RunningCase[];
  /** Pairs that are not in `work`. */
  readonly notListed: number;
}

/** One case on one device. */
export interface RunningCase {
  readonly case: string;
  readonly device: string;
  /** Null before it has begun, and after its end. */
  readonly phase: string | null;
  /** E.g. who holds the device that is waited for; ''. */
  readonly note: string;
  /** Samples compared, of so many; 0 of 0 before. */
  readonly samples: number;
  readonly of: number;
  /** Null until it ends. */
  readonly verdict: Verdict | null;
  /** When the phase began, or the case ended; null before it has begun. */
  readonly since: string | null;
}

export const MOST_TEXT = 200;
export const MOST_WORK = 500;
export const VERDICTS: readonly Verdict[] = ['pass', 'fail', 'build-error', 'bench-error', 'skipped', 'interrupted'];
