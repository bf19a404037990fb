import type { Tensor } from '../../../model/graph.ts';
import type { TensorData } from '../../../reference/runner.ts';
import type { LayerEvidence, LayerSample } from '../../evidence.ts';
import type { Candidate, Hypothesis } from '../hypothesis.ts';
import { expectedBut, tensorOf, wrongTensors } from './elements.ts';
import { layerCopy, type Rerun } from './layer-copy.ts';

/** Times that a value may wrap around; of int8 that is up to about 900. */
const TURNS = [1, 2, 3];
const CODES = 256;

type End = 'upper' | 'lower';
const VARIANTS: readonly { readonly ends: readonly End[]; readonly text: string }[] = [
  { ends: ['upper', 'lower'], text: 'values beyond the type wrap around instead of being limited' },
  { ends: ['upper'], text: 'values above the type wrap around instead of being limited' },
  { ends: ['lower'], text: 'values below the type wrap around instead of being limited' },
];

/**
 * int8 outputs stored without being limited. What lies beyond the limits is read off the reference itself, run with another zero
 * point of the output: 256 lower it shows what wraps around once at the upper end, 1 lower whether a limit was just reached or passed.
 */
export const wrappedRange: Hypothesis = {
  name: 'wrapped range',
  * candidates(evidence) {
    const tensors = wrongTensors(evidence);
    const [tensor] = tensors;
    if (tensors.length !== 1 || tensor === undefined || tensorOf(evidence, tensor).dtype !== 'int8' || !isLimited(evidence, tensor)) return;
    const moved = new Map<number, Rerun | null>();
    const at = (by: number, sample: LayerSample): TensorData | null => {
      if (!moved.has(by)) moved.set(by, layerCopy(evidence, { tensor: (one) => (one.index === tensor ? withZeroPoint(one, by) : one) }));
      return moved.get(by)?.(sample.inputs).get(tensor) ?? null;
    };
    for (const { ends, text } of VARIANTS) {
      yield { cause: 'output.wrapped', text, alternatives: VARIANTS.length, byValue: true, predict: (sample) => predict(sample, tensor, ends, at) } satisfies Candidate;
    }
  },
};

/** Only where a wrong element is at a limit can it have wrapped. */
function isLimited({ samples }: LayerEvidence, tensor: number): boolean {
  return samples.every(({ got, expected }) => {
    const [values, right] = [got.get(tensor), expected.get(tensor)];
    return right === undefined || right.every((value: number | bigint, i: number) => Object.is(values?.[i], value) || value === 127 || value === -128);
  });
}

function withZeroPoint(tensor: Tensor, by: number): Tensor {
  const { quantisation } = tensor;
  return quantisation === null ? tensor : { ...tensor, quantisation: { ...quantisation, zeroPoint: quantisation.zeroPoint.map((zeroPoint) => zeroPoint + by) } };
}

function predict(sample: LayerSample, tensor: number, ends: readonly End[], at: (by: number, sample: LayerSample) => TensorData | null): ReturnType<Candidate['predict']> {
  const right = sample.expected.get(tensor);
  if (right === undefined) return null;
  const values = Int8Array.from(right as Int8Array);
  for (const end of ends) {
    const [limit, sign] = end === 'upper' ? [127, -1] : [-128, 1];
    // Copies: the next run overwrites nothing of them.
    const near = at(sign, sample);
    const turns = TURNS.map((turn) => at(sign * turn * CODES, sample));
    if (near === null || turns.some((turn) => turn === null)) return null;
    for (let i = 0; i < values.length; i++) {
      if (right[i] !== limit || near[i] !== limit) continue;
      const wrapped = turns.find((turn) => turn?.[i] !== limit)?.[i];
      if (wrapped === undefined) return null;
      values[i] = Number(wrapped);
    }
  }
  return expectedBut(sample, new Map([[tensor, values]]));
}
