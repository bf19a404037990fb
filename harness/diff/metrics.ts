import { HilError } from '../errors.ts';
import type { Quantisation } from '../model/graph.ts';
import type { TensorData } from '../reference/runner.ts';

/** A figure of merit of an output against what it should be, over all sequences of a case together. */
export type MetricKind = 'top-1' | 'auc' | 'rmse' | 'mae' | 'max-abs' | 'cosine' | 'nse' | 'l2r';

/** What an output is compared with: values that the plant or data set gives, or the reference's output. */
export type MetricAgainst = 'truth' | 'reference';

/** Keeps quotients finite; float32's, as ST's tools have it. */
const EPSILON = 2 ** -23;
/** numpy's isclose() with its default tolerances, of 1. */
const CLOSE_TO_1 = 1e-5 + 1e-8;

/**
 * Sums up errors over many samples, so that no series has to be kept; all sums are float64. With R the truth or reference, P the output, e = P - R,
 * over all n elements of all samples (sets of figures of ST's X-CUBE-AI and ai_checker, so that they can be compared):
 *   rmse    sqrt(sum e^2 / n), in the output's unit
 *   mae     sum |e| / n
 *   max-abs max |e|
 *   l2r     |P - R| / (|P| + eps): relative to the norm of the *output*
 *   cosine  R.P / (|R| |P| + eps), 1 where that is within 1.001e-5 of 1
 *   nse     1 - (sum e^2 / n) / (var R + eps), var R with n - 1 (Nash-Sutcliffe efficiency)
 *   top-1   share of rows (last axis) whose greatest value has the same index; of equal values the first counts
 * eps = 2^-23. NaN in a value makes all but top-1 NaN, for which such a row does not agree; NaN meets no limit.
 */
export class ErrorSum {
  /** Elements. */
  count = 0;
  readonly #against: MetricAgainst;
  #squares = 0;
  #absolutes = 0;
  #max = 0;
  #outputSquares = 0;
  #wantedSquares = 0;
  #products = 0;
  /** Of R: mean and sum of squared distances from it, as Welford adds them up. */
  #mean = 0;
  #spread = 0;
  #rows = 0;
  #sameTop = 0;

  constructor(against: MetricAgainst = 'truth') {
    this.#against = against;
  }

  /**
   * @param output wanted real values of one sample, equally many
   * @param rowLength elements of the last axis
   * @throws RangeError if the lengths differ: different things are compared, which must never pass
   * @throws HilError 'config' if a truth value is not finite
   */
  addSample(output: ArrayLike<number>, wanted: ArrayLike<number>, rowLength: number): void {
    if (output.length !== wanted.length || rowLength < 1 || output.length % rowLength !== 0) throw new RangeError(`comparing ${output.length} values with ${wanted.length}, in rows of ${rowLength}`);
    for (let i = 0; i < output.length; i++) this.#add(output[i] as number, wanted[i] as number);
    for (let row = 0; row < output.length; row += rowLength) {
      this.#rows++;
      const top = argmax(output, row, rowLength);
      if (top !== null && top === argmax(wanted, row, rowLength)) this.#sameTop++;
    }
  }

  #add(output: number, wanted: number): void {
    if (this.#against === 'truth' && !Number.isFinite(wanted)) throw new HilError('config', 'metric.truth-not-finite', `a truth value is ${wanted}`);
    const error = output - wanted;
    this.count++;
    this.#squares += error * error;
    this.#absolutes += Math.abs(error);
    if (!(Math.abs(error) <= this.#max)) this.#max = Math.abs(error);
    this.#outputSquares += output * output;
    this.#wantedSquares += wanted * wanted;
    this.#products += output * wanted;
    const step = wanted - this.#mean;
    this.#mean += step / this.count;
    this.#spread += step * (wanted - this.#mean);
  }

  /** NaN where nothing was added, so that a missing comparison can never satisfy a limit. */
  value(kind: MetricKind): number {
    if (this.count === 0) return Number.NaN;
    const meanSquare = this.#squares / this.count;
    switch (kind) {
      case 'rmse': return Math.sqrt(meanSquare);
      case 'mae': return this.#absolutes / this.count;
      case 'max-abs': return this.#max;
      case 'l2r': return Math.sqrt(this.#squares) / (Math.sqrt(this.#outputSquares) + EPSILON);
      case 'cosine': return snapped(this.#products / (Math.sqrt(this.#wantedSquares) * Math.sqrt(this.#outputSquares) + EPSILON));
      // Of one value there is no variance: 0 / 0.
      case 'nse': return 1 - meanSquare / (this.#spread / (this.count - 1) + EPSILON);
      case 'top-1': return this.#sameTop / this.#rows;
      // It has no meaning without labels: see LabelScores.
      case 'auc': return Number.NaN;
    }
  }
}

const snapped = (cosine: number): number => (Math.abs(cosine - 1) <= CLOSE_TO_1 ? 1 : cosine);

/** Index of the greatest of `length` values from `from`, the first of equal ones; null where one is NaN. */
function argmax(values: ArrayLike<number>, from: number, length: number): number | null {
  let best = 0;
  for (let i = 0; i < length; i++) {
    const value = values[from + i] as number;
    if (Number.isNaN(value)) return null;
    if (value > (values[from + best] as number)) best = i;
  }
  return best;
}

/** Codes as real values, scale * (code - zero point), each rounded to float32; codes of a tensor without a scale as they are. */
export function realValues(codes: TensorData, quantisation: Quantisation | null): Float64Array {
  const [scale, zeroPoint] = [quantisation?.scale[0], quantisation?.zeroPoint[0] ?? 0];
  return Float64Array.from({ length: codes.length }, (_each, i) => (scale === undefined ? Number(codes[i]) : Math.fround((Number(codes[i]) - zeroPoint) * scale)));
}

/** Whether a figure meets its limits; without any it must only be a number. NaN meets none. */
export function meetsLimits(value: number, max: number | null, min: number | null): boolean {
  if (max === null && min === null) return Number.isFinite(value);
  return (max === null || value <= max) && (min === null || value >= min);
}
