import type { LayerEvidence } from './evidence.ts';
import { fits } from './explain/judge.ts';
import { observe } from './explain/observed.ts';
import type { ObservedSample } from './explain/observed.ts';
import { isTelling } from './explain/surprise.ts';
import { GENERAL } from './hypotheses/causes.ts';
import type { Cause } from './hypotheses/causes.ts';
import type { Candidate, Hypothesis } from './hypotheses/hypothesis.ts';
import { candidatesOf, HYPOTHESES } from './hypotheses/index.ts';

/** A cause that reproduces what the device shows. */
export interface Explanation {
  readonly cause: Cause;
  /** With the parameters that fit, for people. */
  readonly text: string;
  /** Elements with own error in the samples looked at, and how many of them it reproduces exactly. */
  readonly wrong: number;
  readonly explained: number;
  /** Elements that the device has right and this cause would make wrong. */
  readonly contradicted: number;
  readonly samples: number;
  /** 1 = best. Explanations that the data cannot tell apart have the same rank. */
  readonly rank: number;
}

export interface ExplainOptions {
  /** Give up looking for further causes after so long; what was found by then is returned. */
  readonly budgetMs?: number;
  /** Called where the time was used up before the catalogue was. */
  readonly onTimeUp?: () => void;
  /** Tried in this order; the whole catalogue where it is absent. */
  readonly hypotheses?: readonly Hypothesis[];
}

/** A candidate that fits, and the samples of which it says something. */
interface Fit {
  readonly candidate: Candidate;
  readonly spoken: readonly ObservedSample[];
  readonly wrong: number;
}

/**
 * Tries the catalogue on a layer with own error. A cause is named only if it reproduces every wrong element of the samples that it
 * speaks of (most of them at least), contradicts none, and the elements say enough to tell that from chance.
 * Whatever fits so predicts the same, so that all of it has rank 1, but for causes that speak of fewer elements.
 * @returns causes that reproduce the device's values, best first, each once; [] means unexplained
 */
export function explain(evidence: LayerEvidence, { budgetMs = Infinity, onTimeUp, hypotheses = HYPOTHESES }: ExplainOptions = {}): readonly Explanation[] {
  const until = performance.now() + budgetMs;
  const observed = observe(evidence);
  const found = new Map<Cause, Fit>();
  for (const candidate of candidatesOf(evidence, hypotheses)) {
    if (performance.now() > until) {
      onTimeUp?.();
      break;
    }
    const fit = tryCandidate(candidate, observed);
    if (fit !== null && fit.wrong > (found.get(candidate.cause)?.wrong ?? 0)) found.set(candidate.cause, fit);
  }
  return ranked([...found.values()].filter((fit) => !isSaidBetter(fit, found)));
}

function tryCandidate(candidate: Candidate, observed: readonly ObservedSample[]): Fit | null {
  const spoken = fits(candidate, observed);
  if (spoken === null || !isTelling(spoken, candidate.alternatives, candidate.byValue)) return null;
  return { candidate, spoken, wrong: spoken.reduce((sum, { wrong }) => sum + wrong, 0) };
}

/** Whether a cause that is a special case of this one explains as much. */
function isSaidBetter({ candidate, wrong }: Fit, found: ReadonlyMap<Cause, Fit>): boolean {
  return GENERAL[candidate.cause]?.some((special) => (found.get(special)?.wrong ?? 0) >= wrong) ?? false;
}

function ranked(fits: readonly Fit[]): Explanation[] {
  const sorted = fits.toSorted((a, b) => b.wrong - a.wrong);
  return sorted.map(({ candidate: { cause, text }, spoken, wrong }) => ({
    cause, text, wrong, explained: wrong, contradicted: 0, samples: spoken.length,
    rank: 1 + sorted.filter((other) => other.wrong > wrong).length,
  }));
}
