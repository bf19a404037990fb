import type { LayerEvidence } from '../evidence.ts';
import { arithmetic } from './arithmetic/index.ts';
import type { Candidate, Hypothesis } from './hypothesis.ts';
import { memory } from './memory/index.ts';

/** The catalogue, in the order in which causes are tried. */
export const HYPOTHESES: readonly Hypothesis[] = [...arithmetic, ...memory];

/** All candidates for a layer, in their order; none is made before it is asked for. */
export function* candidatesOf(evidence: LayerEvidence, hypotheses: readonly Hypothesis[] = HYPOTHESES): Iterable<Candidate> {
  for (const hypothesis of hypotheses) yield* hypothesis.candidates(evidence);
}
