import type { TensorData } from '../reference/runner.ts';

/** Where an element first differed. */
export interface FirstMismatch {
  readonly sequence: string;
  /** 0-based over all sequences of the case. */
  readonly sample: number;
  /** 0-based within the sequence. */
  readonly step: number;
  /** Coordinates in the tensor's shape; [] for a scalar. */
  readonly index: readonly number[];
  readonly expected: number;
  readonly got: number;
}

/** Which sample a comparison is about. */
export interface SampleAt {
  readonly sequence: string;
  readonly sample: number;
  readonly step: number;
}

/** Distinct differences that a histogram keeps; the rest is counted under "other". */
const MAX_BINS = 63;

/**
 * Counts over all samples of one tensor. Elements enter either because digests were equal (`addEqual`), by value
 * (`addValues`), or as known to differ somewhere without the values (`addUnknown`), which makes `mismatched` a lower bound.
 */
export class TensorTally {
  compared = 0;
  mismatched = 0;
  /** Of all differences, those within the tolerance too. */
  maxAbsDiff = 0;
  lowerBound = false;
  byValues = false;
  first: FirstMismatch | null = null;
  readonly #histogram = new Map<number, number>();
  #other = 0;
  readonly #shape: readonly number[];
  readonly #tolerance: number;

  /** @param tolerance largest |got - expected| that is no mismatch, in the tensor's own unit (LSB for integers); 0 = exact. */
  constructor(shape: readonly number[], tolerance = 0) {
    this.#shape = shape;
    this.#tolerance = tolerance;
  }

  /** Elements whose digests agree. */
  addEqual(elements: number): void {
    this.compared += elements;
  }

  /** Digests differ and the values could not be had: at least one element differs. */
  addUnknown(elements: number): void {
    this.compared += elements;
    this.mismatched += 1;
    this.lowerBound = true;
  }

  /**
   * Compares one sample's values.
   * @throws RangeError if the lengths differ: the caller compares different things, which must never pass.
   */
  addValues(expected: TensorData, got: TensorData, at: SampleAt): void {
    if (expected.length !== got.length) throw new RangeError(`comparing ${expected.length} elements with ${got.length}`);
    this.byValues = true;
    this.compared += expected.length;
    for (let i = 0; i < expected.length; i++) {
      // Object.is: the same NaN is no difference, 0 and -0 are; of the elements themselves, for not every int64 is a number.
      if (Object.is(expected[i], got[i])) continue;
      const difference = differenceOf(expected[i], got[i]);
      // Written so that a NaN on one side is a mismatch.
      if (!(Math.abs(difference) <= this.maxAbsDiff)) this.maxAbsDiff = Math.abs(difference);
      if (this.#tolerance > 0 && Math.abs(difference) <= this.#tolerance) continue;
      this.mismatched++;
      this.#count(difference);
      this.first ??= { ...at, index: coordinates(i, this.#shape), expected: Number(expected[i]), got: Number(got[i]) };
    }
  }

  /** got - expected -> number of elements, mismatches only, in rising order, "other" last. */
  histogram(): Record<string, number> {
    const bins = [...this.#histogram].sort((a, b) => a[0] - b[0]).map(([d, n]) => [String(d), n] as const);
    return { ...Object.fromEntries(bins), ...(this.#other > 0 ? { other: this.#other } : {}) };
  }

  #count(difference: number): void {
    const seen = this.#histogram.get(difference);
    if (seen !== undefined || this.#histogram.size < MAX_BINS) this.#histogram.set(difference, (seen ?? 0) + 1);
    else this.#other++;
  }
}

/** got - expected; of int64 subtracted before it is rounded to a number. */
export function differenceOf(expected: number | bigint | undefined, got: number | bigint | undefined): number {
  return typeof expected === 'bigint' && typeof got === 'bigint' ? Number(got - expected) : Number(got) - Number(expected);
}

/** Row-major coordinates of element `flat` in `shape`. */
export function coordinates(flat: number, shape: readonly number[]): number[] {
  const result = new Array<number>(shape.length);
  let rest = flat;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    result[axis] = size > 0 ? rest % size : 0;
    rest = size > 0 ? Math.floor(rest / size) : 0;
  }
  return result;
}
