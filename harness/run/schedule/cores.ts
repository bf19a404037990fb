import PQueue, { type Options, type QueueAddOptions } from 'p-queue';
import { defaultTurnsDir, takeTurn, type Claimant, type LeaseHolder } from '../../device/index.ts';
import { HilError } from '../../errors.ts';

/** Name of the queue for the cores of this computer; the leases lie beside the tickets, so that no device can be meant. */
const CORE = 'core';

export interface CoreOptions extends Claimant {
  /** Emulations and builds of this process at a time. */
  readonly jobs: number;
  /** The same of all processes on this computer. */
  readonly hostJobs: number;
}

export interface CoreWait {
  /** Looked at whenever a core comes free: the greatest goes first. */
  readonly urgency: () => number;
  readonly signal: AbortSignal;
  readonly waitMs: number;
  /** Other processes have the cores. */
  readonly onWait: (holders: readonly LeaseHolder[], ahead: number) => void;
}

type RunFunction = () => Promise<unknown>;
interface UrgentOptions extends QueueAddOptions { readonly urgency: () => number }

/** The most urgent first, as it is when a core comes free; of equal ones the first. A queue class of p-queue. */
class MostUrgentFirst {
  #waiting: { readonly run: RunFunction; readonly urgency: () => number }[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  enqueue(run: RunFunction, options?: Partial<UrgentOptions>): void {
    this.#waiting.push({ run, urgency: options?.urgency ?? (() => 0) });
  }

  dequeue(): RunFunction | undefined {
    const ranked = this.#waiting.map((each) => each.urgency());
    const [first] = this.#waiting.splice(ranked.indexOf(Math.max(...ranked)), 1);
    return first?.run;
  }

  filter(): RunFunction[] {
    return this.#waiting.map(({ run }) => run);
  }

  setPriority(): void {}

  remove(): void {}
}

/**
 * What takes a core of this computer: an emulated device while it runs, a build. At most `jobs` of this process, and at most `hostJobs`
 * of all hil processes, whose order is that of turns. Who has a core waits for nothing but its own work, so that cores always come free.
 */
export class Cores {
  readonly #options: CoreOptions;
  readonly #queue: PQueue<MostUrgentFirst, UrgentOptions>;

  constructor(options: CoreOptions) {
    this.#options = options;
    this.#queue = new PQueue({ concurrency: options.jobs, queueClass: MostUrgentFirst } satisfies Options<MostUrgentFirst, UrgentOptions>);
  }

  /** @throws what the work throws; HilError 'bench' host.busy | device.no-lock-folder; 'cancelled' */
  async run<T>(wait: CoreWait, work: () => Promise<T>): Promise<T> {
    // No timeout of p-queue: it would give the core away while the work goes on.
    return await this.#queue.add(() => this.#onHost(wait, work), { urgency: wait.urgency }) as T;
  }

  async #onHost<T>({ signal, waitMs, onWait }: CoreWait, work: () => Promise<T>): Promise<T> {
    const { hostJobs: slots, priority, share } = this.#options;
    const turnsDir = defaultTurnsDir();
    const turn = await takeTurn({ device: CORE, slots, waitMs, signal, priority, share, turnsDir, lockDir: turnsDir, onWait }).catch((error: unknown) => {
      if (!(error instanceof HilError) || error.code !== 'device.busy') throw error;
      throw new HilError('bench', 'host.busy', `all ${slots} cores that hil may use on this computer were taken for ${waitMs} ms, and nothing moved`,
        { hint: 'Wait for the other runs to end, or allow more at a time (HIL_HOST_JOBS).', facts: error.facts, cause: error });
    });
    try {
      return await work();
    } finally {
      await turn.release();
    }
  }
}
