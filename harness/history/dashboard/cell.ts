import { createHash } from 'node:crypto';
import type { Verdict } from '../../report/index.ts';
import type { ScannedCase } from './scan-cases.ts';
import { LETTERS, type CellData } from './site-data.ts';

/** Runs that a strip shows. */
export const STRIP = 30;
/** Same image, both verdicts: longer ago than this is history. */
const FLAKY_MS = 30 * 86_400_000;
const MOST_IMAGES = 12;

/** A run as the site names it. */
export const shortKey = (key: string): string => key.slice(0, 16);

/** Words that say what a suite, case and device are together; also what their files are called, since names may be anything. */
export const cellKey = (...names: readonly string[]): string => JSON.stringify(names);
const cellFile = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 20);

interface Seen { readonly verdict: Verdict; readonly key: string; readonly atMs: number; readonly reason: string }
interface Image { passed: number; failed: number; lastMs: number; readonly commit: string | null; readonly image: string }

/** What becomes of a case on a device; fed with its runs, oldest first. Runs that are aside count only where there are no others. */
export class Cell {
  readonly suite: string;
  readonly case: string;
  readonly device: string;
  readonly file: string;
  #kind: string;
  #newest: ScannedCase;
  #decided: Seen | null = null;
  #lastGood: Seen | null = null;
  #redFirst: Seen | null = null;
  #redRuns = 0;
  #benchErrors = 0;
  #strip = '';
  #mainSeen: boolean;
  readonly #images = new Map<string, Image>();

  constructor(first: ScannedCase) {
    const { suite, name, device, deviceKind } = first.row;
    this.suite = suite;
    this.case = name;
    this.device = device;
    this.file = cellFile(cellKey(suite, name, device));
    this.#kind = deviceKind;
    this.#newest = first;
    this.#mainSeen = false;
  }

  get atMs(): number { return this.#newest.run.startedAtMs; }
  get verdict(): Verdict { return this.#newest.row.verdict; }
  get run(): string { return shortKey(this.#newest.run.key); }

  add(scanned: ScannedCase): void {
    const { row, run, aside } = scanned;
    this.#countImage(scanned);
    if (aside && this.#mainSeen) return;
    if (!aside && !this.#mainSeen) this.#restart();
    this.#newest = scanned;
    this.#kind = row.deviceKind;
    this.#strip = (this.#strip + LETTERS[row.verdict]).slice(-STRIP);
    this.#benchErrors = row.verdict === 'bench-error' ? this.#benchErrors + 1 : row.verdict === 'interrupted' || row.verdict === 'skipped' ? this.#benchErrors : 0;
    if (row.verdict !== 'pass' && row.verdict !== 'fail' && row.verdict !== 'build-error') return;
    const seen: Seen = { verdict: row.verdict, key: shortKey(run.key), atMs: run.startedAtMs, reason: row.reason };
    this.#decided = seen;
    if (row.verdict === 'pass') {
      this.#lastGood = seen;
      this.#redFirst = null;
      this.#redRuns = 0;
    } else {
      this.#redFirst ??= seen;
      this.#redRuns += 1;
    }
  }

  /** The first run that is not aside: what is told from here on is of the branch that counts. */
  #restart(): void {
    this.#mainSeen = true;
    this.#decided = this.#lastGood = this.#redFirst = null;
    this.#redRuns = this.#benchErrors = 0;
    this.#strip = '';
  }

  #countImage({ row, run }: ScannedCase): void {
    // Inputs belong to the commit: the same image may rightly fail at another one, or with files that are in none.
    if (row.imageSha256 === null || run.source.dirty || (row.verdict !== 'pass' && row.verdict !== 'fail')) return;
    const key = `${row.imageSha256} ${run.source.commit ?? ''}`;
    const known = this.#images.get(key) ?? { passed: 0, failed: 0, lastMs: 0, commit: run.source.commit, image: row.imageSha256 };
    known[row.verdict === 'pass' ? 'passed' : 'failed'] += 1;
    known.lastMs = run.startedAtMs;
    this.#images.delete(key);
    this.#images.set(key, known);
    if (this.#images.size > MOST_IMAGES) this.#images.delete(this.#images.keys().next().value as string);
  }

  /** @param more what is known only after all figures were read */
  data(more: Pick<CellData, 'layers' | 'metrics' | 'gone'>): CellData {
    const { row } = this.#newest;
    const flaky = [...this.#images.values()].findLast(({ passed, failed, lastMs }) => passed > 0 && failed > 0 && lastMs > this.atMs - FLAKY_MS);
    return {
      suite: this.suite, case: this.case, device: this.device, deviceKind: this.#kind, file: this.file, verdict: row.verdict, run: this.run, atMs: this.atMs,
      reason: row.verdict === 'pass' ? '' : row.reason.slice(0, 300), endCode: row.endCode, culprit: row.culprit,
      decided: this.#decided === null ? null : { verdict: this.#decided.verdict, run: this.#decided.key, atMs: this.#decided.atMs, reason: this.#decided.verdict === 'pass' ? '' : this.#decided.reason.slice(0, 300) },
      red: this.#redFirst === null ? null : { first: this.#redFirst.key, firstMs: this.#redFirst.atMs, runs: this.#redRuns, lastGood: this.#lastGood?.key ?? null },
      benchErrors: this.#benchErrors, flaky: flaky === undefined ? null : { passed: flaky.passed, failed: flaky.failed, commit: flaky.commit, image: flaky.image.slice(0, 12) },
      strip: this.#strip, ...more,
    };
  }
}
