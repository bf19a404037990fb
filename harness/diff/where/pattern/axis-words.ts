/** What an axis is called; "batch" is spoken of in another way: "only in batch 1". */
export type AxisName = 'batch' | 'row' | 'column' | 'channel' | 'element' | `slice of axis ${number}`;

/** Names of a tensor's axes: the last are those of NHWC; of fewer than three axes the first is a row. */
export function axisNames(rank: number): AxisName[] {
  if (rank <= 1) return ['element'];
  if (rank === 2) return ['row', 'channel'];
  const outer = Array.from({ length: Math.max(0, rank - 4) }, (_each, axis): AxisName => `slice of axis ${axis}`);
  return [...outer, ...(['batch', 'row', 'column', 'channel'] as const).slice(rank >= 4 ? 0 : 1)];
}

export const plural = (name: AxisName): string => (name === 'batch' ? 'batches' : name.replace(/^\w+/, '$&s'));

/** Indices `from` to `to` of an axis of `size`, not all of it; of most of an axis, what is left out. */
export function rangeWords(name: AxisName, from: number, to: number, size: number): string {
  const only = name === 'batch' ? 'only in ' : 'only ';
  if ((to - from + 1) * 4 < size * 3 || size < 4) return only + indicesWords(name, from, to, size);
  if (from > 0 && to < size - 1) return from === 1 && to === size - 2 ? `all but ${bothEnds(name)}` : only + indicesWords(name, from, to, size);
  return `all but ${from > 0 ? indicesWords(name, 0, from - 1, size) : indicesWords(name, to + 1, size - 1, size)}`;
}

/** "the last 3 channels", "channels 4..7", "channel 5", "the right border (last column)" */
function indicesWords(name: AxisName, from: number, to: number, size: number): string {
  const n = to - from + 1;
  if (n > 1 && from > 0 && to < size - 1) return `${plural(name)} ${from}..${to}`;
  if (n > 1) return `the ${endWord(name, from === 0)} ${n} ${plural(name)}`;
  if (name === 'column' && from === 0) return 'the left border (first column)';
  if (name === 'column' && to === size - 1) return 'the right border (last column)';
  if (name === 'row' && (from === 0 || to === size - 1)) return `the ${endWord(name, from === 0)} row`;
  return name !== 'batch' && to === size - 1 ? `the last ${name}` : `${name} ${from}`;
}

export function bothEndsWords(name: AxisName): string {
  return `${name === 'batch' ? 'only in' : 'only'} ${bothEnds(name)}`;
}

function bothEnds(name: AxisName): string {
  if (name === 'row') return 'the top and bottom rows';
  return name === 'column' ? 'the left and right borders (first and last column)' : `the first and last ${name}`;
}

export function listWords(name: AxisName, indices: readonly number[]): string {
  return `${name === 'batch' ? 'only in' : 'only'} ${plural(name)} ${indices.slice(0, -1).join(', ')} and ${indices.at(-1)}`;
}

/** `to` is null where the stride goes on to the end. */
export function strideWords(name: AxisName, stride: number, from: number, to: number | null): string {
  return `every ${ordinal(stride)} ${name} from ${from}${to === null ? '' : ` to ${to}`}`;
}

function endWord(name: AxisName, isFirst: boolean): string {
  if (name === 'row') return isFirst ? 'top' : 'bottom';
  return isFirst ? 'first' : 'last';
}

function ordinal(n: number): string {
  const teens = n % 100 >= 11 && n % 100 <= 13;
  return `${n}${teens ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;
}
