import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { openHistory } from '../../history/index.ts';
import { renderJson, type CaseReport, type Report } from '../../report/index.ts';
import { benchCase, caseReport, failCase, report } from '../../report/testing/sample-reports.ts';
import { hil, scratch, type HilRun } from './hil.ts';

t.setTimeout(120_000);
const dir = scratch(t);
const env = { HIL_HOME: path.join(dir, 'home'), HIL_HISTORY: path.join(dir, 'home/history.sqlite') };
const compare = (...args: string[]): Promise<HilRun> => hil(['compare', ...args], { env });
const base = caseReport();
const slower = caseReport({ latency: { ...base.latency!, median: base.latency!.median + 7 } });
const of = (one: CaseReport, commit: string, id: string, minute = 0): Report => {
  const made = report([one]);
  return { ...made, run: { ...made.run, id, startedAt: `2026-11-21T10:${String(minute).padStart(2, '0')}:00.000Z`, source: { commit, committedAt: null, subject: null, branch: 'main', dirty: false, pullRequest: null, jobUrl: null, bench: 'b' } } };
};
const [A, B] = ['a1'.repeat(20), 'b2'.repeat(20)];
function put(folder: string, one: Report): string {
  const where = path.join(dir, folder);
  mkdirSync(where, { recursive: true });
  writeFileSync(path.join(where, 'report.json'), renderJson(one));
  return where;
}
const before = put('before', of(base, A, 'run-a'));
const after = put('after/nested', of(slower, B, 'run-b'));

t.test('two folders, no history: the terminal, JSON, and the comment', async (t) => {
  const text = await compare(before, path.dirname(after), '--markdown', path.join(dir, 'new/comment.md'));
  t.equal(text.code, 1, text.stderr);
  t.match(text.stdout, /^a1a1a1a1a1 -> b2b2b2b2b2\n {2}worse {3}engine torque LSTM on qemu-m4: latency [\d ]+ -> [\d ]+ instructions \(\+0\.03 %\)\n(.*\n)*WORSE {2}1 worse; 1 case and \d+ figures compared, \d+ equal$/);
  t.match(readFileSync(path.join(dir, 'new/comment.md'), 'utf8'), /^<!-- hil-compare -->\n### ❌ hil: 1 worse\n/);
  t.match(JSON.parse((await compare(before, after, '--json')).stdout), { schema: 'hil-compare/1', result: 'worse', base: { commit: A }, figures: [{ metric: 'latency', kind: 'worse' }] });
  t.match((await compare(before, after, '--markdown', '-')).stdout, /^<!-- hil-compare -->/);
  t.match(await compare(before, before, '--quiet'), { code: 0, stdout: /^SAME {2}nothing changed; / });
  t.match(await compare(after, before), { code: 0, stdout: /^BETTER /m });
  t.notOk(existsSync(path.join(dir, 'home/history.sqlite')), 'no history is made by looking');
});

t.test('runs and commits of a history', async (t) => {
  const history = await openHistory(path.join(dir, 'home/history.sqlite'));
  await history.add({ report: of(base, A, 'run-a'), dir: null });
  await history.add({ report: of(slower, B, 'run-b', 1), dir: null });
  await history.add({ report: { ...of({ ...base, device: 'host' }, B, 'run-c', 2), devices: [] }, dir: null });
  // Neither changed files nor a run that ended early stand in for what is known of the commit and the branch.
  const source = { ...of(base, A, 'x').run.source!, dirty: true };
  await history.add({ report: { ...of(slower, A, 'run-dirty', 3), run: { ...of(slower, A, 'run-dirty', 3).run, source } }, dir: null });
  await history.add({ report: { ...of({ ...benchCase(), name: base.name, device: base.device }, B, 'run-broken', 4) }, dir: null });
  await history.close();
  t.match(JSON.parse((await compare('a1a1a1a1', B, '--json')).stdout), { result: 'worse', head: { commit: B, runs: { length: 3 } }, figures: [{ metric: 'latency' }], verdicts: [{ device: 'host', kind: 'new' }] });
  t.match(JSON.parse((await compare('branch:main', after, '--json')).stdout), { base: { label: 'branch:main', runs: { length: 2 } }, result: 'same' }, 'its newest run of each device');
  t.match(await compare('branch:other', after), { code: 2, stderr: /no run, commit or branch/ });
  t.match(JSON.parse((await compare('run-a', after, '--json')).stdout), { result: 'worse', base: { label: 'run-a' } });
});

t.test('what says nothing is no pass; what cannot be read is said', async (t) => {
  const bench = put('bench', of({ ...benchCase(), name: base.name, device: base.device }, B, 'x'));
  t.match(await compare(before, bench), { code: 4, stdout: /bench {3}engine torque LSTM on qemu-m4: pass -> bench-error: [^]*UNKNOWN {2}1 not known; 0 cases/ });
  t.match(await compare(before, put('fails', of(failCase(), B, 'x'))), { code: 1, stdout: /worse {3}.*layer 0 UNIDIRECTIONAL_SEQUENCE_LSTM.* became wrong: 1 488 elements/ });
  mkdirSync(path.join(dir, 'empty'));
  for (const [args, message] of [[[before, path.join(dir, 'empty')], /no report\.json below/], [[before, 'deadbeef'], /no folder, and no run, commit or branch/], [[before], /missing required argument/], [[before, after, '--json', '--markdown', '-'], /both want standard output/]] as const) {
    t.match(await compare(...args), { code: 2, stderr: message });
  }
  writeFileSync(path.join(dir, 'empty', 'report.json'), '{}');
  t.match(await compare(before, path.join(dir, 'empty')), { code: 2, stderr: /is not a hil-report\/1/ });
});
