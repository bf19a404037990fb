import t from 'tap';
import type { Verdict } from '../../report/index.ts';
import type { CaseOutcome, RunOutcome, VerdictFacts } from './facts.ts';
import { judge, type JudgedVerdict, type JudgeOptions } from './judge.ts';

const SHA = 'a1'.repeat(20);
const OTHER = 'b2'.repeat(20);
const one = (device: string, verdict: Verdict, name = 'torque'): CaseOutcome => ({ name, device, verdict, reason: `why ${verdict}`, retries: 0, place: null });
const run = (cases: readonly CaseOutcome[], changes: Partial<RunOutcome> = {}): RunOutcome => ({
  id: 'run', suite: 'engine', commit: SHA, dirty: false, startedAtMs: 1000, verdict: cases.find(({ verdict }) => verdict !== 'pass')?.verdict ?? 'pass', devices: [...new Set(cases.map(({ device }) => device))], cases, ...changes,
});
const facts = (runs: readonly RunOutcome[], changes: Partial<VerdictFacts> = {}): VerdictFacts => ({ schema: 'hil-verdict/1', expected: [], runs, unreadable: [], ...changes });
const of = (all: VerdictFacts, changes: Partial<JudgeOptions> = {}): JudgedVerdict => judge(all, { sha: SHA, inconclusive: 'neutral', ...changes });
const PASS = run([one('m4', 'pass'), one('m55', 'pass')]);

t.test('success: everything that was expected was seen to pass', async (t) => {
  t.match(of(facts([PASS], { expected: ['m4', 'm55'] })), { conclusion: 'success', title: '2 cases on 2 devices pass', doubts: [], sha: SHA });
  t.match(of(facts([PASS]), { sha: null }), { conclusion: 'success', sha: SHA });
  t.match(of(facts([run([one('m4', 'pass'), one('m4', 'skipped', 'pump')])])), { conclusion: 'success' }, 'one in quarantine, the other passes');
});

t.test('failure: code that is wrong or does not build, whatever else there is', async (t) => {
  for (const verdict of ['fail', 'build-error'] as const) {
    t.match(of(facts([run([one('m4', verdict)])])), { conclusion: 'failure' });
    t.match(of(facts([run([one('m4', verdict), one('m55', 'bench-error')]), run([], { commit: OTHER })], { expected: ['gone'], unreadable: ['x'] })), { conclusion: 'failure', doubts: { length: 4 } });
    t.match(of(facts([run([one('m4', verdict)], { startedAtMs: 1 }), run([one('m4', 'pass')], { startedAtMs: 2 })])), { conclusion: 'failure' }, 'a later pass does not undo it');
  }
  t.match(of(facts([run([one('m4', 'fail'), one('m4', 'fail', 'pump')])])), { title: '2 of 2 cases fail: torque on m4, ...' });
  t.match(of(facts([run([one('m4', 'build-error')])])), { title: '1 of 1 case do not build: torque on m4' });
});

t.test('neither: each doubt by itself keeps it from success', async (t) => {
  const doubtful: Record<string, [VerdictFacts, RegExp]> = {
    'bench error': [facts([PASS, run([one('m7', 'bench-error')])]), /^bench error: torque on m7: why bench-error$/],
    'no report': [facts([PASS], { expected: ['m4', 'm7'] }), /^m7 did not report$/],
    'nothing at all': [facts([]), /^no run reported$/],
    'nothing expected came': [facts([], { expected: ['m4'] }), /did not report|no run/],
    'only skips': [facts([run([one('m4', 'skipped')])]), /^everything was skipped on m4$/],
    'only skips on one of them': [facts([PASS, run([one('m7', 'skipped')])]), /^everything was skipped on m7$/],
    'interrupted case': [facts([run([one('m4', 'pass'), one('m4', 'interrupted', 'pump')])]), /interrupted/],
    'interrupted between cases': [facts([run([one('m4', 'pass')], { verdict: 'interrupted' })]), /was interrupted/],
    'empty run': [facts([PASS, run([], { verdict: 'bench-error', devices: ['m7'] })]), /has no case/],
    'contradiction': [facts([run([one('m4', 'pass')], { verdict: 'fail' })]), /calls itself fail/],
    'another commit beside': [facts([PASS, run([one('m7', 'pass')], { commit: OTHER })]), /is of commit b2b2b2b2b2b2, not of a1a1a1a1a1a1: not counted/],
    'another commit alone': [facts([run([one('m7', 'pass')], { commit: OTHER })]), /not counted/],
    'unknown commit': [facts([run([one('m7', 'pass')], { commit: null })]), /unknown commit/],
    'changed files': [facts([run([one('m7', 'pass')], { dirty: true })]), /changed files/],
    'only some cases': [facts([run([one('m4', 'pass')], { chosen: true })], { expected: ['m4'] }), /^only cases chosen by --case or --sample were run of engine on m4$/],
    'some cases after an interrupted run': [facts([run([one('m4', 'pass')], { verdict: 'interrupted' }), run([one('m4', 'pass')], { chosen: true, startedAtMs: 2000 })]), /was interrupted/],
    'unreadable report': [facts([PASS], { unreadable: ['x.json: bad'] }), /cannot be read: x\.json: bad/],
  };
  for (const [name, [all, doubt]] of Object.entries(doubtful)) {
    const judged = of(all);
    t.equal(judged.conclusion, 'neutral', name);
    t.ok(judged.doubts.some((text) => doubt.test(text)), `${name}: ${judged.doubts.join(' | ')}`);
    t.match(judged.title, /^inconclusive: /);
    for (const inconclusive of ['failure', 'action_required'] as const) t.equal(of(all, { inconclusive }).conclusion, inconclusive, `${name} as ${inconclusive}`);
  }
  t.equal(of(facts([PASS])).conclusion, 'success', 'and the same without a doubt is one');
  const some = run([one('m4', 'pass')], { chosen: true });
  t.equal(of(facts([some]), { allowSubset: true }).conclusion, 'success');
  t.equal(of(facts([PASS, some])).conclusion, 'success', 'a case was run again beside the whole suite');
});

t.test('runs of different commits are not mixed: nothing of them counts where none is asked for', async (t) => {
  const mixed = of(facts([PASS, run([one('m7', 'fail')], { commit: OTHER })]), { sha: null });
  t.match(mixed, { conclusion: 'neutral', sha: null, cells: [] });
  t.match(mixed.doubts[0], /^runs of different commits: a1a1a1a1a1a1, b2b2b2b2b2b2$/);
  t.match(of(facts([run([one('m7', 'fail')], { commit: OTHER })])), { conclusion: 'neutral', cells: [] }, 'a failure of another commit is none of this one');
});

t.test('a repeated job settles what the bench did, and only that', async (t) => {
  const bench = run([one('m4', 'bench-error')], { startedAtMs: 1 });
  const passed = run([one('m4', 'pass')], { startedAtMs: 2 });
  for (const order of [[bench, passed], [passed, bench]]) t.match(of(facts(order)), { conclusion: 'success', doubts: [] });
  t.match(of(facts([run([one('m4', 'pass')], { startedAtMs: 1 }), run([one('m4', 'bench-error')], { startedAtMs: 2 })])), { conclusion: 'neutral' });
  t.match(of(facts([run([one('m4', 'pass')], { verdict: 'interrupted', startedAtMs: 1 }), passed])), { conclusion: 'success' });
  t.match(of(facts([run([one('m4', 'pass')], { verdict: 'interrupted', startedAtMs: 1 }), run([one('m7', 'pass')], { startedAtMs: 2 })])), { conclusion: 'neutral' }, 'of another device');
  t.match(of(facts([run([one('m4', 'bench-error'), one('m4', 'pass')])])), { conclusion: 'neutral' }, 'twice in one run: the worse counts');
});

t.test('reported by a foreign job: no success beyond what GitHub says of the job, and it is said', async (t) => {
  const by = (conclusion: string | null, all = facts([PASS])): JudgedVerdict => of(all, { foreignJob: { conclusion } });
  t.match(by('success'), { conclusion: 'success', title: /^reported by the pull request's own job: 2 cases/ });
  for (const other of ['failure', 'cancelled', 'neutral', null, '']) t.equal(by(other).conclusion, 'neutral', String(other));
  t.equal(by('success', facts([run([one('m4', 'fail')])])).conclusion, 'failure', 'whoever says that he fails is believed');
});

t.test('forged outcomes of many devices and runs are judged in time', { timeout: 30_000 }, async (t) => {
  const many = facts(Array.from({ length: 10 }, (_, r) => run(Array.from({ length: 10_000 }, (_, d) => one(`d${r}-${d}`, 'pass')))));
  t.equal(of(many).devices.length, 100_000);
  const devices = Array.from({ length: 500 }, (_, d) => `d${d}`);
  const pairs = facts(Array.from({ length: 2000 }, (_, at) => run([one('d', 'pass')], { devices: at % 2 === 0 ? devices : [...devices.slice(1), 'other'], startedAtMs: at })));
  t.equal(of(pairs).conclusion, 'success');
});
