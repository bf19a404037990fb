import { costOfOperators, sumCosts } from '../../measure/index.ts';
import { mainGraph } from '../main-graph.ts';
import type { PlannedCase } from '../planned-case.ts';

/** Build, start and checks of an image, ms; of the size of what engine-rom takes on QEMU. */
const IMAGE_MS = 400;
const MACS_PER_MS = 30_000;
/** Below all that is needed at once. */
const LATER = -1e15;

/** A first guess of the time that cases take on any device, ms; only the order of devices hangs on it. */
export function guessMs(cases: readonly PlannedCase[]): number {
  return cases.reduce((sum, { model, sequences, skipReason }) => {
    if (skipReason !== null) return sum;
    const samples = sequences.reduce((total, each) => total + each.samples, 0);
    return sum + (samples * sumCosts(costOfOperators(mainGraph(model))).macs) / MACS_PER_MS;
  }, IMAGE_MS);
}

/** How much a device has still to do: the guesses of its groups, put right by what its first groups took. */
export class TimeLeft {
  readonly #guesses: readonly number[];
  readonly #ahead: boolean;
  #at = 0;
  #guessed = 0;
  #took = 0;

  /**
   * @param guesses of its groups of cases, ms, in their order
   * @param ahead the image of the next group is as urgent as its run: a board would wait for it. Else it is made when nothing else is to be done.
   */
  constructor(guesses: readonly number[], ahead: boolean) {
    this.#guesses = guesses;
    this.#ahead = ahead;
  }

  /** The next group has its turn. */
  begin(group: number): void {
    this.#at = group;
  }

  /** @param ms without waits for others */
  end(group: number, ms: number): void {
    this.#guessed += this.#guesses[group] ?? 0;
    this.#took += ms;
  }

  /** Greater is more urgent: the device with the longest time left goes first, so that it is not the last one that runs alone. */
  urgency(group: number): number {
    const left = this.#guesses.slice(this.#at).reduce((sum, each) => sum + each, 0) * (this.#guessed === 0 ? 1 : this.#took / this.#guessed);
    return group > this.#at && !this.#ahead ? LATER + left : left;
  }
}
