import type { Graph } from '../../../model/graph.ts';
import type { LayerEvidence, LayerSample } from '../../evidence.ts';
import type { Cause } from '../causes.ts';
import type { Candidate, Hypothesis } from '../hypothesis.ts';
import { bytesOf, expectedBut, fromBytes, tensorOf, wrongElements, wrongTensors } from './elements.ts';

/** Bytes that stand where others should, and different ones among them, for a claim to rest on. */
const LEAST_BYTES = 6;
const LEAST_VALUES = 4;

/** A contiguous range of the output that holds the bytes of another tensor of the same sample. */
export const foreignBytes: Hypothesis = {
  name: 'foreign bytes',
  * candidates(evidence) {
    const wrong = wrongTensors(evidence);
    const sample = evidence.samples.find(({ others }) => others.size > 0) ?? evidence.samples[0];
    if (wrong.length !== 1 || sample === undefined) return;
    const [tensor] = wrong as [number];
    const elements = wrongElements(evidence.samples, tensor);
    const size = sample.expected.get(tensor)?.BYTES_PER_ELEMENT ?? 1;
    const got = sample.got.get(tensor);
    // A wider array is not what lies in the device's memory.
    if (got === undefined || got.BYTES_PER_ELEMENT !== size || elements.length === 0) return;
    const first = (elements[0] as number) * size;
    const end = ((elements.at(-1) as number) + 1) * size;
    const bytes = bytesOf(got).slice(first, end);
    if (bytes.length < LEAST_BYTES || new Set(bytes).size < LEAST_VALUES) return;
    const sources = sourcesOf(evidence, sample);
    const places = [...sources.values()].reduce((sum, source) => sum + Math.max(0, source.length - bytes.length + 1), 0);
    const ranges = (got.length * (got.length + 1)) / 2;
    for (const [source, data] of sources) {
      const from = Buffer.from(data.buffer, data.byteOffset, data.length).indexOf(bytes);
      if (from < 0) continue;
      const found: Found = { tensor, source, first, end, from };
      const { cause, text } = called(evidence, found);
      yield { cause, text, alternatives: places * ranges, predict: (one) => predict(evidence, one, found) } satisfies Candidate;
    }
  },
};

interface Found {
  readonly tensor: number;
  readonly source: number;
  /** Byte range in the tensor, and where it begins in the source. */
  readonly first: number;
  readonly end: number;
  readonly from: number;
}

/** What the layer reads, what others wrote, and what it writes beside the tensor itself, as bytes. */
function sourcesOf(evidence: LayerEvidence, sample: LayerSample): Map<number, Uint8Array> {
  const sources = new Map<number, Uint8Array>();
  for (const [tensor, data] of sample.inputs) if (!tensorOf(evidence, tensor).isVariable) sources.set(tensor, bytesOf(data));
  for (const [tensor, data] of sample.others) sources.set(tensor, data);
  return sources;
}

function predict(evidence: LayerEvidence, sample: LayerSample, { tensor, source, first, end, from }: Found): ReturnType<Candidate['predict']> {
  const bytes = sourcesOf(evidence, sample).get(source);
  const right = sample.expected.get(tensor);
  if (bytes === undefined || right === undefined) return null;
  const data = bytesOf(right).slice();
  data.set(bytes.subarray(from, from + end - first), first);
  const values = fromBytes(right, data);
  return values === null ? null : expectedBut(sample, new Map([[tensor, values]]));
}

/**
 * Memory of a tensor that nothing reads any more is free to be used again, so that its bytes are what lay there before; those of
 * one that is still wanted can only get there where buffers overlap.
 */
function called(evidence: LayerEvidence, { tensor, source, first, end, from }: Found): { readonly cause: Cause; readonly text: string } {
  const graph = evidence.model.subgraphs[0] as Graph;
  const here = Math.min(...evidence.layer.covers);
  const readers = graph.operators.filter(({ inputs }) => inputs.includes(source)).map(({ index }) => index);
  const isWanted = graph.outputs.includes(source) || readers.some((index) => index > here);
  const isOwn = readers.includes(here);
  const whole = end - first === bytesOf(evidence.samples[0]?.expected.get(tensor) as Int8Array).length;
  const place = whole ? 'all bytes' : `bytes ${first} to ${end - 1}`;
  // In place: the output lies where the input was, byte for byte.
  if (!isWanted && (!isOwn || from === first)) return { cause: 'memory.unwritten', text: `${place} were never written: they hold what tensor ${source} left there` };
  return { cause: 'memory.overlap', text: `${place} are those of tensor ${source} from its byte ${from} on` };
}
