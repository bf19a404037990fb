/** What `hil diff` found between two runs; `--json` prints it. Text in it is untrusted. */
export interface RunDiff {
  readonly schema: 'hil-diff/1';
  readonly kind: 'runs';
  /** Every case is in both, compared something, and gave the same; figures that may be compared did not change. */
  readonly equal: boolean;
  readonly a: RunSide;
  readonly b: RunSide;
  readonly cases: readonly CaseDiff[];
  readonly notes: readonly string[];
}

export interface RunSide { readonly label: string; readonly id: string; readonly suite: string; readonly verdict: string; readonly cases: number }

export interface CaseDiff {
  readonly name: string;
  /** null: the case is not in that run. */
  readonly deviceA: string | null;
  readonly deviceB: string | null;
  readonly equal: boolean;
  /** Elements that A and B compared with their references. */
  readonly comparedA: number;
  readonly comparedB: number;
  /** What was run otherwise: model, profile, compiler, ... */
  readonly conditions: readonly string[];
  /** Verdict, outputs and layers that changed, in words. */
  readonly changes: readonly string[];
  readonly figures: readonly FigureDiff[];
}

export interface FigureDiff {
  readonly what: string;
  readonly a: string;
  readonly b: string;
  /** b / a - 1; null where the two may not be compared, or A is 0. */
  readonly change: number | null;
  /** Why the two may not be compared; '': they may. */
  readonly notComparable: string;
  /** Beyond what runs of the same thing differ by, in a figure that repeats exactly: the runs are different. */
  readonly changed: boolean;
}
