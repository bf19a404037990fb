import { BYTES_PER_ELEMENT } from '../model/graph.ts';
import type { Tensor } from '../model/graph.ts';
import type { RandomSamples } from './suite.ts';

/** Real values of float inputs lie within +- this. */
const FLOAT_REACH = 4;
/** Codes of wide integers lie within +- this, so that sums of a few products do not overflow. */
const WIDE_REACH = 20_000;

/** The value of element `index` of an input in a sample, or undefined for a random one. */
export type GivenValue = (sample: number, input: number, index: number) => number | undefined;

/**
 * Inputs of all samples one after the other, in the order of `inputs`: little-endian elements. Codes are uniform over the range of
 * their type with one in ten at its ends.
 * @param given values that are not drawn
 */
export function randomSamples({ samples, seed }: RandomSamples, inputs: readonly Tensor[], given: GivenValue = () => undefined): Uint8Array {
  const next = seeded(seed);
  const bytesOf = (tensor: Tensor): number => tensor.elements * BYTES_PER_ELEMENT[tensor.dtype];
  const codes = new Uint8Array(samples * inputs.reduce((sum, tensor) => sum + bytesOf(tensor), 0));
  const view = new DataView(codes.buffer);
  let at = 0;
  for (let sample = 0; sample < samples; sample++) {
    inputs.forEach((tensor, input) => {
      for (let i = 0; i < tensor.elements; i++) {
        write(view, at, tensor, given(sample, input, i) ?? draw(tensor, next));
        at += BYTES_PER_ELEMENT[tensor.dtype];
      }
    });
  }
  return codes;
}

function draw(tensor: Tensor, next: () => number): number {
  const extreme = next() < 0.1;
  const whole = (low: number, high: number): number => (extreme ? (next() < 0.5 ? low : high) : low + Math.floor(next() * (high - low + 1)));
  switch (tensor.dtype) {
    case 'int8': return whole(-128, 127);
    case 'uint8': return whole(0, 255);
    case 'int16': return whole(-32768, 32767);
    case 'bool': return next() < 0.5 ? 0 : 1;
    case 'float32': return Math.fround((next() - 0.5) * 2 * FLOAT_REACH);
    default: return whole(-WIDE_REACH, WIDE_REACH);
  }
}

function write(view: DataView, at: number, { dtype }: Tensor, value: number): void {
  const size = BYTES_PER_ELEMENT[dtype];
  if (dtype === 'float32') view.setFloat32(at, value, true);
  else if (size === 8) view.setBigInt64(at, BigInt(value), true);
  else if (size === 4) view.setInt32(at, value, true);
  else if (size === 2) view.setInt16(at, value, true);
  else view.setInt8(at, value);
}

/** Seeded by text: FNV-1a into Tommy Ettinger's mulberry32 recurrence (public domain); uniform in [0, 1). */
function seeded(seed: string): () => number {
  let state = 0x811c9dc5;
  for (const char of seed) state = Math.imul(state ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
