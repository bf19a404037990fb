import { deviations } from './observed.ts';
import type { ObservedSample } from './observed.ts';

/** What a fit must tell beyond the choice among a candidate's alternatives; the catalogue has about 2^9 candidates of its own. */
const LEAST_BITS = 14;
/** One or two elements are hit by chance by much that only resembles the cause. */
const LEAST_WRONG = 3;
/** Elements that were near enough to a tie to be off by one, for each that is. */
const NEAR_TIES = 2;
/** A deviation of more than one: one of some 500. */
const DEVIATION_BITS = 9;

/**
 * Whether the wrong elements say enough to believe a cause that reproduces all of them: what it takes to write down which elements
 * are wrong and by how much, in bits, against the choice that was made.
 * @param samples those of which the candidate says something
 * @param alternatives candidates of equal standing
 * @param byValue see Candidate
 */
export function isTelling(samples: readonly ObservedSample[], alternatives: number, byValue = false): boolean {
  const counts = new Map<number, number>();
  for (const sample of samples) for (const [difference, count] of deviations(sample)) counts.set(difference, (counts.get(difference) ?? 0) + count);
  const wrong = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return wrong >= LEAST_WRONG && informationBits(samples, counts, wrong, byValue) >= LEAST_BITS + Math.log2(alternatives);
}

/** Bits to name the wrong elements among all (their number given), the deviations that occur, and which element has which. */
function informationBits(samples: readonly ObservedSample[], counts: ReadonlyMap<number, number>, wrong: number, byValue: boolean): number {
  const elements = samples.reduce((sum, sample) => sum + sample.elements, 0);
  let bits = log2Choose(couldBeWrong([...counts.keys()], elements, wrong, byValue), wrong) + Math.log2(wrong + 1);
  for (const [difference, count] of counts) bits += (Math.abs(difference) <= 1 ? 1 : DEVIATION_BITS) - count * Math.log2(count / wrong);
  return bits;
}

/** Elements among which it was open which ones are wrong. */
function couldBeWrong(differences: readonly number[], elements: number, wrong: number, byValue: boolean): number {
  // What is off by one lies near a tie, where anything that changes results a little changes them: few others were as likely.
  if (differences.every((difference) => Math.abs(difference) <= 1)) return Math.min(elements, NEAR_TIES * wrong);
  // One deviation for all moves everything; the elements that are right are those that a bound holds, whatever moved them.
  return differences.length === 1 && !byValue ? wrong : elements;
}

/** log2 of the binomial coefficient, by Stirling's series; exact to far below a bit. */
function log2Choose(n: number, k: number): number {
  return log2Factorial(n) - log2Factorial(k) - log2Factorial(n - k);
}

function log2Factorial(n: number): number {
  if (n < 2) return 0;
  return (n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n)) / Math.LN2;
}
