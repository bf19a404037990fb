import type { Graph } from '../../../model/graph.ts';
import type { TensorData } from '../../../reference/runner.ts';
import type { LayerEvidence, LayerSample } from '../../evidence.ts';
import type { Candidate, Hypothesis } from '../hypothesis.ts';
import { bytesOf, fromBytes, tensorOf } from './elements.ts';
import { layerCopy } from './layer-copy.ts';
import { overlapsAnywhere, type Overlap } from './overlap-search.ts';

/**
 * An input that holds the bytes of another tensor when it is read, in whole or in part: the memory plan frees it too soon, or the
 * layer reads another buffer. Its tap shows what was written; what the layer's tap shows follows from the spoilt input.
 */
export const fedOverwritten: Hypothesis = {
  name: 'input overwritten',
  * candidates(evidence) {
    const simple = [...overlapsOf(evidence)];
    const copy = layerCopy(evidence);
    if (copy === null) return;
    const candidate = (overlap: Overlap, alternatives: number): Candidate => ({
      cause: 'memory.overlap', alternatives, text: textOf(overlap),
      predict: (sample) => {
        const spoilt = overwritten(sample, overlap);
        return spoilt === null ? null : copy(new Map(sample.inputs).set(overlap.input, spoilt));
      },
    });
    for (const overlap of simple) yield candidate(overlap, simple.length);
    const { found, tried } = overlapsAnywhere(evidence, copy);
    for (const overlap of found) yield { ...candidate(overlap, tried), byValue: true };
  },
};

/** Other tensors of the same size in the place of an input, and tensors that are written between an input and the layer, over its ends. */
function* overlapsOf(evidence: LayerEvidence): Iterable<Overlap> {
  const { model, layer, samples: [first] } = evidence;
  const graph = model.subgraphs[0] as Graph;
  const here = Math.min(...layer.covers);
  const later = new Set(graph.operators.slice(here).flatMap(({ outputs }) => outputs));
  for (const [input, fed] of first?.inputs ?? []) {
    if (first === undefined || tensorOf(evidence, input).isVariable) continue;
    const size = fed.byteLength;
    const overlap = (source: number, sourceSize: number, at: number): Overlap => ({ input, source, at, size, sourceSize, elementSize: fed.BYTES_PER_ELEMENT });
    const known = new Map([...first.others].map(([tensor, bytes]) => [tensor, bytes.length]));
    for (const [tensor, data] of first.inputs) if (!tensorOf(evidence, tensor).isVariable) known.set(tensor, data.byteLength);
    const made = graph.operators.findIndex(({ outputs }) => outputs.includes(input));
    const writers = new Set(graph.operators.slice(made + 1, here).flatMap(({ outputs }) => outputs));
    for (const [source, sourceSize] of known) {
      if (source === input || later.has(source)) continue;
      if (sourceSize === size) yield overlap(source, sourceSize, 0);
      else if (writers.has(source)) yield* [overlap(source, sourceSize, 0), overlap(source, sourceSize, size - sourceSize)];
    }
  }
}

function textOf({ input, source, at, size, sourceSize, elementSize }: Overlap): string {
  if (at === 0 && sourceSize === size) return `input ${input} held the bytes of tensor ${source}: read from another buffer, or overwritten before it was read`;
  if (at <= 0 && at + sourceSize >= size) return `input ${input} held bytes of tensor ${source}: read from another buffer, or overwritten before it was read`;
  if (at === 0) return `tensor ${source} was written over the beginning of input ${input} before it was read`;
  if (at + sourceSize === size) return `tensor ${source} was written over the end of input ${input} before it was read`;
  const [first, last] = [Math.max(0, at), Math.min(size, at + sourceSize) - 1].map((byte) => Math.floor(byte / elementSize)) as [number, number];
  return `the elements ${first} to ${last} of input ${input} held bytes of tensor ${source} when they were read`;
}

function overwritten(sample: LayerSample, { input, source, at }: Overlap): TensorData | null {
  const fed = sample.inputs.get(input);
  const own = sample.inputs.get(source);
  const bytes = own === undefined ? sample.others.get(source) : bytesOf(own);
  if (fed === undefined || bytes === undefined) return null;
  const spoilt = bytesOf(fed).slice();
  const [from, to] = [Math.max(0, at), Math.min(spoilt.length, at + bytes.length)];
  spoilt.set(bytes.subarray(from - at, to - at), from);
  return fromBytes(fed, spoilt);
}
