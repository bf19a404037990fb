import type { Cause } from '../../../harness/diff/hypotheses/causes.ts';
import type { Plant } from '../plant/planting.ts';

/** Something that is done wrong in C, written from what the cause says and from nothing else. */
export interface Defect {
  /** Unique, kebab-case. */
  readonly id: string;
  /** What diagnosis must say; several only where they are the same thing. */
  readonly causes: readonly [Cause, ...Cause[]];
  readonly operators: readonly string[];
  readonly description: string;
  readonly plant: Plant;
  /** Needs ties in the sums to show: planted in the models that have them. */
  readonly rounding?: true;
  /** Rounding profile that the device is compared with, where it is not the default, and what the other layers need to be right in it. */
  readonly profile?: { readonly name: string; readonly elsewhere: Plant };
}
