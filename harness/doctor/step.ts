import type { Usability } from '../device/index.ts';
import { HilError } from '../errors.ts';

/** One step of the walk. */
export interface DoctorStep {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, or what failed; untrusted text in it. */
  readonly detail: string;
  /** What to do next; empty where it is ok. */
  readonly todo: readonly string[];
}

/** A step failed; the walk ends there. */
export class StepFailed extends Error {}

/** Does the steps one after the other and tells of each as soon as it is done. */
export class Steps {
  readonly done: DoctorStep[] = [];
  readonly #onStep: (step: DoctorStep) => void;
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal, onStep: (step: DoctorStep) => void) {
    this.#signal = signal;
    this.#onStep = onStep;
  }

  /**
   * @param work resolves to what was found; '' says nothing
   * @throws StepFailed where it fails with a HilError; 'cancelled' on abort
   */
  async step<T>(name: string, work: () => Promise<T>, say: (found: T) => string): Promise<T> {
    try {
      this.#signal.throwIfAborted();
      const found = await work();
      this.#add({ name, ok: true, detail: say(found), todo: [] });
      return found;
    } catch (error) {
      if (this.#signal.aborted) throw this.#signal.reason instanceof HilError ? this.#signal.reason : error;
      if (!(error instanceof HilError)) throw error;
      this.#add({ name, ok: false, detail: error.message, todo: error.hint === undefined ? [] : error.hint.split('\n') });
      throw new StepFailed(name);
    }
  }

  #add(step: DoctorStep): void {
    this.done.push(step);
    this.#onStep(step);
  }
}

/** What a look at a tool found. @throws HilError 'bench' doctor.missing for what is not there */
export function found({ usable, found: there, missing }: Usability): string {
  if (!usable) throw new HilError('bench', 'doctor.missing', missing.map(({ what }) => what).join('; '), { hint: missing.map(({ howToGet }) => howToGet).join('\n') });
  return there.join('; ');
}
