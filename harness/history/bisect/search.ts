/** What a candidate turned out to be. */
export type State = 'good' | 'bad' | 'untestable';

export interface Found {
  /**
   * Candidates of which one is the first bad one, in their order; the last of them is bad. One where nothing stands in between;
   * more where the others could not be tested.
   */
  readonly firstBad: readonly number[];
}

/**
 * Search for the first bad one of candidates 0 .. count-1, in their order, of which what is before the first is known to be good
 * and the last to be bad. It is as few questions as that many candidates take: at most ceil(log2(count)) answers of good or bad,
 * and one question for each that turned out to be untestable. Never the same candidate twice.
 */
export class Bisection {
  readonly #states: (State | null)[];
  #good = -1;
  #bad: number;
  #asked = 0;

  /** @param count at least 1 @throws RangeError */
  constructor(count: number) {
    if (!Number.isInteger(count) || count < 1) throw new RangeError(`${count} candidates`);
    this.#states = new Array<State | null>(count).fill(null);
    this.#bad = count - 1;
  }

  /** Questions answered. */
  get asked(): number {
    return this.#asked;
  }

  /** Answers of good or bad that are still needed at the most. */
  get stepsLeft(): number {
    return answersNeeded(this.#open().length);
  }

  /** The candidate to try next; null: nothing more can be learnt. */
  next(): number | null {
    const open = this.#open();
    if (open.length === 0) return null;
    // Which of the open ones may be asked without more answers in the worst case.
    const half = 2 ** (answersNeeded(open.length) - 1) - 1;
    const [from, to] = [Math.max(0, open.length - 1 - half), Math.min(open.length - 1, half)];
    const middle = (open.length - 1) / 2;
    const broken = this.#between().filter((k) => this.#states[k] === 'untestable');
    // What stands beside one that could not be tested often cannot be tested either, for the same reason.
    const distance = (k: number): number => Math.min(Infinity, ...broken.map((each) => Math.abs(each - k)));
    const allowed = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const best = allowed.toSorted((a, b) => distance(open[b] as number) - distance(open[a] as number) || Math.abs(a - middle) - Math.abs(b - middle) || a - b)[0] as number;
    return open[broken.length === 0 ? Math.floor(middle) : best] as number;
  }

  /** @throws RangeError for one that was answered, or lies outside of what is in question */
  answer(candidate: number, state: State): void {
    if (!this.#open().includes(candidate)) throw new RangeError(`candidate ${candidate} is not in question`);
    this.#states[candidate] = state;
    this.#asked += 1;
    if (state === 'good') this.#good = candidate;
    if (state === 'bad') this.#bad = candidate;
  }

  /** What is known now; final once next() is null. */
  result(): Found {
    return { firstBad: [...this.#between(), this.#bad] };
  }

  #between(): number[] {
    return Array.from({ length: this.#bad - this.#good - 1 }, (_, i) => this.#good + 1 + i);
  }

  #open(): number[] {
    return this.#between().filter((k) => this.#states[k] === null);
  }
}

/** Answers that find one of `open` candidates, or the one behind them. */
function answersNeeded(open: number): number {
  return Math.ceil(Math.log2(open + 1));
}
