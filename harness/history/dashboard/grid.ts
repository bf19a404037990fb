import type { Verdict } from '../../report/index.ts';
import { cellKey, STRIP, type Cell } from './cell.ts';
import type { ScannedCase } from './scan-cases.ts';
import { LETTERS, type GridData } from './site-data.ts';

/** What is red comes first, then what is not known; a run that was stopped must not hide either. */
const WORST_FIRST: readonly Verdict[] = ['fail', 'build-error', 'bench-error', 'interrupted', 'pass', 'skipped'];
/** Not run for this long before the newest run of its suite on the device: it was taken out, or has another name. */
const GONE_MS = 30 * 86_400_000;

/** Verdicts of the newest runs of each suite on each device, worst case of each run. */
export class GridStrips {
  readonly #strips = new Map<string, { letters: string; run: string; worst: Verdict; aside: boolean }>();

  /** Fed oldest first, the cases of a run one after the other. */
  add({ row, run, aside }: ScannedCase): void {
    const key = cellKey(row.suite, row.device);
    const known = this.#strips.get(key);
    if (known === undefined || (known.aside && !aside)) {
      this.#strips.set(key, { letters: LETTERS[row.verdict], run: run.key, worst: row.verdict, aside });
    } else if (!aside || known.aside) {
      if (known.run === run.key) {
        known.worst = worse(known.worst, row.verdict);
        known.letters = known.letters.slice(0, -1) + LETTERS[known.worst];
      } else {
        known.run = run.key;
        known.worst = row.verdict;
        known.letters = (known.letters + LETTERS[row.verdict]).slice(-STRIP);
      }
    }
  }

  grid(cells: Iterable<Cell>): { grid: GridData[]; gone: ReadonlySet<Cell> } {
    const groups = new Map<string, Cell[]>();
    for (const cell of cells) {
      const key = cellKey(cell.suite, cell.device);
      groups.set(key, [...(groups.get(key) ?? []), cell]);
    }
    const gone = new Set<Cell>();
    const grid = [...groups].map(([key, all]): GridData => {
      const newest = all.reduce((a, b) => (b.atMs > a.atMs ? b : a));
      const here = all.filter((cell) => cell.atMs >= newest.atMs - GONE_MS);
      for (const cell of all) if (!here.includes(cell)) gone.add(cell);
      const counts = WORST_FIRST.map((verdict) => [verdict, here.filter((cell) => cell.verdict === verdict).length] as const).filter(([, count]) => count > 0);
      return {
        suite: newest.suite, device: newest.device, verdict: here.map((cell) => cell.verdict).reduce(worse), counts, run: newest.run, atMs: newest.atMs,
        strip: this.#strips.get(key)?.letters ?? '', gone: all.length - here.length,
      };
    });
    return { grid: grid.sort((a, b) => (a.suite < b.suite ? -1 : a.suite > b.suite ? 1 : a.device < b.device ? -1 : 1)), gone };
  }
}

function worse(a: Verdict, b: Verdict): Verdict {
  return WORST_FIRST.indexOf(a) <= WORST_FIRST.indexOf(b) ? a : b;
}
