import { rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunSource, Verdict } from '../../report/index.ts';
import { MOST_TEXT, MOST_WORK, VERDICTS, type RunningCase, type RunningState } from './running-state.ts';

/** About two a second: a person sees it move, and a slow disk does not mind. */
const WRITE_INTERVAL_MS = 500;
/** Whoever cannot look at the process (another container) takes a silent file for that of a dead one. */
const HEARTBEAT_MS = 10_000;
/** A disk that hangs must not hold up the end of a run. */
const END_WAIT_MS = 1000;

export interface LiveRunFacts {
  readonly suite: string;
  readonly source: RunSource;
  readonly priority: string | null;
  readonly pairs: readonly { readonly case: string; readonly device: string }[];
}

export interface LiveRunPlace {
  /** Folder of the states of all runs. */
  readonly dir: string;
  /** Names the process for all who look (ownedName() of the device room). */
  readonly name: string;
  /** State of the process behind such a name; null: no such name. */
  readonly ownerOf: (name: string) => 'alive' | 'dead' | 'unknown' | null;
  /** Told once, the first time that something fails. */
  readonly onProblem: (text: string) => void;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Writes the state of this run for others to see. Nothing it does may fail or slow the run: errors are told once, no call waits. */
export class LiveRun {
  readonly #place: LiveRunPlace;
  readonly #facts: LiveRunFacts;
  readonly #startedAt = new Date().toISOString();
  readonly #work = new Map<string, Writable<RunningCase>>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #onExit: () => void;
  #run: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();
  #ended = false;
  #told = false;

  constructor(facts: LiveRunFacts, place: LiveRunPlace) {
    this.#facts = facts;
    this.#place = place;
    for (const pair of facts.pairs) this.#work.set(keyOf(pair.case, pair.device), { case: cut(pair.case), device: cut(pair.device), phase: null, note: '', samples: 0, of: 0, verdict: null, since: null });
    this.#heartbeat = setInterval(() => this.#soon(0), HEARTBEAT_MS).unref();
    // process.exit() on a second Ctrl-C.
    this.#onExit = () => this.#removeNow();
    process.once('exit', this.#onExit);
    this.#writing = this.#guarded(() => this.#sweep());
    this.#soon(0);
  }

  /** @param run id of the run, once it has one */
  started(run: string): void {
    this.#run = run;
    this.#soon();
  }

  phase(name: string, device: string, phase: string, note = ''): void {
    this.#change(name, device, (one) => {
      if (one.phase !== phase) one.since = new Date().toISOString();
      one.phase = cut(phase);
      one.note = cut(note);
      // It runs again.
      one.verdict = null;
    });
  }

  progress(name: string, device: string, samples: number, of: number): void {
    this.#change(name, device, (one) => {
      one.samples = samples;
      one.of = of;
    });
  }

  done(name: string, device: string, verdict: string): void {
    this.#change(name, device, (one) => {
      one.phase = null;
      one.note = '';
      one.verdict = VERDICTS.find((known) => known === verdict) ?? 'bench-error';
      one.since = new Date().toISOString();
    });
  }

  /** Takes the state away. Never throws; waits a moment at most. */
  async end(): Promise<void> {
    this.#ended = true;
    clearInterval(this.#heartbeat);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#writing = this.#writing.then(() => this.#guarded(() => rm(this.#file('json'), { force: true })));
    let deadline: NodeJS.Timeout | undefined;
    const inTime = await Promise.race([this.#writing.then(() => true), new Promise<boolean>((resolve) => { deadline = setTimeout(resolve, END_WAIT_MS, false); })]);
    clearTimeout(deadline);
    // Else a write that hangs may still come to its end, and the process takes the file away when it exits.
    if (inTime) process.off('exit', this.#onExit);
  }

  #change(name: string, device: string, change: (one: Writable<RunningCase>) => void): void {
    const one = this.#work.get(keyOf(name, device));
    if (one === undefined || this.#ended) return;
    change(one);
    this.#soon();
  }

  #soon(delayMs = WRITE_INTERVAL_MS): void {
    if (this.#timer !== null || this.#ended) return;
    this.#timer = setTimeout(() => {
      this.#writing = this.#writing.then(() => this.#guarded(() => this.#write())).then(() => { this.#timer = null; });
    }, delayMs).unref();
  }

  async #write(): Promise<void> {
    if (this.#ended) return;
    const text = JSON.stringify(this.#state());
    await mkdir(this.#place.dir, { recursive: true, mode: 0o700 });
    // Not synced: after a crash of the machine there is no run to tell of.
    await writeFile(this.#file('tmp'), text, { mode: 0o600 });
    await rename(this.#file('tmp'), this.#file('json'));
  }

  #state(): RunningState {
    const all = [...this.#work.values()];
    const verdicts: Partial<Record<Verdict, number>> = {};
    for (const { verdict } of all) if (verdict !== null) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    const work = listed(all);
    const { suite, source, priority } = this.#facts;
    return {
      schema: 'hil-running/1', run: this.#run, suite: cut(suite), pid: process.pid, startedAt: this.#startedAt, updatedAt: new Date().toISOString(), source, priority,
      total: all.length, done: all.filter(({ verdict }) => verdict !== null).length, verdicts, work, notListed: all.length - work.length,
    };
  }

  /** What processes left that were killed. */
  async #sweep(): Promise<void> {
    const { dir, ownerOf } = this.#place;
    const names = await readdir(dir).catch(() => []);
    await Promise.all(names.filter((name) => ownerOf(stem(name)) === 'dead').map((name) => rm(join(dir, name), { force: true })));
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.#told) this.#place.onProblem(`the progress of this run cannot be shown to others: ${(error as Error).message}`);
      this.#told = true;
    }
  }

  #removeNow(): void {
    try {
      for (const ending of ['json', 'tmp'] as const) rmSync(this.#file(ending), { force: true });
    } catch {
      // The process ends: whoever finds the file sees that it is of a dead one.
    }
  }

  #file(ending: 'json' | 'tmp'): string {
    return join(this.#place.dir, `${this.#place.name}.${ending}`);
  }
}

/** Name of the process that a file of the folder belongs to. */
export const stem = (file: string): string => file.replace(/\.(json|tmp)$/, '');

const keyOf = (name: string, device: string): string => JSON.stringify([name, device]);
const cut = (text: string): string => (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text);

function listed(all: readonly RunningCase[]): readonly RunningCase[] {
  if (all.length <= MOST_WORK) return all;
  const rank = ({ phase, verdict }: RunningCase): number => (phase !== null ? 0 : verdict !== null && verdict !== 'pass' ? 1 : verdict === null ? 2 : 3);
  const chosen = new Set([...all].sort((a, b) => rank(a) - rank(b)).slice(0, MOST_WORK));
  return all.filter((one) => chosen.has(one));
}
