import t from 'tap';
import type { CaseRow, RunRow } from '../history.ts';
import type { Verdict } from '../../report/index.ts';
import { asideOf } from './aside.ts';
import { BenchHealth } from './bench-health.ts';
import { Cell } from './cell.ts';
import { GridStrips } from './grid.ts';
import { quarantinesOf } from './quarantines.ts';
import type { ScannedCase } from './scan-cases.ts';

const DAY = 86_400_000;
let made = 0;

/** A case of a run on day `day`. */
function scanned(verdict: Verdict, day: number, row: Partial<CaseRow> = {}, source: Partial<RunRow['source']> = {}): ScannedCase {
  const key = (++made).toString(16).padStart(64, '0').split('').reverse().join('');
  const run: RunRow = { key, id: `run-${made}`, startedAtMs: day * DAY, durationMs: 1000, verdict, suite: 'suite', hilVersion: '1', dir: null, devices: ['board'], counts: { [verdict]: 1 },
    source: { commit: `c${day}`, committedAt: null, subject: null, branch: 'main', dirty: false, pullRequest: null, jobUrl: null, bench: 'bench', ...source } };
  return { run, aside: run.source.pullRequest !== null, row: { run: key, runId: run.id, startedAtMs: run.startedAtMs, commit: run.source.commit, suite: 'suite', index: 0, name: 'case', device: 'board', deviceKind: 'serial', verdict, durationMs: 1000, reason: verdict === 'pass' ? '' : `why ${day}`,
    endCode: verdict === 'bench-error' ? 'link.no-hello' : null, retries: 0, lostMs: 0, modelSha256: null, generator: null, imageSha256: `image-${day}`, culprit: null, ...row } };
}

function cellOf(list: readonly ScannedCase[]): ReturnType<Cell['data']> {
  const cell = new Cell(list[0]!);
  for (const one of list) cell.add(one);
  return cell.data({ layers: false, metrics: [], gone: false });
}
const short = (one: ScannedCase | undefined): string | undefined => one?.run.key.slice(0, 16);

t.test('red since: the first run of the red time, the last good one before it; a bench error in between neither ends nor makes it', async (t) => {
  const list = [scanned('fail', 1), scanned('pass', 2), scanned('bench-error', 3), scanned('fail', 4), scanned('bench-error', 5), scanned('build-error', 6), scanned('bench-error', 7), scanned('bench-error', 8)];
  const cell = cellOf(list);
  t.match(cell, { verdict: 'bench-error', decided: { verdict: 'build-error', run: short(list[5]) }, red: { first: short(list[3]), firstMs: 4 * DAY, runs: 2, lastGood: short(list[1]) }, benchErrors: 2, strip: 'fpbfbebb' });
  t.equal(cellOf([...list, scanned('pass', 9)]).red, null);
  t.match(cellOf([scanned('fail', 1)]).red, { lastGood: null });
  t.match(cellOf([scanned('bench-error', 1), scanned('skipped', 2)]), { decided: null, red: null, benchErrors: 1 }, 'never judged is neither red nor green');
});

t.test('pull requests do not colour the branch that counts; where there is nothing else they are told', async (t) => {
  const request = (verdict: Verdict, day: number): ScannedCase => scanned(verdict, day, {}, { pullRequest: 7, branch: 'feature' });
  t.match(cellOf([request('fail', 1), scanned('pass', 2), request('fail', 3)]), { verdict: 'pass', red: null, strip: 'p', atMs: 2 * DAY });
  t.match(cellOf([request('pass', 1), request('fail', 3)]), { verdict: 'fail', red: { firstMs: 3 * DAY }, strip: 'pf' });
});

t.test('what somebody tries out colours nothing: other branches and files in no commit are aside, as with regressions', async (t) => {
  const list = [scanned('fail', 1), scanned('pass', 2, {}, { branch: 'wip' }), scanned('pass', 3, {}, { dirty: true }), scanned('pass', 4, {}, { pullRequest: 1 }), scanned('pass', 5, {}, { branch: null })];
  const runs = list.map(({ run }) => run);
  const shown = (branch: string | undefined): ReturnType<Cell['data']> => cellOf(list.map((one) => ({ ...one, aside: asideOf(runs, branch)(one.run) })));
  t.match(shown(undefined), { verdict: 'fail', red: { runs: 1 }, strip: 'f' });
  t.strictSame(runs.map(asideOf(runs, 'wip')), [false, false, true, true, false], 'the filter has chosen already');
  const detached = [scanned('pass', 1, {}, { branch: null })].map(({ run }) => run);
  t.strictSame(detached.map(asideOf(detached, undefined)), [false], 'no run knows a branch');
  t.match(cellOf([{ ...list[2]!, aside: true }]), { verdict: 'pass' }, 'where there is nothing else it is told');
});

t.test('flaky: the same image of the same commit passed and failed, not long ago', async (t) => {
  const same = { imageSha256: 'image' };
  t.match(cellOf([scanned('pass', 1, same), scanned('fail', 1, same), scanned('pass', 1, same)]).flaky, { passed: 2, failed: 1, commit: 'c1', image: 'image' });
  t.equal(cellOf([scanned('pass', 1, same), scanned('fail', 2, same)]).flaky, null, 'another commit may have other inputs');
  t.equal(cellOf([scanned('pass', 1, same), scanned('fail', 1, same, { dirty: true })]).flaky, null);
  t.equal(cellOf([scanned('pass', 1, same), scanned('bench-error', 1, same)]).flaky, null, 'a bench error is the bench');
  t.equal(cellOf([scanned('pass', 1, same), scanned('fail', 1, same), scanned('pass', 60)]).flaky, null, 'long ago');
});

t.test('the grid: worst of the newest of each case; a case that is no longer run does not count', async (t) => {
  const [a, b, old] = [(verdict: Verdict, day: number) => scanned(verdict, day, { name: 'a' }), (verdict: Verdict, day: number) => scanned(verdict, day, { name: 'b' }), scanned('fail', 1, { name: 'old' })];
  const runs = [[old], [a('fail', 50), b('pass', 50)], [a('pass', 51), b('bench-error', 51)]].map((list) => list.map((one) => ({ run: list[0]!.run, row: one.row, aside: false })));
  const [strips, cells] = [new GridStrips(), new Map<string, Cell>()];
  for (const one of runs.flat()) {
    strips.add(one);
    const cell = cells.get(one.row.name) ?? new Cell(one);
    cells.set(one.row.name, cell);
    cell.add(one);
  }
  const { grid, gone } = strips.grid(cells.values());
  t.match(grid, [{ suite: 'suite', device: 'board', verdict: 'bench-error', counts: [['bench-error', 1], ['pass', 1]], strip: 'ffb', gone: 1, atMs: 51 * DAY }]);
  t.same([...gone], [cells.get('old')]);
});

t.test('bench health counts what the bench did, not what the code did', async (t) => {
  const health = new BenchHealth();
  for (const one of [scanned('fail', 1), scanned('bench-error', 1, { durationMs: 5000 }), scanned('pass', 2, { retries: 2, lostMs: 700 }), scanned('skipped', 3), scanned('bench-error', 4, { endCode: null, reason: 'newest' })]) health.add(one);
  t.match(health.data(), [{ bench: 'bench', device: 'board', days: [['1970-01-02', 2, 1, 0, 5000], ['1970-01-03', 1, 0, 2, 700], ['1970-01-05', 1, 1, 0, 1000]], lastGoodMs: 2 * DAY, lastMs: 4 * DAY,
    codes: [{ code: 'link.no-hello', count: 1 }, { code: 'unknown', count: 1, reason: 'newest' }], recent: [{ code: 'unknown' }, { code: 'link.no-hello' }] }]);
});

t.test('quarantines: from skipped cases, a device once, the end as it is told', async (t) => {
  const skipped = (name: string, device: string, reason: string): ReturnType<typeof cellOf> => cellOf([scanned('skipped', 1, { name, device, reason })]);
  const cells = [skipped('a', 'board', 'loose (quarantined until 2027-01-31, by ana)'), skipped('b', 'board', 'loose (quarantined until 2027-01-31, by ana)'), skipped('a', 'x', 'slow (quarantined until 2026-12-01)'), skipped('a', 'y', 'slow (quarantined until 2026-12-01)'),
    cellOf([scanned('pass', 1, { name: 'b', device: 'x' })]), cellOf([scanned('pass', 1, { name: 'b', device: 'y' })]), skipped('c', 'x', 'no end')];
  const given = { kind: 'device', name: 'z', suite: null, device: null, reason: 'r', until: '2026-11-01', by: null, from: 'device file' } as const;
  t.match(quarantinesOf(cells, [given]), [given, { kind: 'case', name: 'a', device: 'x, y', until: '2026-12-01', reason: 'slow', by: null }, { kind: 'device', name: 'board', until: '2027-01-31', reason: 'loose', by: 'ana' }, { kind: 'case', name: 'c', until: null, reason: 'no end' }]);
});
