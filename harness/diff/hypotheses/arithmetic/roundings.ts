import type { FixedPointName } from '../../../numerics/index.ts';
import type { Cause } from '../causes.ts';

/** A way to requantise, as a cause. */
export interface RoundingCause {
  readonly cause: Cause;
  readonly text: string;
  readonly formula: FixedPointName;
}

/** Every rounding that devices are known to have, the common ones first. Formulas that are one cause differ in detail. */
export const ROUNDINGS: readonly RoundingCause[] = [
  { cause: 'rounding.double', text: 'rounds twice, the second time with ties away from zero', formula: 'double' },
  { cause: 'rounding.single', text: 'rounds once instead of twice, ties upwards', formula: 'single' },
  { cause: 'rounding.neon-double', text: 'rounds twice, the second time with ties upwards', formula: 'neon-double' },
  { cause: 'rounding.float64', text: 'requantises in one exact step with ties away from zero, as float64 does', formula: 'away' },
  { cause: 'rounding.float32', text: 'requantises in float32 with ties to even', formula: 'float32-even' },
  { cause: 'rounding.float32', text: 'requantises in float32 with ties away from zero', formula: 'float32-away' },
  { cause: 'rounding.float32', text: 'requantises in float32 by adding a half and cutting off', formula: 'float32-up' },
  { cause: 'rounding.nearest-even', text: 'rounds twice, the second time with ties to even', formula: 'double-even' },
  { cause: 'rounding.nearest-even', text: 'rounds once with ties to even', formula: 'even' },
  { cause: 'rounding.multiplier-16', text: 'has a multiplier of 16 bits and rounds once', formula: 'single-16' },
  { cause: 'rounding.multiplier-16', text: 'has a multiplier of 16 bits, cut off from one of 32, and rounds once', formula: 'single-cut-16' },
  { cause: 'rounding.multiplier-16', text: 'has a multiplier of 16 bits and rounds twice', formula: 'double-16' },
  { cause: 'rounding.truncation', text: 'cuts the fraction off downwards', formula: 'floor' },
  { cause: 'rounding.truncation', text: 'cuts the fraction off towards zero', formula: 'toward-zero' },
  { cause: 'rounding.truncation', text: 'rounds the high product, then cuts the fraction off downwards', formula: 'double-floor' },
  { cause: 'rounding.truncation', text: 'rounds the high product, then cuts the fraction off towards zero', formula: 'double-toward-zero' },
  { cause: 'rounding.truncation', text: 'cuts the high product off, then rounds', formula: 'cut-then-rounded' },
  { cause: 'rounding.truncation', text: 'multiplies in float32 and cuts the fraction off', formula: 'float32-toward-zero' },
];

/** Formulas that are the same cause. */
export const detailsOf = (cause: Cause): number => ROUNDINGS.filter((rounding) => rounding.cause === cause).length;

/** Formulas that need an int32: the others also take the sums of int16 layers. */
export const NARROW_ONLY: ReadonlySet<FixedPointName> = new Set<FixedPointName>(['double', 'neon-double', 'double-even', 'double-floor', 'double-toward-zero', 'cut-then-rounded', 'double-16', 'single-16']);
