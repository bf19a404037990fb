import t from 'tap';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Report } from '../../report/index.ts';
import { caseReport, report } from '../../report/testing/sample-reports.ts';
import { openHistory } from '../open-history.ts';
import { judgeHistory } from './judge-history.ts';
import { runsOfOpenRegressions } from './runs-of-open.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00Z');

/** A night with a figure that repeats exactly (instructions) and one that does not (the stack of a board). */
function night(day: number, instructions: number, stack: number): Report {
  const base = caseReport({ name: 'a * b', device: 'board' });
  const one = { ...base, image: { ...base.image!, sha256: day.toString(16).padStart(64, '0') }, latency: { ...base.latency!, median: instructions }, memory: { ...base.memory!, stackBytes: stack } };
  const whole = report([one]);
  const source = { commit: day.toString(16).padStart(40, 'c'), committedAt: null, subject: null, branch: 'main', dirty: false, pullRequest: null, jobUrl: null, bench: 'bench' };
  return { ...whole, run: { ...whole.run, id: `night-${day}`, startedAt: new Date(START + day * DAY).toISOString(), source } };
}

const dir = mkdtempSync(path.join(tmpdir(), 'hil-prune-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const history = await openHistory(path.join(dir, 'history.sqlite'));
for (let day = 0; day < 150; day++) await history.add({ report: night(day, day < 20 ? 100 : 110, (day < 130 ? 600 : 660) + (day * 7) % 5), dir: null });
const openOnes = async (): Promise<string[]> => (await judgeHistory(history, {})).changes.filter(({ kind }) => kind === 'open').map(({ metric, firstBad }) => `${metric} ${firstBad.runId}`).sort();
const before = await openOnes();
const keep = await runsOfOpenRegressions(history);
const pruned = await history.prune(START + 145 * DAY, { keep });
const kept = await openOnes();
for (const { suite, case: name, device, metric, likeness, now, unit, found } of (await judgeHistory(history, {})).changes) await history.accept({ suite, case: name, device, metric, likeness, value: now, unit, run: found.run, commit: null, reason: 'r', by: 'me' });
const acceptedKeep = await runsOfOpenRegressions(history);
await history.prune(START + 145 * DAY);
const without = await openOnes();
await history.close();

t.test('old runs that an open regression rests on stay, and with them the alarm', async (t) => {
  t.ok(before.some((one) => one === 'latency night-20') && before.some((one) => one.startsWith('stack night-')), before.join());
  t.strictSame(kept, before);
  t.ok(pruned.deleted > 20 && pruned.kept + pruned.deleted === 145, JSON.stringify(pruned));
  t.equal(acceptedKeep.size, 0, 'what is accepted rests on nothing');
  t.strictSame(without, [], 'without them there is nothing to see');
});
