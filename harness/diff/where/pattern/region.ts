/** A part of a tensor that a pattern names. */
export interface Region {
  /** "only the last 3 channels" */
  readonly words: string;
  /** Elements of one sample that lie in it. */
  readonly size: number;
  /** Regions of this kind that would have been named in the same way: "the last k channels" is one of few, "channels 2, 7 and 11" one of many. */
  readonly alternatives: number;
  /** Of every n-th index or element: n. */
  readonly stride?: number;
  readonly plural: boolean;
  /** Whether row-major element `flat` lies in it. */
  has(flat: number): boolean;
}

/** A pattern is named where less than this is the chance that elements that are scattered at random show it ... */
export const CHANCE = 0.04;
/** ... and less than this where most elements of the region are right: it is then less of a pattern. */
const SPARSE_CHANCE = 0.001;
const SPARSE = 0.5;

/** Wrong elements of all samples together, and how many of the tensor's elements they lie on. */
export interface Scatter {
  readonly wrong: number;
  readonly positions: number;
  readonly samples: number;
}

/**
 * Whether wrong elements within a region say anything: the chance that as many different elements of `all`, drawn at random, lie in one
 * of the region's alternatives is small. C(size, positions) / C(all, positions) * alternatives
 * @param size elements of the region among `all`
 */
export function isTelling({ size, alternatives, stride }: Pick<Region, 'size' | 'alternatives' | 'stride'>, all: number, { wrong, positions, samples }: Scatter): boolean {
  if (size >= all) return false;
  const isSparse = wrong < SPARSE * size * samples;
  const limit = Math.log(isSparse ? SPARSE_CHANCE : CHANCE);
  // Some stride fits any few elements; the likeliest by chance is 2, whichever was found.
  const [within, of] = stride !== undefined && isSparse ? [Math.ceil(all / 2), 4] : [size, alternatives];
  let chance = Math.log(of);
  for (let i = 0; i < positions && chance > limit; i++) chance += Math.log((within - i) / (all - i));
  return chance <= limit;
}
