import { ErrorSum } from '../diff/metrics.ts';
import type { PrintedNumber } from '../link/mlperf/index.ts';
import type { DutReference, DutSample } from './dut-reference.ts';
import { LabelTally } from './label-tally.ts';
import type { PlannedCase, PlannedSequence } from './planned-case.ts';

/** The first place where firmware and reference disagree. */
export interface DutMismatch {
  readonly sequence: string;
  readonly step: number;
  readonly element: number;
  readonly expected: number;
  readonly got: number;
}

/** Counts over all samples of a case on a stock firmware, which prints decimal digits instead of codes. */
export class DutTally {
  readonly errors = new ErrorSum('truth');
  readonly referenceErrors = new ErrorSum('reference');
  readonly labels: LabelTally;
  compared = 0;
  /** Results further off than may be forgiven, and those that differ by no more than that. */
  mismatched = 0;
  forgiven = 0;
  samples = 0;
  /** Largest difference in steps of the output's quantisation, as far as digits tell; in the result's unit where there is no such step. */
  maxAbsDiff = 0;
  first: DutMismatch | null = null;
  firstForgiven: DutMismatch | null = null;
  /** What the last printed digit stood for, at its coarsest. */
  step = 0;
  /** Zeros with as many digits would have been taken for every result so far: nothing was compared that could have been wrong. */
  zerosWouldDo = true;
  readonly #reference: DutReference;
  readonly #tolerance: number;
  /** Labels are compared with how far input and output are apart, which only some firmware prints; from other firmware there is no such figure, and NaN meets no limit. */
  readonly #isDistance: boolean;

  /** @param forgiven steps of the output's quantisation that may be forgiven; Infinity: any difference */
  constructor(plan: Pick<PlannedCase, 'score' | 'sequences'>, reference: DutReference, forgiven: number) {
    this.labels = new LabelTally(plan);
    this.#isDistance = plan.score === 'reconstruction';
    this.#reference = reference;
    this.#tolerance = forgiven === Infinity ? Infinity : forgiven * this.#scale;
  }

  get #scale(): number {
    return this.#reference.form === 'reconstruction' ? 0 : this.#reference.output.quantisation?.scale[0] ?? 0;
  }

  /** Whether single steps of the output's codes are seen in the digits. */
  get tellsSteps(): boolean {
    return this.#scale > 2 * this.step;
  }

  /** Whether a number is what the reference gives, cut or rounded to its digits. */
  #matches({ value, step }: PrintedNumber, expected: number, slack: number): boolean {
    return Math.abs(value - expected) < step * (1 + 1e-9) + slack;
  }

  /** Bit-exact, as far as digits tell. */
  allEqual(numbers: readonly PrintedNumber[], sample: DutSample): boolean {
    return numbers.every((number, i) => this.#matches(number, sample.expected[i] as number, sample.slack));
  }

  add(sequence: PlannedSequence, step: number, numbers: readonly PrintedNumber[], { expected, slack }: DutSample): void {
    this.samples += 1;
    numbers.forEach((number, element) => {
      this.compared += 1;
      this.step = Math.max(this.step, number.step);
      const want = expected[element] as number;
      if (!this.#matches({ value: 0, step: number.step }, want, slack)) this.zerosWouldDo = false;
      if (!this.#matches(number, want, slack)) {
        const isForgiven = this.#tolerance > 0 && (this.#tolerance === Infinity || this.#matches(number, want, slack + this.#tolerance));
        if (isForgiven) this.forgiven += 1;
        else this.mismatched += 1;
        const diff = Math.abs(number.value - want);
        this.maxAbsDiff = Math.max(this.maxAbsDiff, this.#scale > 0 ? Math.max(1, Math.round(diff / this.#scale)) : diff);
        const place = { sequence: sequence.name, step, element, expected: want, got: number.value };
        if (isForgiven) this.firstForgiven ??= place;
        else this.first ??= place;
      }
    });
    const values = numbers.map(({ value }) => value);
    if (this.#isDistance === (this.#reference.form === 'reconstruction')) this.labels.addScores(sequence, step, values);
    if (this.#reference.form === 'reconstruction') return;
    const row = this.#reference.output.shape.at(-1) ?? 1;
    this.referenceErrors.addSample(values, expected, row);
    if (sequence.truth !== null) this.errors.addSample(values, sequence.truth.subarray(step * values.length, (step + 1) * values.length), row);
  }
}
