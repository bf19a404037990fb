import type { Graph } from '../../../model/graph.ts';
import type { TensorData } from '../../../reference/runner.ts';
import type { LayerEvidence, LayerSample } from '../../evidence.ts';
import { codesOf } from '../arithmetic/product/compute.ts';
import { readProduct } from '../arithmetic/product/read.ts';
import { bytesOf, tensorOf } from './elements.ts';
import type { Rerun } from './layer-copy.ts';

/** A tensor that lies in the memory of another: its first byte is byte `at` of the input, which may be before the input's first. */
export interface Overlap {
  readonly input: number;
  readonly source: number;
  readonly at: number;
  /** Bytes of the input, of the source, of an element of the input. */
  readonly size: number;
  readonly sourceSize: number;
  readonly elementSize: number;
}

/** Operators whose element i follows from element i of each input alone, where they are of one shape. */
const ELEMENTWISE: ReadonlySet<string> = new Set([
  'ADD', 'SUB', 'MUL', 'MAXIMUM', 'MINIMUM', 'SQUARED_DIFFERENCE', 'RELU', 'RELU6', 'RELU_N1_TO_1', 'LOGISTIC', 'TANH', 'HARD_SWISH', 'LEAKY_RELU', 'QUANTIZE', 'ABS', 'NEG',
]);
/** Changed bytes of an input, and different ones among them, before a place is believed. */
const LEAST_ELEMENTS = 16;
const LEAST_VALUES = 8;
/** Wrong and right elements looked at for each place. */
const PROBES = 24;
/** A table of an element-wise operator holds 256 outputs; bytes are copied for each place that is tried, some 10 GB a second. */
const TABLE_ELEMENTS = 1 << 17;
const COPIED_BYTES = 2 ** 33;
/** More places that fit the probes tell nothing. */
const MOST_FOUND = 4;

/** Output elements of one sample from another input; see `readerOf`. */
type Reader = (input: Int8Array, elements: Int32Array) => ArrayLike<number>;

/**
 * Places at which another tensor may lie over part of an int8 input, found by a few of the output's elements, for layers whose
 * elements can be computed one by one: products and element-wise operators.
 * @returns tried: places that were looked at, among which a false one may fit
 */
export function overlapsAnywhere(evidence: LayerEvidence, copy: Rerun): { readonly found: readonly Overlap[]; readonly tried: number } {
  const sample = evidence.samples.find(({ others }) => others.size > 0) ?? evidence.samples[0];
  const [output, ...more] = evidence.tensors;
  const found: Overlap[] = [];
  let [tried, copied] = [1, 0];
  if (sample === undefined || output === undefined || more.length > 0) return { found, tried };
  const elements = probesOf(sample, output.tensor);
  const got = sample.got.get(output.tensor) as TensorData;
  for (const [input, fed] of sample.inputs) {
    if (!(fed instanceof Int8Array) || tensorOf(evidence, input).isVariable) continue;
    let reader: Reader | null | undefined;
    for (const [source, bytes] of sourcesOf(evidence, sample, input)) {
      const places = bytes.length + fed.length - 1;
      const cost = 2 * places * Math.min(bytes.length, fed.length);
      if (copied + cost > COPIED_BYTES) continue;
      [tried, copied] = [tried + places, copied + cost];
      if (reader === undefined) reader = readerOf(evidence, sample, input, fed, copy, output.tensor);
      if (reader === null) break;
      const spoilt = fed.slice();
      for (let at = 1 - bytes.length; at < fed.length && found.length < MOST_FOUND; at++) {
        const [from, to] = [Math.max(0, at), Math.min(fed.length, at + bytes.length)];
        bytesOf(spoilt).set(bytes.subarray(from - at, to - at), from);
        if (fitsProbes(reader, spoilt, elements, got) && isTelling(fed, spoilt)) found.push({ input, source, at, size: fed.length, sourceSize: bytes.length, elementSize: 1 });
        spoilt.set(fed.subarray(from, to), from);
      }
    }
  }
  return { found, tried };
}

/** Wrong elements, the first and last among them, then right ones. */
function probesOf({ got, expected }: LayerSample, tensor: number): Int32Array {
  const [values, right] = [got.get(tensor) as TensorData, expected.get(tensor) as TensorData];
  const kinds: [number[], number[]] = [[], []];
  for (let i = 0; i < right.length; i++) kinds[Object.is(values[i], right[i]) ? 1 : 0].push(i);
  return Int32Array.from(kinds.flatMap((list) => Array.from({ length: Math.min(PROBES, list.length) }, (_, k) => list[Math.round((k * (list.length - 1)) / Math.max(1, Math.min(PROBES, list.length) - 1))] as number)));
}

/** Tensors that the layer reads or that were written before it. */
function sourcesOf(evidence: LayerEvidence, sample: LayerSample, input: number): Map<number, Uint8Array> {
  const graph = evidence.model.subgraphs[0] as Graph;
  const later = new Set(graph.operators.slice(Math.min(...evidence.layer.covers)).flatMap(({ outputs }) => outputs));
  const sources = new Map([...sample.others].filter(([tensor]) => !later.has(tensor)));
  for (const [tensor, data] of sample.inputs) if (!tensorOf(evidence, tensor).isVariable) sources.set(tensor, bytesOf(data));
  sources.delete(input);
  return sources;
}

/** One element after the other: the first one refutes most places. */
function fitsProbes(reader: Reader, spoilt: Int8Array, elements: Int32Array, got: TensorData): boolean {
  for (let k = 0; k < elements.length; k++) {
    if (!Object.is(reader(spoilt, elements.subarray(k, k + 1))[0], got[elements[k] as number])) return false;
  }
  return true;
}

function isTelling(fed: Int8Array, spoilt: Int8Array): boolean {
  const changed = spoilt.filter((value, i) => value !== fed[i]);
  return changed.length >= LEAST_ELEMENTS && new Set(changed).size >= LEAST_VALUES;
}

/** @returns null where the layer's elements cannot be computed one by one */
function readerOf(evidence: LayerEvidence, sample: LayerSample, input: number, fed: Int8Array, copy: Rerun, output: number): Reader | null {
  const product = readProduct(evidence);
  if (product !== null) return product.inputTensor === input ? (spoilt, elements) => codesOf(product, spoilt, elements) : null;
  const isElementwise = evidence.layer.covers.length === 1 && ELEMENTWISE.has(evidence.layer.op) && String(tensorOf(evidence, input).shape) === String(tensorOf(evidence, output).shape);
  if (!isElementwise || fed.length > TABLE_ELEMENTS) return null;
  // What each element becomes for each code of this input, the others as they are; made when it is asked for.
  const table = new Map<number, TensorData>();
  const ofCode = (code: number): TensorData => {
    const known = table.get(code) ?? copy(new Map(sample.inputs).set(input, new Int8Array(fed.length).fill(code))).get(output) as TensorData;
    table.set(code, known);
    return known;
  };
  return (spoilt, elements) => Array.from(elements, (i) => Number(ofCode(spoilt[i] as number)[i]));
}
