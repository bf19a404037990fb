import type { Graph } from '../../../model/graph.ts';
import type { LayerEvidence, LayerSample } from '../../evidence.ts';
import type { Candidate, Hypothesis } from '../hypothesis.ts';
import type { Cause } from '../causes.ts';
import { bytesOf, expectedBut, fromBytes, tensorOf, wrongElements, wrongTensors } from './elements.ts';
import { isBatched } from './moved/index.ts';
import { piecesOf, type Piece } from './pieces.ts';
import { regionsAround, type Region } from './region.ts';

/**
 * Bytes of other tensors of the same sample where the layer's own should be: buffers overlap, or elements were never written and
 * hold what lay there before. Each byte of a tensor lies at the same distance, whatever part of the output is concerned.
 */
export const foreignBytes: Hypothesis = {
  name: 'foreign bytes',
  * candidates(evidence) {
    const [tensor, ...more] = wrongTensors(evidence);
    const known = evidence.samples.filter(({ others }) => others.size > 0);
    // Without the others the layer's own inputs are still known.
    for (const samples of [evidence.samples, known]) {
      const [sample] = samples;
      if (tensor === undefined || more.length > 0 || sample === undefined) continue;
      const candidate = foreign(evidence, tensor, sample, samples);
      if (candidate !== null) {
        yield candidate;
        return;
      }
    }
  },
};

function foreign(evidence: LayerEvidence, tensor: number, sample: LayerSample, samples: readonly LayerSample[]): Candidate | null {
  const right = sample.expected.get(tensor);
  const elements = wrongElements(samples, tensor);
  // A wider array is not what lies in the device's memory.
  if (right === undefined || samples.some(({ got }) => got.get(tensor)?.constructor !== right.constructor)) return null;
  const sizes = sizesOf(samples, evidence);
  const pieces = piecesOf(elements, right.BYTES_PER_ELEMENT, samples.map((one) => ({ got: bytesOf(one.got.get(tensor) as Int8Array), sources: sourcesOf(evidence, one) })), sizes);
  if (pieces === null) return null;
  const places = [...sizes.values()].reduce((sum, size) => sum + size + right.byteLength, 0);
  for (const region of regionsAround(elements, tensorOf(evidence, tensor).shape, right.length)) {
    const predict = (one: LayerSample): ReturnType<Candidate['predict']> => predictOne(evidence, one, tensor, region, pieces);
    if (!samples.every((one) => String(predict(one)?.get(tensor)) === String(one.got.get(tensor)))) continue;
    const called = name(evidence, tensor, region, pieces);
    return called === null ? null : { ...called, alternatives: region.alternatives * places ** pieces.length, byValue: true, predict };
  }
  return null;
}

/** Bytes of every tensor that is known in all of these samples. */
function sizesOf(samples: readonly LayerSample[], evidence: LayerEvidence): Map<number, number> {
  const [first, ...rest] = samples.map((sample) => sourcesOf(evidence, sample));
  return new Map([...(first ?? [])].filter(([tensor]) => rest.every((sources) => sources.has(tensor))).map(([tensor, bytes]) => [tensor, bytes.length]));
}

/** What the layer reads and what others wrote before it, as bytes: what is computed later, perhaps from this, is not there yet. */
function sourcesOf(evidence: LayerEvidence, sample: LayerSample): Map<number, Uint8Array> {
  const sources = new Map<number, Uint8Array>();
  const later = new Set(evidence.model.subgraphs[0]?.operators.slice(Math.min(...evidence.layer.covers)).flatMap(({ outputs }) => outputs));
  for (const [tensor, data] of sample.inputs) if (!tensorOf(evidence, tensor).isVariable) sources.set(tensor, bytesOf(data));
  for (const [tensor, data] of sample.others) if (!later.has(tensor)) sources.set(tensor, data);
  return sources;
}

function predictOne(evidence: LayerEvidence, sample: LayerSample, tensor: number, region: Region, pieces: readonly Piece[]): ReturnType<Candidate['predict']> {
  const right = sample.expected.get(tensor);
  const sources = sourcesOf(evidence, sample);
  if (right === undefined || pieces.some(({ source }) => !sources.has(source))) return null;
  const size = right.BYTES_PER_ELEMENT;
  const data = bytesOf(right).slice();
  for (let at = 0; at < data.length; at++) {
    if (!region.contains(Math.floor(at / size))) continue;
    const piece = pieces.find(({ source, distance }) => at + distance >= 0 && at + distance < (sources.get(source) as Uint8Array).length);
    // Nothing is known of the memory between the tensors.
    if (piece === undefined) return null;
    data[at] = (sources.get(piece.source) as Uint8Array)[at + piece.distance] as number;
  }
  const values = fromBytes(right, data);
  return values === null ? null : expectedBut(sample, new Map([[tensor, values]]));
}

/**
 * Memory of a tensor that nothing reads any more is free to be used again, so that its bytes are what lay there before; those of
 * one that is still wanted can only get there where buffers overlap.
 * @returns null for an input that was copied as it is, which is another thing
 */
function name(evidence: LayerEvidence, tensor: number, region: Region, pieces: readonly Piece[]): { readonly cause: Cause; readonly text: string } | null {
  const graph = evidence.model.subgraphs[0] as Graph;
  const here = Math.min(...evidence.layer.covers);
  const isUnwritten = pieces.every(({ source, distance }) => {
    const readers = graph.operators.filter(({ inputs }) => inputs.includes(source)).map(({ index }) => index);
    const isWanted = graph.outputs.includes(source) || readers.some((index) => index > here);
    // In place: the output lies where the input was, byte for byte.
    return !isWanted && (!readers.includes(here) || distance === 0);
  });
  const sources = pieces.map(({ source }) => `tensor ${source}`).join(' and ');
  if (isUnwritten) {
    const isOtherBatches = region.axis === 0 && region.first === 1 && isBatched(tensorOf(evidence, tensor).shape, evidence);
    return { cause: isOtherBatches ? 'batch.ignored' : 'memory.unwritten', text: `${region.text} were never written: they hold what ${sources} left there` };
  }
  const isCopy = region.alternatives === 1 && pieces.length === 1 && pieces[0]?.distance === 0 && evidence.samples[0]?.inputs.has(pieces[0].source);
  return isCopy ? null : { cause: 'memory.overlap', text: `${region.text} are bytes of ${sources}` };
}
