import { HilError } from '../../errors.ts';
import type { TensorData } from '../../reference/runner.ts';
import type { Candidate } from '../hypotheses/hypothesis.ts';
import type { ObservedSample, ObservedTensor } from './observed.ts';

/**
 * Whether a candidate says of every sample exactly what the device shows, stopping at the first contradiction.
 * @returns the samples of which it says something; null where it is refuted or leaves a wrong element unexplained
 */
export function fits(candidate: Candidate, observed: readonly ObservedSample[]): readonly ObservedSample[] | null {
  try {
    return judged(candidate, observed);
  } catch (error) {
    // What the reference refuses to compute (an edit that leaves no sense) is no explanation.
    if (error instanceof HilError && error.kind === 'config') return null;
    throw error;
  }
}

function judged(candidate: Candidate, observed: readonly ObservedSample[]): readonly ObservedSample[] | null {
  if (candidate.predictAt !== undefined) for (const one of observed) if (!survivesProbe(candidate, one)) return null;
  const spoken: ObservedSample[] = [];
  for (const one of observed) {
    const predicted = candidate.predict(one.sample);
    if (predicted === null) continue;
    if (!one.tensors.every((tensor) => agrees(predicted.get(tensor.tensor), tensor))) return null;
    spoken.push(one);
  }
  return saysEnough(spoken, observed) ? spoken : null;
}

function survivesProbe(candidate: Candidate, { sample, tensors }: ObservedSample): boolean {
  return tensors.every(({ tensor, got, probe }) => {
    const values = candidate.predictAt?.(sample, tensor, probe);
    if (values === null || values === undefined) return true;
    for (let i = 0; i < probe.length; i++) if (!Object.is(values[i], got[probe[i] as number])) return false;
    return true;
  });
}

/** Of a tensor without wrong elements it need not speak. */
function agrees(predicted: TensorData | undefined, { tensor, got, wrong }: ObservedTensor): boolean {
  if (predicted === undefined) return wrong.length === 0;
  if (predicted.length !== got.length) throw new RangeError(`a candidate predicts ${predicted.length} elements of tensor ${tensor}, which has ${got.length}`);
  for (const i of wrong) if (!Object.is(predicted[i], got[i])) return false;
  for (let i = 0; i < got.length; i++) if (!Object.is(predicted[i], got[i])) return false;
  return true;
}

/** A cause that works on what was before knows nothing of the first sample; of most wrong samples it must. */
function saysEnough(spoken: readonly ObservedSample[], observed: readonly ObservedSample[]): boolean {
  const wrong = (samples: readonly ObservedSample[]): number => samples.filter((sample) => sample.wrong > 0).length;
  return wrong(spoken) > 0 && wrong(spoken) * 2 >= wrong(observed);
}
