import { test } from 'tap';
import { guardVacuous, validateReport, type Report } from '../../report/index.ts';
import { simulateRuns } from './simulated-runs.ts';

const simulation = simulateRuns({ runs: 600 });
const reports = [...simulation.runs()];
const nights = (id: string): Report[] => reports.filter(({ run }) => run.source?.branch === 'main' && !run.source.dirty && run.source.jobUrl !== null && run.source.commit === id);

test('every report is valid, and no pass is vacuous', async (t) => {
  t.equal(reports.length, 600);
  t.equal(new Set(reports.map(({ run }) => run.id)).size, 600, 'ids are different');
  t.strictSame(reports.flatMap((one) => validateReport(one)), []);
  t.strictSame(reports.flatMap(({ cases }) => cases).filter(({ verdict }) => verdict === 'pass').flatMap((one) => guardVacuous(one, ['RMSE'])), []);
  t.ok(reports.every(({ suite, run }, at) => suite.name.startsWith('sim-') && (at === 0 || reports[at - 1]!.run.startedAt <= run.startedAt)), 'labelled, and oldest first');
});

test('what happens in a year of a bench happens', async (t) => {
  const cases = reports.flatMap((one) => one.cases);
  for (const verdict of ['pass', 'fail', 'build-error', 'bench-error', 'skipped', 'interrupted']) t.ok(cases.some((one) => one.verdict === verdict), verdict);
  t.ok(cases.some((one) => one.verdict === 'pass' && one.attempts?.length === 1), 'a retry heals');
  t.ok(cases.some((one) => one.verdict === 'fail' && one.layers.some(({ own, mismatched }) => own?.mismatched === 0 && mismatched > 0)), 'an error is inherited');
  t.ok(reports.some(({ run }) => run.source?.pullRequest !== null) && reports.some(({ run }) => run.source?.dirty));
});

test('exact figures step where it was planted, by what was planted', async (t) => {
  const exact = simulation.planted.steps.filter(({ exact, metric }) => exact && metric === 'latency');
  t.ok(exact.length > 5);
  for (const step of exact) {
    const after = nights(step.seenIn).flatMap(({ suite, cases }) => (suite.name === step.suite ? cases : [])).find((one) => one.name === step.case && one.device === step.device);
    if (after?.latency != null) t.equal(after.latency.median, step.after, `${step.case} on ${step.device}`);
  }
  t.not(new Set(exact.map(({ before, after }) => before < after)).size, 0);
});

test('the same options make the same runs, other seeds others', async (t) => {
  t.strictSame([...simulateRuns({ runs: 12 }).runs()], [...simulateRuns({ runs: 12 }).runs()]);
  t.notSame([...simulateRuns({ runs: 2, seed: 2 }).runs()], [...simulateRuns({ runs: 2 }).runs()]);
});
