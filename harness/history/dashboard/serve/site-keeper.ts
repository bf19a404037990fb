import { Worker } from 'node:worker_threads';
import { HilError, type ErrorKind } from '../../../errors.ts';
import type { RunFilter } from '../../history.ts';
import type { SiteOptions } from '../build-site.ts';

/** What the site is made of. */
export interface SiteRecipe {
  /** Of the history, see openHistory(). */
  readonly where: string;
  readonly filter: RunFilter;
  readonly site: Omit<SiteOptions, 'dir' | 'now' | 'signal' | 'progress' | 'live'>;
}

export type ToKeeper =
  | { readonly kind: 'building' | 'empty'; readonly text: string }
  | { readonly kind: 'built'; readonly version: number; /** Newest first. */ readonly dirs: readonly string[] }
  | { readonly kind: 'report'; readonly id: number; readonly html: string | null }
  | { readonly kind: 'failed'; readonly error: { readonly kind: ErrorKind; readonly code: string; readonly message: string; readonly hint: string | null } };
export type ToWorker = { readonly kind: 'stop' } | { readonly kind: 'report'; readonly id: number; readonly key: string };

/** For whoever opens a page: `version` null where there is none yet. */
export interface SiteState { readonly version: number | null; readonly building: string }

const STOP_WAIT_MS = 2000;
const REPORT_WAIT_MS = 30_000;
const MOST_REPORTS_AT_ONCE = 8;

/** Keeps a site in a folder as new as its history, in a thread of its own. */
export class SiteKeeper {
  /** Settles when it cannot go on, by rejecting. */
  readonly failed: Promise<never>;
  readonly #worker: Worker;
  readonly #asked = new Map<number, (html: string | null) => void>();
  readonly #ended: Promise<void>;
  #dirs: readonly string[] = [];
  #state: SiteState = { version: null, building: '' };
  #ids = 0;

  /** @param onState told of every change */
  constructor(recipe: SiteRecipe, dir: string, onState: (state: SiteState) => void) {
    this.#worker = new Worker(new URL('./site-worker.ts', import.meta.url), { workerData: { recipe, dir } });
    this.#ended = new Promise((resolve) => { this.#worker.once('exit', () => resolve()); });
    this.failed = new Promise((_, reject) => {
      const change = (state: SiteState): void => { this.#state = state; onState(state); };
      this.#worker.on('message', (message: ToKeeper) => {
        if (message.kind === 'building') change({ ...this.#state, building: `The site is being made: ${message.text}` });
        if (message.kind === 'empty') change({ ...this.#state, building: message.text });
        if (message.kind === 'report') this.#asked.get(message.id)?.(message.html);
        if (message.kind === 'failed') reject(new HilError(message.error.kind, message.error.code, message.error.message, message.error.hint === null ? {} : { hint: message.error.hint }));
        if (message.kind !== 'built') return;
        this.#dirs = message.dirs;
        change({ version: message.version, building: '' });
      });
      this.#worker.once('error', (cause) => reject(new HilError('bench', 'dashboard.build', `the site cannot be made: ${(cause as Error).message}`, { cause })));
    });
    this.failed.catch(() => undefined);
  }

  get state(): SiteState {
    return this.#state;
  }

  /** Folders of the newest builds, newest first; []: there is none yet. */
  get dirs(): readonly string[] {
    return this.#dirs;
  }

  /** @param key first digits of the run's key @returns null where there is none, or it takes too long */
  async report(key: string): Promise<string | null> {
    if (this.#asked.size >= MOST_REPORTS_AT_ONCE) return null;
    const id = this.#ids++;
    const ask: ToWorker = { kind: 'report', id, key };
    let deadline: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve) => {
        this.#asked.set(id, resolve);
        deadline = setTimeout(resolve, REPORT_WAIT_MS, null);
        this.#worker.postMessage(ask);
      });
    } finally {
      clearTimeout(deadline);
      this.#asked.delete(id);
    }
  }

  /** Nothing writes to the folder after it. */
  async close(): Promise<void> {
    this.#worker.postMessage({ kind: 'stop' } satisfies ToWorker);
    let deadline: NodeJS.Timeout | undefined;
    await Promise.race([this.#ended, new Promise((resolve) => { deadline = setTimeout(resolve, STOP_WAIT_MS); })]);
    clearTimeout(deadline);
    await this.#worker.terminate();
  }
}
