/** Values of the channels that went to other channels. */
export interface Moved<T> {
  readonly text: string;
  readonly alternatives: number;
  readonly values: T[];
}

/**
 * What channels get when they take a neighbour's value: the one before or after, the end from the other end or its own.
 * @param values one a channel, at least two
 * @param what singular, for the text
 */
export function moved<T>(values: readonly T[], what: string): Moved<T>[] {
  const last = values.length - 1;
  const at = (index: number): T => values[index] as T;
  const ways: readonly (readonly [string, (channel: number) => T])[] = [
    [`each channel has the ${what} of the channel after it`, (channel) => at(channel === last ? 0 : channel + 1)],
    [`each channel has the ${what} of the channel before it`, (channel) => at(channel === 0 ? last : channel - 1)],
    [`each channel has the ${what} of the channel after it, the last its own`, (channel) => at(Math.min(last, channel + 1))],
    [`each channel has the ${what} of the channel before it, the first its own`, (channel) => at(Math.max(0, channel - 1))],
    [`the first channel has the ${what} of the last one, and so on in reverse order`, (channel) => at(last - channel)],
  ];
  return ways.map(([text, of]) => ({ text, alternatives: ways.length, values: values.map((_, channel) => of(channel)) }));
}
