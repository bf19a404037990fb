import type { TensorData } from '../../reference/runner.ts';
import type { LayerEvidence, LayerSample } from '../evidence.ts';
import type { Cause } from './causes.ts';

/** One way in which a layer could have gone wrong, with all its parameters chosen. */
export interface Candidate {
  readonly cause: Cause;
  /** For people, a half sentence without full stop: "the bias was left out", "rounds once instead of twice". Names from the model do not belong here. */
  readonly text: string;
  /** How many alternatives of equal standing were tried to arrive at this one (1: none). The more, the more the data must show to be believed. */
  readonly alternatives: number;
  /** Which elements it changes depends on each element's own value or place (a stuck bit, rows that were not written): then that tells something too, even if all are changed by the same. */
  readonly byValue?: boolean;
  /** What the device would show if this were the cause: an array for every tensor of `sample.got` that it says something of; null where it says nothing of this sample. */
  predict(sample: LayerSample): ReadonlyMap<number, TensorData> | null;
  /**
   * A quick look, for candidates that can compute single elements: the same values as predict() has at `elements` of one tensor.
   * Most candidates are refuted by a few elements, so that predict() is rarely needed.
   * @returns null where it says nothing of this tensor or sample
   */
  predictAt?(sample: LayerSample, tensor: number, elements: Int32Array): ArrayLike<number> | null;
}

/** A file of the catalogue. */
export interface Hypothesis {
  readonly name: string;
  /** Candidates for this layer, likeliest first; none where it cannot apply (another operator, no bias, ...). Lazy: what is not asked for is not computed. */
  candidates(evidence: LayerEvidence): Iterable<Candidate>;
}
