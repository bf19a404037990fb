import type { Model } from '../model/index.ts';
import type { Budgets, PlannedCase } from '../run/planned-case.ts';
import type { SuiteToleranceEntry } from './suite-tolerances.ts';
import type { Failure } from './target.ts';

/** What a failing case was cut down to, ready to be written as a suite. */
export interface Shrunk {
  readonly model: Model;
  readonly modelBytes: Uint8Array;
  /** Folder of the C of a ready-made network; null: hil generates it. */
  readonly cDir: string | null;
  readonly profile: string;
  /** []: exact. */
  readonly tolerances: readonly SuiteToleranceEntry[];
  /** As the case had it; undefined: the usual. */
  readonly determinism: PlannedCase['determinism'];
  /** One sequence from a reset; all inputs of a sample one after the other. */
  readonly codes: Uint8Array;
  readonly samples: number;
  readonly resetEach: boolean;
  readonly failure: Failure;
  /** Kept only where a budget is what fails. */
  readonly budgets: Budgets;
  /** Operator of `model` whose layer is to be wrong; null where no layer's values are. */
  readonly operator: number | null;
  /** How it was cut, one sentence each. */
  readonly steps: readonly string[];
}
