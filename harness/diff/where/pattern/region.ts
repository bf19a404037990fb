/** A part of a tensor that a pattern names. */
export interface Region {
  /** "only the last 3 channels" */
  readonly words: string;
  /** Elements of one sample that lie in it. */
  readonly size: number;
  /** Regions of this kind that would have been named in the same way: "the last k channels" is one of few, "channels 2, 7 and 11" one of many. */
  readonly alternatives: number;
  readonly plural: boolean;
  /** Whether row-major element `flat` lies in it. */
  has(flat: number): boolean;
}

/** A pattern is named where less than this is the chance that elements that are scattered at random show it. */
export const CHANCE = 0.04;

/**
 * Whether `wrong` elements within a region say anything: the chance that as many different elements of `all`, drawn at random, lie in one
 * of the region's alternatives is small. C(size, wrong) / C(all, wrong) * alternatives
 * @param size elements of the region among `all`
 */
export function isTelling({ size, alternatives }: Pick<Region, 'size' | 'alternatives'>, all: number, wrong: number): boolean {
  if (size >= all) return false;
  const limit = Math.log(CHANCE);
  let chance = Math.log(alternatives);
  for (let i = 0; i < wrong && chance > limit; i++) chance += Math.log((size - i) / (all - i));
  return chance <= limit;
}
