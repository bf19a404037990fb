import type { LayerEvidence, LayerSample } from '../../evidence.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { sameElements, tensorOf } from './elements.ts';
import { filled, type Filling, type Fit } from './filled-region.ts';

/** Wrong elements that a claim must rest on, and different values among them: a layer that saturates repeats itself too. */
const LEAST_WRONG = 4;
const LEAST_VALUES = 4;
/** Of values that are known to have been right. */
const LEAST_RIGHT_VALUES = 2;
const BACK = 3;
/** Samples back, as shown or as they should have been, and the first sample. */
const ALTERNATIVES = 2 * BACK + 1;

interface Source {
  readonly filling: Filling;
  readonly leastValues: number;
  /** Whether what stands there was ever right: else a layer that does not depend on its input would look the same. */
  isEarlier(fit: Fit): boolean;
}

/** A buffer still holds what an earlier sample left: it was not written, or is read before it is. */
export const stale: Hypothesis = {
  name: 'stale',
  * candidates(evidence) {
    for (const { filling, leastValues, isEarlier } of sources(evidence)) {
      const candidate = filled(evidence, filling, (fit) => fit.wrong >= LEAST_WRONG && fit.values >= leastValues && fit.rightValues > 1 && isFedOtherwise(evidence, fit) && isEarlier(fit));
      if (candidate !== null) yield candidate;
    }
  },
};

/** Each source in all samples, and then only in those that are wrong: which these are is a choice too. */
function* sources(evidence: LayerEvidence): Iterable<Source> {
  const always = [...permanentSources(evidence)];
  yield* always;
  if (evidence.clean.length === 0) return;
  for (const { filling, leastValues, isEarlier } of always) {
    yield {
      leastValues,
      filling: {
        ...filling, text: `${filling.text}, in some samples`, alternatives: filling.alternatives * 2 ** (evidence.samples.length + evidence.clean.length),
        of: (sample, tensor) => (evidence.clean.includes(sample) ? null : filling.of(sample, tensor)),
      },
      isEarlier,
    };
  }
}

function* permanentSources(evidence: LayerEvidence): Iterable<Source> {
  const known = [...evidence.samples, ...evidence.clean].sort((a, b) => a.at.sample - b.at.sample);
  const before = (sample: LayerSample, back: number): LayerSample | undefined => known.find(({ at }) => at.sample === sample.at.sample - back);
  for (let back = 1; back <= BACK; back++) {
    const samples = back === 1 ? 'the sample before' : `${back} samples before`;
    const shown = (sample: LayerSample, tensor: number) => sample.earlier[back - 1]?.get(tensor) ?? null;
    yield {
      leastValues: LEAST_VALUES,
      filling: { cause: 'memory.stale', text: `hold what they held in ${samples}`, alternatives: ALTERNATIVES, of: shown },
      isEarlier: (fit) => changes(fit) || fit.samples.some((sample) => isRight(fit, before(sample, back))),
    };
    yield {
      leastValues: LEAST_RIGHT_VALUES,
      filling: { cause: 'memory.stale', text: `hold what belongs to ${samples}`, alternatives: ALTERNATIVES, of: (sample, tensor) => before(sample, back)?.expected.get(tensor) ?? null },
      isEarlier: () => true,
    };
  }
  const first = evidence.clean.find((sample) => sample === known[0]);
  if (first === undefined) return;
  yield {
    leastValues: LEAST_RIGHT_VALUES,
    filling: { cause: 'memory.stale', text: 'hold what the first sample left', alternatives: ALTERNATIVES, of: (sample, tensor) => (sample === first ? null : first.expected.get(tensor) ?? null) },
    isEarlier: () => true,
  };
}

/** Whether what goes in changes from sample to sample, as far as is known: a layer that forgets its state gives the same for the same. */
function isFedOtherwise(evidence: LayerEvidence, { samples }: Fit): boolean {
  const known = [...evidence.samples, ...evidence.clean].sort((a, b) => b.at.sample - a.at.sample);
  const pairs = samples.flatMap((sample) => {
    const before = known.find(({ at }) => at.sample < sample.at.sample);
    return before === undefined ? [] : [[sample.inputs, before.inputs] as const];
  });
  return pairs.length === 0 || pairs.some(([now, before]) => [...now].some(([tensor, fed]) => !tensorOf(evidence, tensor).isVariable && !sameElements(fed, before.get(tensor) ?? fed)));
}

/** Whether the wrong elements hold other values in one sample than in another. */
function changes({ samples, elements, tensor }: Fit): boolean {
  const contents = new Set(samples.map(({ got }) => elements.map((i) => String(got.get(tensor)?.[i])).join()));
  return contents.size > 1;
}

/** Whether an earlier sample had the elements right. */
function isRight({ elements, tensor }: Fit, sample: LayerSample | undefined): boolean {
  const [got, expected] = [sample?.got.get(tensor), sample?.expected.get(tensor)];
  return got !== undefined && expected !== undefined && elements.every((i) => Object.is(got[i], expected[i]));
}
