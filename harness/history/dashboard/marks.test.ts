import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import t from 'tap';
import { builtSite, historyOf, readData, scratchDir } from './testing/built-site.ts';
import { ENGINE, engineRuns } from './testing/engine-runs.ts';
import type { SeriesData } from './site-data.ts';

interface Line { readonly unit: string; readonly likeness: string; readonly points: readonly { readonly value: number; readonly run: { readonly id: string; readonly ofPullRequest: boolean } }[] }
interface Lines { readonly lines: readonly Line[]; readonly marks: readonly { readonly letter: string; readonly before: string; readonly after: string; readonly run: { readonly id: string } }[]; readonly changes: readonly { readonly run: string; readonly direction: string }[] }

const history = await historyOf(t, engineRuns(Date.now()));
const dir = scratchDir(t);
const { start } = await builtSite(history, dir);
const cell = start.cells.find(({ device }) => device === ENGINE.board)!;
const series = readData(dir, `series-${cell.file}`) as SeriesData;

/** The page's own program, without a page. */
const source = ['data.js', 'marks.js'].map((name) => readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8')).join('\n').replace("document.getElementById('app')", 'null');
const linesOf = (withPullRequests: boolean): Lines => JSON.parse(runInContext(`${source}\nJSON.stringify(linesOf('board', 0, ${JSON.stringify(series)}, 'latency', ${withPullRequests}))`, createContext({}), { timeout: 5000 }) as string) as Lines;

t.test('figures of another compiler are another line, and the change is marked', async (t) => {
  const { lines, marks, changes } = linesOf(false);
  t.equal(lines.length, 2);
  t.match(lines.map(({ likeness }) => likeness), [/gcc 12\.2\.1/, /gcc 13\.2\.1/]);
  t.same(lines.map(({ points }) => points.map(({ run }) => run.id)), [0, 1].map((half) => Array.from({ length: ENGINE.compilerDay }, (_, day) => `night-${day + half * ENGINE.compilerDay}`)));
  t.match(marks, [{ letter: 'S', before: /12\.2\.1/, after: /13\.2\.1/, run: { id: `night-${ENGINE.compilerDay}` } }]);
  t.equal(marks.length, 1);
  t.same(changes.map(({ run, direction }) => [series.runs.find(([key]) => key === run)?.[1], direction]), [['night-8', 'worse']], 'the step within one compiler is a change; that between two is none');
});

t.test('pull requests only where they are asked for', async (t) => {
  const count = (lines: Lines): number => lines.lines.flatMap(({ points }) => points).filter(({ run }) => run.ofPullRequest).length;
  t.equal(count(linesOf(false)), 0);
  t.equal(count(linesOf(true)), 1);
  t.equal(linesOf(true).marks.length, 1, 'and they mark nothing');
});
