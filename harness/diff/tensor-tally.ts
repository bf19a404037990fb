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

/** What differs of a tensor. */
export interface Differences {
  readonly mismatched: number;
  /** got - expected -> number of elements, in rising order, "other" last. */
  readonly histogram: Record<string, number>;
  readonly first: FirstMismatch | null;
}

/**
 * Counts over all samples of one tensor. Elements enter either because digests were equal (`addEqual`), by value
 * (`addValues`), or as known to differ somewhere without the values (`addUnknown`), which makes `mismatched` a lower bound.
 */
export class TensorTally {
  compared = 0;
  /** Elements that differ by more than may be forgiven. */
  mismatched = 0;
  /** Elements that differ by no more than that. */
  forgiven = 0;
  /** Of all differences, those that may be forgiven too. */
  maxAbsDiff = 0;
  lowerBound = false;
  byValues = false;
  first: FirstMismatch | null = null;
  #firstForgiven: FirstMismatch | null = null;
  readonly #histogram = new Histogram();
  readonly #forgivenHistogram = new Histogram();
  readonly #shape: readonly number[];
  readonly #tolerance: number;

  /** @param tolerance largest |got - expected| that may be forgiven, in the tensor's own unit (LSB for integers); 0 = exact, Infinity: any difference. */
  constructor(shape: readonly number[], tolerance = 0) {
    this.#shape = shape;
    this.#tolerance = tolerance;
  }

  /** Elements whose digests agree. */
  addEqual(elements: number): void {
    this.compared += elements;
  }

  /** Digests differ and the values could not be had: at least one element differs, nobody knows how much. */
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
      const place = (): FirstMismatch => ({ ...at, index: coordinates(i, this.#shape), expected: Number(expected[i]), got: Number(got[i]) });
      if (this.#tolerance > 0 && (this.#tolerance === Infinity || Math.abs(difference) <= this.#tolerance)) {
        this.forgiven++;
        this.#forgivenHistogram.add(difference);
        this.#firstForgiven ??= place();
      } else {
        this.mismatched++;
        this.#histogram.add(difference);
        this.first ??= place();
      }
    }
  }

  /** got - expected -> number of elements, mismatches only, in rising order, "other" last. */
  histogram(): Record<string, number> {
    return this.#histogram.bins();
  }

  /** What counts as wrong. @param forgive false: what may be forgiven is not, since it is too much of it */
  differences(forgive: boolean): Differences {
    if (forgive || this.forgiven === 0) return { mismatched: this.mismatched, histogram: this.histogram(), first: this.first };
    return { mismatched: this.mismatched + this.forgiven, histogram: this.#histogram.with(this.#forgivenHistogram).bins(), first: earlier(this.first, this.#firstForgiven) };
  }
}

class Histogram {
  readonly #bins = new Map<number, number>();
  #other = 0;

  add(difference: number, n = 1): void {
    const seen = this.#bins.get(difference);
    if (seen !== undefined || this.#bins.size < MAX_BINS) this.#bins.set(difference, (seen ?? 0) + n);
    else this.#other += n;
  }

  with(other: Histogram): Histogram {
    const both = new Histogram();
    for (const { bins, rest } of [this, other].map((each) => ({ bins: each.#bins, rest: each.#other }))) {
      for (const [difference, n] of bins) both.add(difference, n);
      both.#other += rest;
    }
    return both;
  }

  bins(): Record<string, number> {
    const bins = [...this.#bins].sort((a, b) => a[0] - b[0]).map(([d, n]) => [String(d), n] as const);
    return { ...Object.fromEntries(bins), ...(this.#other > 0 ? { other: this.#other } : {}) };
  }
}

function earlier(a: FirstMismatch | null, b: FirstMismatch | null): FirstMismatch | null {
  if (a === null || b === null) return a ?? b;
  if (a.sample !== b.sample) return a.sample < b.sample ? a : b;
  const axis = a.index.findIndex((at, k) => at !== b.index[k]);
  return (a.index[axis] ?? 0) <= (b.index[axis] ?? 0) ? a : b;
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
