import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { renderJson, type Report } from '../../report/index.ts';
import { HOSTILE, hostileReport } from '../../report/testing/hostile.ts';
import { caseReport, failCase, report } from '../../report/testing/sample-reports.ts';
import { checkOutput } from './check-output.ts';
import { collectFacts } from './collect.ts';
import { readFacts, type VerdictFacts } from './facts.ts';
import { judge } from './judge.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'hil-verdict-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const SHA = 'a1'.repeat(20);
const signal = new AbortController().signal;
const collect = (...folders: string[]): Promise<VerdictFacts> => collectFacts(folders, ['m4'], dir, signal);
const withSource = (one: Report): Report => ({ ...one, run: { ...one.run, source: { commit: SHA, committedAt: null, subject: null, branch: null, dirty: false, pullRequest: null, jobUrl: null, bench: 'b' } } });
function put(folder: string, content: Report | string): string {
  const where = path.join(dir, folder);
  mkdirSync(where, { recursive: true });
  writeFileSync(path.join(where, 'report.json'), typeof content === 'string' ? content : renderJson(content));
  return where;
}

t.test('all reports below, each once, to a bounded depth and through no link', async (t) => {
  put('a/artifact-1/reports/engine/r1', withSource(report([caseReport()])));
  put('a/artifact-2', withSource(report([failCase()])));
  put('a/1/2/3/4/5/6/7', withSource(report([failCase()])));
  symlinkSync(path.join(dir, 'a/artifact-2'), path.join(dir, 'a/link'));
  const facts = await collect(path.join(dir, 'a'), path.join(dir, 'a/artifact-2'), path.join(dir, 'a/artifact-2/report.json'));
  t.same(facts.runs.map(({ verdict, commit }) => [verdict, commit]).sort(), [['fail', SHA], ['pass', SHA]]);
  t.match(facts, { schema: 'hil-verdict/1', expected: ['m4'], unreadable: [] });
});

t.test('a report that is none is told', async (t) => {
  put('b/1', '{"schema": "hil-report/1"}');
  put('b/2', 'no JSON');
  put('b/3', withSource(report([caseReport()])));
  const facts = await collect(path.join(dir, 'b'));
  t.match(facts, { runs: { length: 1 }, unreadable: [/1.report\.json is not a hil-report\/1: /, /2.report\.json is not JSON/] });
  t.equal(judge({ ...facts, expected: [] }, { sha: SHA, inconclusive: 'neutral' }).conclusion, 'neutral');
  await t.rejects(collect(path.join(dir, 'nowhere')), { kind: 'config', code: 'verdict.missing' });
});

t.test('a report that calls itself better than it is', async (t) => {
  put('c/1', { ...withSource(report([failCase()])), verdict: 'pass' });
  put('c/2', withSource(report([caseReport({ name: 'empty', layers: [], outputs: [] })])));
  const facts = await collect(path.join(dir, 'c'));
  t.match(facts.runs, [{ verdict: 'fail' }, { verdict: 'bench-error', cases: [{ verdict: 'bench-error', reason: /no layer was compared/ }] }]);
});

t.test('a run of chosen cases is told apart from one of all', async (t) => {
  const whole = withSource(report([caseReport()]));
  const by = (...command: string[]): Report => ({ ...whole, run: { ...whole.run, command: ['hil', ...command] } });
  const commands = [['run', 's'], ['run', 's', '--case', 'a*'], ['run', 's', '--sample=3'], ['check', 'x.tflite']];
  for (const [at, command] of commands.entries()) put(`chosen/${at}`, by(...command));
  t.same((await collect(path.join(dir, 'chosen'))).runs.map(({ chosen }) => chosen), [undefined, true, true, undefined]);
});

t.test('what is written is read again; what is forged in form is refused', async (t) => {
  const file = path.join(dir, 'check.json');
  put('d', withSource(hostileReport()));
  const facts = await collect(path.join(dir, 'd'));
  writeFileSync(file, JSON.stringify(facts));
  t.same(await readFacts(file), facts);
  const forged = async (change: (all: Record<string, any>) => void): Promise<void> => {
    const copy = JSON.parse(JSON.stringify(facts)) as Record<string, any>;
    change(copy);
    writeFileSync(file, JSON.stringify(copy));
    await t.rejects(readFacts(file), { kind: 'config', code: 'verdict.invalid' }, change.toString());
  };
  await forged((all) => { all['conclusion'] = 'success'; });
  await forged((all) => { all['runs'][0].cases[0].place = { file: '../../x', line: 1 }; });
  await forged((all) => { all['runs'][0].cases[0].place = { file: '/etc/passwd', line: 1 }; });
  await forged((all) => { all['runs'][0].cases[0].verdict = 'perfect'; });
  await forged((all) => { all['runs'][0].id = 'x'.repeat(501); });
  await forged((all) => { all['runs'][0].commit = 'main'; });
  writeFileSync(file, '{');
  await t.rejects(readFacts(file), { code: 'verdict.unreadable' });
  await t.rejects(readFacts('/dev/zero'), { code: 'verdict.unreadable' });
});

const text = fc.oneof(fc.string(), fc.constantFrom(...HOSTILE.map((name) => name.slice(0, 400)), '@everyone', '![x](http://evil.example/p.png)', '<img src=x>'));
const verdict = fc.constantFrom('pass', 'fail', 'build-error', 'bench-error', 'skipped', 'interrupted');
const anyFacts = fc.record({
  schema: fc.constant('hil-verdict/1' as const), expected: fc.array(text, { maxLength: 4 }), unreadable: fc.array(text, { maxLength: 3 }),
  runs: fc.array(fc.record({
    id: text, suite: text, commit: fc.constantFrom(SHA, 'b2'.repeat(20), null), dirty: fc.boolean(), startedAtMs: fc.integer(), verdict, devices: fc.array(text, { maxLength: 3 }),
    cases: fc.array(fc.record({ name: text, device: text, verdict, reason: text, retries: fc.nat(3), place: fc.constantFrom(null, { file: 's.json', line: 3 }) }), { maxLength: 12 }),
  }), { maxLength: 6 }),
});

t.test('whatever the facts: within the limits, nothing in it acts, no success with anything wrong', async (t) => {
  t.doesNotThrow(() => fc.assert(fc.property(anyFacts, fc.boolean(), (all, foreign) => {
    const facts = all as VerdictFacts;
    const judged = judge(facts, { sha: SHA, inconclusive: 'neutral', ...(foreign ? { foreignJob: { conclusion: 'success' } } : {}) });
    const output = checkOutput(judged, foreign);
    const summary = output.summary;
    if (Buffer.byteLength(summary) > 65_535 || output.title.length > 200 || output.title === '') throw new Error('limits');
    if (/<(?!br>)[a-z/!]|(?<!\\)!\[|(?<!\\)\]\(|@\w|https?:\/\//i.test(summary)) throw new Error(summary);
    const accepted = facts.runs.filter(({ commit, dirty }) => commit === SHA && !dirty);
    const good = accepted.length === facts.runs.length && facts.unreadable.length === 0 && accepted.some(({ cases }) => cases.some((one) => one.verdict === 'pass'));
    if (judged.conclusion === 'success' && !good) throw new Error('success out of nothing');
    if (accepted.some(({ cases }) => cases.some((one) => one.verdict === 'fail')) !== judged.cells.some((one) => one.verdict === 'fail')) throw new Error('a failure is lost');
  }), { numRuns: 300 }));
});

t.test('thousands of cases: cut with a note, and 200 lines at most', async (t) => {
  const cases = Array.from({ length: 5000 }, (_, at) => ({ name: `case ${at} ${'x'.repeat(200)}`, device: 'm4', verdict: 'fail' as const, reason: 'y'.repeat(400), retries: 0, place: { file: 's.json', line: 1 } }));
  const output = checkOutput(judge({ schema: 'hil-verdict/1', expected: [], unreadable: [], runs: [{ id: 'r', suite: 's', commit: SHA, dirty: false, startedAtMs: 0, verdict: 'fail', devices: ['m4'], cases }] }, { sha: SHA, inconclusive: 'neutral' }), false);
  t.ok(Buffer.byteLength(output.summary) <= 65_535);
  t.match(output.summary, /\d+ more are left out here; see the artifacts/);
  t.equal(output.annotations.length, 200);
});
