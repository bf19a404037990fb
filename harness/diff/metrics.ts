import { HilError } from '../errors.ts';

/** A figure of merit of an output against the truth, over all sequences of a case together. */
export type MetricKind = 'rmse' | 'mae' | 'max-abs';

/**
 * Sums up errors over many samples, so that no series has to be kept.
 * rmse = sqrt(mean(e^2)), mae = mean(|e|), max-abs = max(|e|), e = output - truth in the output's unit.
 */
export class ErrorSum {
  count = 0;
  #squares = 0;
  #absolutes = 0;
  #max = 0;

  /** @throws HilError 'config' if a truth value is not finite. */
  add(output: number, truth: number): void {
    if (!Number.isFinite(truth)) throw new HilError('config', 'metric.truth-not-finite', `a truth value is ${truth}`);
    const error = output - truth;
    this.count++;
    this.#squares += error * error;
    this.#absolutes += Math.abs(error);
    if (!(Math.abs(error) <= this.#max)) this.#max = Math.abs(error);
  }

  /** NaN where nothing was added, so that a missing comparison can never satisfy a limit. */
  value(kind: MetricKind): number {
    if (this.count === 0) return Number.NaN;
    switch (kind) {
      case 'rmse': return Math.sqrt(this.#squares / this.count);
      case 'mae': return this.#absolutes / this.count;
      case 'max-abs': return this.#max;
    }
  }
}
