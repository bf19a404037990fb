import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import t from 'tap';
import type { CaseReport, Report } from '../../report/index.ts';
import { caseReport, report } from '../../report/testing/sample-reports.ts';
import { figuresOfCase } from '../metrics-of-case.ts';
import { openHistory } from '../open-history.ts';
import { historyNoise } from './history-noise.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'hil-noise-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const base = caseReport();
const where = { suite: 'engine-rom', case: base.name, device: base.device };
const cycles = (median: number): CaseReport => caseReport({ latency: { ...base.latency!, median, unit: 'cycles', quality: 'hardware' } });
const run = (one: CaseReport, at: number): Report => {
  const made = report([one]);
  return { ...made, run: { ...made.run, id: `run-${at}`, startedAt: new Date(Date.UTC(2026, 0, 1) + at * 3_600_000).toISOString() } };
};

t.test('noise of a real history: what neighbours differ by, not what a step made', async (t) => {
  const history = await openHistory(path.join(dir, 'h.sqlite'));
  // +-10 around 1000, then around 2000.
  const wobble = [0, 10, -10, 5, -5, 10, 0, -10, 5, -5];
  const medians = [...wobble.map((one) => 1000 + one), ...wobble.map((one) => 2000 + one)];
  for (const [at, median] of medians.entries()) await history.add({ report: run(cycles(median), at), dir: null });
  const noise = await historyNoise(history, [where]);
  const made = run(cycles(2000), 99);
  const figure = figuresOfCase(made, made.cases[0]!).find(({ metric }) => metric === 'latency')!;
  const threshold = noise(where, figure);
  t.ok(threshold !== null && threshold > 20 && threshold < 150, String(threshold));
  t.equal(noise(where, { ...figure, likeness: 'another' }), null, 'of another likeness nothing is known');
  t.equal(noise({ ...where, device: 'other' }, figure), null);
  await history.close();
});

t.test('too few runs tell nothing', async (t) => {
  const history = await openHistory(path.join(dir, 'few.sqlite'));
  for (let at = 0; at < 8; at++) await history.add({ report: run(cycles(1000 + at), at), dir: null });
  const made = run(cycles(1000), 99);
  t.equal((await historyNoise(history, [where]))(where, figuresOfCase(made, made.cases[0]!).find(({ metric }) => metric === 'latency')!), null);
  await history.close();
});
