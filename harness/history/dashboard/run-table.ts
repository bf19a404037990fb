import type { RunRow } from '../history.ts';
import { shortKey } from './cell.ts';
import type { RunData, SeriesData } from './site-data.ts';

/** Texts that are told once; [] of them is their place. */
export class Texts {
  readonly list: string[] = [];
  readonly #places = new Map<string, number>();

  /** -1: null. */
  place(text: string | null): number {
    if (text === null) return -1;
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.list.length);
    return this.list.push(text) - 1;
  }
}

/** The runs that columns of figures belong to, in the order in which they are added. */
export class RunTable {
  readonly rows: SeriesData['runs'][number][] = [];
  readonly #places = new Map<string, number>();
  readonly #texts: Texts;

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  place({ key, id, startedAtMs, source }: RunRow): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const flags = (source.dirty ? 1 : 0) | (source.pullRequest === null ? 0 : 2);
    this.#places.set(key, this.rows.length);
    return this.rows.push([shortKey(key), id, startedAtMs, this.#texts.place(source.commit), this.#texts.place(source.subject), this.#texts.place(source.branch), flags]) - 1;
  }
}

export function runData(run: RunRow): RunData {
  const { commit, subject, branch, pullRequest, dirty, bench, jobUrl } = run.source;
  return {
    key: shortKey(run.key), id: run.id, atMs: run.startedAtMs, durationMs: run.durationMs, verdict: run.verdict, suite: run.suite, commit, subject, branch, pullRequest, dirty, bench, jobUrl,
    devices: run.devices, counts: Object.entries(run.counts) as [RunRow['verdict'], number][],
  };
}
