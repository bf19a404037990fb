import type { TensorData } from '../../../reference/runner.ts';
import { emptyLike } from './elements.ts';
import type { Family } from './family.ts';
import type { Change, Place } from './place.ts';
import type { NamedChange } from './placed.ts';

const BITS: Readonly<Record<string, number>> = { int8: 8, int16: 16, int32: 32 };

/** What is left of integers on a way that is narrower than their type, or that has another notion of their sign. */
export const narrowRange: Family = {
  name: 'narrow range',
  changes: (place: Place): readonly NamedChange[] => {
    const bits = BITS[place.tensors[0]?.dtype ?? ''];
    // Biases have their own causes.
    if (bits === undefined || place.tensors.some(({ dtype, shape }) => BITS[dtype] !== bits || (place.kind === 'constant' && shape.length < 2))) return [];
    const top = 2 ** (bits - 1);
    return [
      ...narrowed(bits - 1),
      ...(bits > 8 ? narrowed(bits / 2) : []),
      // What is written and limited to 0 and more has had a wrong activation.
      ...(place.kind === 'output' ? [] : [named('limited to 0 and more', (x) => Math.max(x, 0))]),
      named(`limited to ${1 - top} to ${top - 1}`, (x) => Math.max(x, 1 - top)),
      named('without their sign bit', (x) => (x < 0 ? x + top : x)),
      named('with their sign bit flipped', (x) => (x < 0 ? x + top : x - top)),
      named('without their sign', (x) => Math.min(Math.abs(x), top - 1)),
      ...(place.kind === 'output' ? [{ cause: 'memory.truncated-range' as const, text: 'values shown as unsigned', change: unsigned(2 * top), byValue: true as const }] : []),
    ];
  },
};

function narrowed(bits: number): NamedChange[] {
  const half = 2 ** (bits - 1);
  return [
    named(`limited to ${bits} bits`, (x) => Math.min(Math.max(x, -half), half - 1)),
    named(`cut to their low ${bits} bits`, (x) => ((((x + half) % (2 * half)) + 2 * half) % (2 * half)) - half),
  ];
}

function named(text: string, of: (x: number) => number): NamedChange {
  return {
    cause: 'memory.truncated-range', text: `values ${text}`, byValue: true,
    change: (data) => {
      const copy = data.slice() as Int32Array;
      for (let i = 0; i < copy.length; i++) copy[i] = of(copy[i] as number);
      return copy;
    },
  };
}

/** Beyond the tensor's own type, as a device shows it that has the tensor as unsigned. */
const unsigned = (range: number): Change => (data) => {
  const wide: TensorData = emptyLike(data instanceof Int8Array ? new Int16Array() : data instanceof Int16Array ? new Int32Array() : new Float64Array(), data.length);
  for (let i = 0; i < data.length; i++) (wide as Float64Array)[i] = Number(data[i]) < 0 ? Number(data[i]) + range : Number(data[i]);
  return wide;
};
