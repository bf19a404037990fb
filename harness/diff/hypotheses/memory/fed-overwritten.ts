import type { Graph } from '../../../model/graph.ts';
import type { TensorData } from '../../../reference/runner.ts';
import type { LayerEvidence, LayerSample } from '../../evidence.ts';
import type { Candidate, Hypothesis } from '../hypothesis.ts';
import { bytesOf, fromBytes, tensorOf } from './elements.ts';
import { layerCopy } from './layer-copy.ts';

/**
 * An input that waits for its reader while other layers write: one of their outputs lies over its beginning or its end, since the
 * memory plan frees it too soon. What the layer's tap shows then follows from the spoilt input.
 */
export const fedOverwritten: Hypothesis = {
  name: 'input overwritten',
  * candidates(evidence) {
    const overlaps = [...overlapsOf(evidence)];
    const copy = overlaps.length === 0 ? null : layerCopy(evidence);
    if (copy === null) return;
    for (const { input, writer, atEnd } of overlaps) {
      yield {
        cause: 'memory.overlap', alternatives: overlaps.length,
        text: `tensor ${writer} was written over the ${atEnd ? 'end' : 'beginning'} of input ${input} before it was read`,
        predict: (sample) => {
          const spoilt = overwritten(sample, input, writer, atEnd);
          return spoilt === null ? null : copy(new Map(sample.inputs).set(input, spoilt));
        },
      } satisfies Candidate;
    }
  },
};

interface Overlap { readonly input: number; readonly writer: number; readonly atEnd: boolean }

/** Tensors that are written between an input of this layer and the layer itself. */
function* overlapsOf({ model, layer, samples: [first], ...evidence }: LayerEvidence): Iterable<Overlap> {
  const graph = model.subgraphs[0] as Graph;
  const here = Math.min(...layer.covers);
  const whole: LayerEvidence = { model, layer, samples: first === undefined ? [] : [first], ...evidence };
  for (const input of first?.inputs.keys() ?? []) {
    if (tensorOf(whole, input).isVariable) continue;
    const made = graph.operators.findIndex(({ outputs }) => outputs.includes(input));
    for (const writer of graph.operators.slice(made + 1, here).flatMap(({ outputs }) => outputs)) {
      yield { input, writer, atEnd: false };
      yield { input, writer, atEnd: true };
    }
  }
}

function overwritten(sample: LayerSample, input: number, writer: number, atEnd: boolean): TensorData | null {
  const fed = sample.inputs.get(input);
  const own = sample.inputs.get(writer);
  const bytes = own === undefined ? sample.others.get(writer) : bytesOf(own);
  if (fed === undefined || bytes === undefined) return null;
  const spoilt = bytesOf(fed).slice();
  const length = Math.min(spoilt.length, bytes.length);
  spoilt.set(atEnd ? bytes.subarray(bytes.length - length) : bytes.subarray(0, length), atEnd ? spoilt.length - length : 0);
  return fromBytes(fed, spoilt);
}
