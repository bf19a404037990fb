import type { TensorData } from '../../reference/runner.ts';
import type { LayerEvidence, LayerSample } from '../evidence.ts';
import { differenceOf } from '../tensor-tally.ts';

/** What the device made of one tensor in one sample. */
export interface ObservedTensor {
  readonly tensor: number;
  readonly got: TensorData;
  /** Elements in which the device differs from the reference, ascending. */
  readonly wrong: Int32Array;
  /** A few of the wrong elements and of the right ones, spread over the tensor: enough to refute most candidates. */
  readonly probe: Int32Array;
}

export interface ObservedSample {
  readonly sample: LayerSample;
  readonly tensors: readonly ObservedTensor[];
  readonly elements: number;
  readonly wrong: number;
}

/** Wrong and right elements each in a quick look. */
const PROBES = 12;

/**
 * All samples of the evidence, those with the most wrong elements first, the clean ones last: the order in which they refute soonest.
 * @throws RangeError where `got` and `expected` differ in length
 */
export function observe(evidence: LayerEvidence): readonly ObservedSample[] {
  return [...evidence.samples, ...evidence.clean].map(observeSample).sort((a, b) => b.wrong - a.wrong);
}

function observeSample(sample: LayerSample): ObservedSample {
  const tensors = [...sample.got].map(([tensor, got]) => observeTensor(tensor, got, sample.expected.get(tensor)));
  return {
    sample, tensors,
    elements: tensors.reduce((sum, { got }) => sum + got.length, 0),
    wrong: tensors.reduce((sum, { wrong }) => sum + wrong.length, 0),
  };
}

function observeTensor(tensor: number, got: TensorData, expected: TensorData | undefined): ObservedTensor {
  if (expected?.length !== got.length) throw new RangeError(`tensor ${tensor}: ${got.length} elements beside ${expected?.length ?? 'no'} expected ones`);
  const wrong: number[] = [];
  const right: number[] = [];
  for (let i = 0; i < got.length; i++) (Object.is(got[i], expected[i]) ? right : wrong).push(i);
  return { tensor, got, wrong: Int32Array.from(wrong), probe: Int32Array.from([...spread(wrong), ...spread(right)]) };
}

/** Up to PROBES of the elements, at steps that share no period with rows or channels. */
function spread(elements: readonly number[]): number[] {
  if (elements.length <= PROBES) return [...elements];
  return Array.from({ length: PROBES }, (_, i) => elements[Math.floor(((i + (i * 0.618) % 1) / (PROBES + 1)) * elements.length)] as number);
}

/** got - expected of the wrong elements -> how many. */
export function deviations({ sample, tensors }: ObservedSample): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { tensor, got, wrong } of tensors) {
    const expected = sample.expected.get(tensor) as TensorData;
    for (const i of wrong) {
      const difference = differenceOf(expected[i], got[i]);
      counts.set(difference, (counts.get(difference) ?? 0) + 1);
    }
  }
  return counts;
}
