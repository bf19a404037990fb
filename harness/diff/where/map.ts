import type { WhereMap } from './where.ts';
import type { WrongElements } from './wrong-elements.ts';

/** Bins along an axis at the most. */
const MAX_BINS = 64;

/** Wrong elements by row, column and channel: the last three axes of the tensor, of size 1 where it has fewer. */
export function mapOf({ shape, samples }: WrongElements): WhereMap {
  const [rows, columns, channels] = [shape.at(-3) ?? 1, shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  const binned = [binOf(rows), binOf(columns), binOf(channels)] as const;
  const plane = Array.from({ length: Math.ceil(rows / binned[0]) }, () => new Array<number>(Math.ceil(columns / binned[1])).fill(0));
  const perChannel = new Array<number>(Math.ceil(channels / binned[2])).fill(0);
  for (const { flat } of samples) {
    for (const i of flat) {
      const position = Math.floor(i / channels);
      const row = plane[Math.floor((Math.floor(position / columns) % rows) / binned[0])] as number[];
      const column = Math.floor((position % columns) / binned[1]);
      const channel = Math.floor((i % channels) / binned[2]);
      row[column] = (row[column] as number) + 1;
      perChannel[channel] = (perChannel[channel] as number) + 1;
    }
  }
  return { rows, columns, channels, binned, plane, perChannel };
}

const binOf = (size: number): number => Math.max(1, Math.ceil(size / MAX_BINS));
