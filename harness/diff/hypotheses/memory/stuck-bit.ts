import type { TensorData } from '../../../reference/runner.ts';
import type { LayerEvidence } from '../../evidence.ts';
import { differenceOf } from '../../tensor-tally.ts';
import { bytesOf } from './elements.ts';
import type { Family } from './family.ts';
import type { Change } from './place.ts';
import type { NamedChange } from './placed.ts';

/** Lanes of a bus: the bit is stuck in every byte, or in one byte of every 2 or 4. */
const LANES = [1, 2, 4];

const stuck = (bit: number, value: 0 | 1, lanes: number, lane: number): Change => (data) => {
  const copy = data.slice() as TensorData;
  const bytes = bytesOf(copy);
  for (let i = lane; i < bytes.length; i += lanes) bytes[i] = value === 1 ? (bytes[i] as number) | (1 << bit) : (bytes[i] as number) & ~(1 << bit);
  return copy;
};

const changesFor = (all: readonly number[]): readonly NamedChange[] => all.flatMap((lanes) => Array.from({ length: lanes }, (_, lane) => lane).flatMap((lane) => [0, 1, 2, 3, 4, 5, 6, 7].flatMap((bit) => ([0, 1] as const).map((value) => ({
  cause: 'memory.stuck-bit' as const,
  text: lanes === 1 ? `bit ${bit} of every byte is always ${value}` : `bit ${bit} of byte ${lane} of every ${lanes} is always ${value}`,
  change: stuck(bit, value, lanes, lane), byValue: true as const,
})))));

const EVERY_LANE = changesFor(LANES);
/** Each change of a constant takes a new copy of the layer. */
const EVERY_BYTE = changesFor([1]);

/** One bit of every byte, or of every byte of one lane of a bus, is always 0 or always 1. */
export const stuckBit: Family = {
  name: 'stuck bit',
  changes: ({ kind }, evidence) => {
    // Results that are off by one at the most do not tell the lowest bit of an operand from a rounding.
    if (kind !== 'output' && isNear(evidence)) return [];
    return kind === 'constant' ? EVERY_BYTE : EVERY_LANE;
  },
};

function isNear({ samples }: LayerEvidence): boolean {
  return samples.every(({ got, expected }) => [...expected].every(([tensor, right]) => {
    const values = got.get(tensor);
    for (let i = 0; i < right.length; i++) if (!(Math.abs(differenceOf(right[i], values?.[i])) <= 1)) return false;
    return true;
  }));
}
