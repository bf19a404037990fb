import type { Pair } from './product/product.ts';

/** How the start of a window moves when odd padding comes before instead of after. */
export interface OddSide {
  readonly text: string;
  readonly height: 0 | 1;
  readonly width: 0 | 1;
}

/** @param height width padding along each axis, both sides together */
export function oddSides(height: number, width: number): OddSide[] {
  const [isOddHeight, isOddWidth] = [height % 2 === 1, width % 2 === 1];
  const text = (where: string): string => `the odd ${where} of padding comes before the first instead of after the last`;
  return [
    ...(isOddHeight && isOddWidth ? [{ text: text('row and column'), height: 1, width: 1 } as const] : []),
    ...(isOddHeight ? [{ text: text('row'), height: 1, width: 0 } as const] : []),
    ...(isOddWidth ? [{ text: text('column'), height: 0, width: 1 } as const] : []),
  ];
}

/** A window that starts elsewhere, along both axes or one of them. */
export interface OtherStart {
  readonly text: string;
  readonly pad: Pair;
}

/** SAME treated as VALID. @param pad positions of padding before the first element, as they should be */
export function startsAsValid(pad: Pair): OtherStart[] {
  return otherStarts(pad, { height: 0, width: 0 }, (where) => `${where} the window starts at the first element, as VALID has it, instead of in the padding`);
}

/** VALID treated as SAME. @param pad as it should be @param same as SAME has it */
export function startsAsSame(pad: Pair, same: Pair): OtherStart[] {
  return otherStarts(pad, same, (where) => `${where} the window starts in the padding, as SAME has it, instead of at the first element`);
}

function otherStarts(right: Pair, wrong: Pair, text: (where: string) => string): OtherStart[] {
  const [byRows, byColumns] = [right.height !== wrong.height, right.width !== wrong.width];
  return [
    ...(byRows && byColumns ? [{ text: text('along rows and columns'), pad: wrong }] : []),
    ...(byRows ? [{ text: text('along the rows (top)'), pad: { height: wrong.height, width: right.width } }] : []),
    ...(byColumns ? [{ text: text('along the columns (left)'), pad: { height: right.height, width: wrong.width } }] : []),
  ];
}

/** [text, pair] of the ways in which a pair goes wrong, those that change it. */
export function wrongPairs(pair: Pair, what: string): (readonly [string, Pair])[] {
  const ways: readonly (readonly [string, Pair])[] = [
    [`the ${what} was ignored`, { height: 1, width: 1 }],
    [`the ${what} along the rows was ignored`, { height: 1, width: pair.width }],
    [`the ${what} along the columns was ignored`, { height: pair.height, width: 1 }],
    [`the ${what}s along rows and columns were swapped`, { height: pair.width, width: pair.height }],
    [`the ${what} along the rows was used for both`, { height: pair.height, width: pair.height }],
    [`the ${what} along the columns was used for both`, { height: pair.width, width: pair.width }],
  ];
  const seen = new Set([`${pair.height} ${pair.width}`]);
  return ways.filter(([, { height, width }]) => !seen.has(`${height} ${width}`) && seen.add(`${height} ${width}`));
}
