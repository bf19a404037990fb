import type { LayerEvidence, LayerSample } from '../../evidence.ts';
import type { Cause } from '../causes.ts';
import type { Candidate } from '../hypothesis.ts';
import { sameElements } from './elements.ts';
import type { Change, Place } from './place.ts';

/** A change of values that may happen anywhere: one bit stuck, rows off by one. */
export interface NamedChange {
  readonly cause: Cause;
  /** Half sentence about the place: "the bytes of each element are reversed". */
  readonly text: string;
  readonly change: Change;
  /** Where it only moves elements: flat index of the one that comes to lie at i, -1 where none does. For a quick look. */
  readonly from?: (i: number) => number;
  /** See Candidate. */
  readonly byValue?: true;
}

/** Elements looked at before a whole tensor is made. */
const PROBES = 64;

/**
 * Candidates for a list of changes at one place. Of changes of the output, which cost next to nothing to try, only those that
 * fit the first sample are given; the number tried is in `alternatives` all the same.
 */
export function* placed(evidence: LayerEvidence, place: Place, changes: readonly NamedChange[]): Iterable<Candidate> {
  for (const { cause, text, change, from, byValue = false } of changes) {
    if (place.kind === 'output' && !fitsFirst(evidence, place, change, from)) continue;
    yield { cause, text: `${text}, in ${place.name}`, alternatives: changes.length, byValue, predict: (sample) => place.predict(change, sample) };
  }
}

/** Whether it gives what the device shows in the first sample of which it says anything. */
function fitsFirst({ samples }: LayerEvidence, place: Place, change: Change, from: NamedChange['from']): boolean {
  for (const sample of samples) {
    if (from !== undefined && place.tensors.some(({ index }) => isRefuted(sample, index, from))) return false;
    const predicted = place.predict(change, sample);
    if (predicted !== null) return [...predicted].every(([tensor, data]) => sameElements(data, sample.got.get(tensor) ?? data));
  }
  return false;
}

function isRefuted({ expected, got }: LayerSample, tensor: number, from: (i: number) => number): boolean {
  const [right, values] = [expected.get(tensor), got.get(tensor)];
  if (right === undefined || values === undefined) return false;
  const step = Math.max(1, Math.floor(right.length / PROBES));
  for (let i = 0; i < right.length; i += step) {
    const source = from(i);
    if (source >= 0 && source < right.length && !Object.is(right[source], values[i])) return true;
  }
  return false;
}
