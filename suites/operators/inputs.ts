import { BYTES_PER_ELEMENT, type Graph, type Tensor } from '../../harness/model/graph.ts';
import type { OperatorCase } from './case.ts';

export const DEFAULT_SAMPLES = 3;

/** Inputs of all samples one after the other, little-endian, in the order of the graph's inputs. */
export function inputBytes(one: OperatorCase, graph: Graph): Uint8Array {
  const next = random(one.name);
  const parts: Uint8Array[] = [];
  for (let sample = 0; sample < (one.samples ?? DEFAULT_SAMPLES); sample++) {
    graph.inputs.forEach((index, k) => {
      const tensor = graph.tensors[index] as Tensor;
      const given = one.inputs?.[sample]?.[k];
      if (given !== undefined && given.length !== tensor.elements) throw new RangeError(`${one.name}: ${given.length} values for an input of ${tensor.elements}`);
      parts.push(encode(tensor, (i) => given?.[i] ?? draw(tensor, next)));
    });
  }
  return Buffer.concat(parts);
}

/** Codes over the whole range with one in ten at its ends; wider types stay where sums and products do not overflow. */
function draw(tensor: Tensor, next: () => number): number {
  const extreme = next() < 0.1;
  const whole = (low: number, high: number): number => (extreme ? (next() < 0.5 ? low : high) : low + Math.floor(next() * (high - low + 1)));
  switch (tensor.dtype) {
    case 'int8': return whole(-128, 127);
    case 'uint8': return whole(0, 255);
    case 'int16': return whole(-32768, 32767);
    case 'bool': return next() < 0.5 ? 0 : 1;
    case 'float32': return Math.fround((next() - 0.5) * 8);
    default: return whole(-20000, 20000);
  }
}

function encode(tensor: Tensor, value: (i: number) => number): Uint8Array {
  const size = BYTES_PER_ELEMENT[tensor.dtype];
  const bytes = new Uint8Array(tensor.elements * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < tensor.elements; i++) {
    if (tensor.dtype === 'float32') view.setFloat32(4 * i, value(i), true);
    else if (size === 8) view.setBigInt64(8 * i, BigInt(value(i)), true);
    else if (size === 4) view.setInt32(4 * i, value(i), true);
    else if (size === 2) view.setInt16(2 * i, value(i), true);
    else view.setInt8(i, value(i));
  }
  return bytes;
}

/** Seeded by text: FNV-1a, then mulberry32 (Tommy Ettinger, public domain). */
function random(seed: string): () => number {
  let state = 0x811c9dc5;
  for (const char of seed) state = Math.imul(state ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
