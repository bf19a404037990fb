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
