/** Element i is element i + by of the list, around its ends. */
export const rotated = (list: readonly number[], by: number): number[] => list.map((_, i) => list[(i + by + list.length) % list.length] as number);

/** All the same, so that another order would change nothing. */
export const isAlike = (list: readonly number[]): boolean => list.every((value) => value === list[0]);
