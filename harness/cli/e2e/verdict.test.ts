import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { standInGithub } from '../../ci/testing/stand-in-github.ts';
import { renderJson, type Report } from '../../report/index.ts';
import { benchCase, caseReport, failCase, report } from '../../report/testing/sample-reports.ts';
import { hil, scratch, type HilRun } from './hil.ts';

/** hil verdict as jobs of a pipeline call it; GitHub is a stand-in that holds requests to its documentation. */
t.setTimeout(120_000);
const dir = scratch(t);
const SHA = 'a1'.repeat(20);
const OTHER = 'b2'.repeat(20);
const github = await standInGithub(t);
const env = { GITHUB_TOKEN: github.token, GITHUB_REPOSITORY: 'someone/engine', GITHUB_API_URL: github.url, GITHUB_WORKSPACE: dir, GITHUB_SERVER_URL: 'https://github.example', GITHUB_RUN_ID: '42' };
const verdict = (...args: string[]): Promise<HilRun> => hil(['verdict', ...args], { env });
function put(folder: string, one: Report, commit = SHA): string {
  const where = path.join(dir, folder);
  mkdirSync(path.join(where, 'r'), { recursive: true });
  writeFileSync(path.join(where, 'r', 'report.json'), renderJson({ ...one, run: { ...one.run, source: { commit, committedAt: null, subject: null, branch: null, dirty: false, pullRequest: null, jobUrl: null, bench: 'b' } } }));
  return where;
}
writeFileSync(path.join(dir, 'suite.json'), '{"cases": [\n  {"name": "engine torque LSTM"}\n]}');
const suite = { name: 'engine-rom', description: '', file: path.join(dir, 'suite.json') };
const good = put('good', report([caseReport()], { suite }));
const bad = put('bad', report([failCase()], { suite }));
const bench = put('bench', report([{ ...benchCase(), device: 'my-board' }], { suite }));

t.test('posted: success, failure with its line, neutral', async (t) => {
  const success = await verdict(good, '--expect', 'qemu-m4', '--post');
  t.equal(success.code, 0, success.stderr);
  t.match(success.stdout, /^success {2}1 case on 1 device pass\n {2}qemu-m4: 1 pass\nPosted: https:\/\/github\.example/);
  t.match(github.accepted.at(-1)?.body, { name: 'hil verdict', head_sha: SHA, conclusion: 'success', status: 'completed', details_url: 'https://github.example/someone/engine/actions/runs/42' });
  const failure = await verdict(good, bad, bench, '--post', '--name', 'bench', '--json');
  t.equal(failure.code, 0, 'told is told');
  t.match(JSON.parse(failure.stdout), { conclusion: 'failure', posted: { id: 77 }, doubts: [/^bench error: /] });
  t.match(github.accepted.at(-1)?.body, { name: 'bench', conclusion: 'failure', output: { annotations: [{ path: 'suite.json', start_line: 2, annotation_level: 'failure', title: /^code under test fails: / }, { annotation_level: 'warning', title: /^bench error: / }] } });
  const neutral = await verdict(good, '--expect', 'qemu-m4,my-board', '--post', '--inconclusive', 'action_required');
  t.match(neutral.stdout, /^action_required {2}inconclusive: my-board did not report/);
  t.match(github.accepted.at(-1)?.body, { conclusion: 'action_required', output: { summary: /my-board did not report/ } });
});

t.test('a stale run is not counted, and keeps it from success', async (t) => {
  const stale = put('stale', report([failCase()], { suite }), OTHER);
  t.match(JSON.parse((await verdict(good, stale, '--sha', SHA, '--json')).stdout), { conclusion: 'neutral', sha: SHA, doubts: [/is of commit b2b2b2b2b2b2, not of a1a1a1a1a1a1: not counted/] });
  const mixed = await verdict(good, stale, '--post');
  t.equal(mixed.code, 2);
  t.match(mixed.stderr, /do not agree on a commit.*\n {2}-> Say which with --sha/);
});

t.test('for forks: the outcomes go through a file, and are judged by what GitHub says of the job', async (t) => {
  const file = path.join(dir, 'check.json');
  t.equal((await hil(['verdict', good, '--expect', 'qemu-m4', '--out', file], { env: { GITHUB_WORKSPACE: dir } })).code, 0, 'without a token');
  const from = (...args: string[]): Promise<HilRun> => verdict('--from', file, '--post', '--json', ...args);
  t.match(JSON.parse((await from('--sha', SHA, '--job-conclusion', 'success')).stdout), { conclusion: 'success', title: /^reported by the pull request's own job: / });
  t.match(github.accepted.at(-1)?.body, { conclusion: 'success', output: { title: /^reported by the pull request's own job: /, summary: /which its author can change/ } });
  t.match(JSON.parse((await from('--sha', SHA, '--job-conclusion', 'failure')).stdout), { conclusion: 'neutral' });
  t.match(JSON.parse((await from('--sha', SHA)).stdout), { conclusion: 'neutral' });
  t.match(JSON.parse((await from('--sha', OTHER, '--job-conclusion', 'success')).stdout), { conclusion: 'neutral', doubts: [/not counted/] }, 'the commit is that of the event');
  t.match(JSON.parse((await from('--sha', SHA, '--job-conclusion', 'success', '--expect', 'my-board')).stdout), { conclusion: 'neutral', doubts: [/my-board did not report/] });
  const before = github.asked.length;
  writeFileSync(file, readFileSync(file, 'utf8').replace('"hil-verdict/1"', '"hil-verdict/1","conclusion":"success"'));
  t.match(await from('--sha', SHA), { code: 2, stderr: /is not a hil-verdict\/1/ });
  t.equal(github.asked.length, before, 'nothing was posted');
});

t.test('wrong calls, each in one clear line; the token in none', async (t) => {
  const empty = path.join(dir, 'empty');
  mkdirSync(empty);
  const calls: [readonly string[], Record<string, string>, number, RegExp][] = [
    [[], {}, 2, /name the folders/], [[empty], {}, 2, /no report\.json below/], [[path.join(dir, 'no')], {}, 2, /cannot read/],
    [[good, '--sha', 'main'], {}, 2, /whole commit id/], [['--from', 'x'], {}, 2, /--from needs --sha/], [['--from', 'x', good, '--sha', SHA], {}, 2, /no folders/],
    [[good, '--post'], { GITHUB_TOKEN: '' }, 2, /GITHUB_TOKEN is not set/], [[good, '--post'], { GITHUB_TOKEN: 'wrong-secret' }, 4, /with 401: Bad credentials/], [[good, '--post', '--details-url', 'javascript:1'], {}, 2, /--details-url/],
  ];
  for (const [args, changes, code, message] of calls) {
    const run = await hil(['verdict', ...args], { env: { ...env, ...changes } });
    t.equal(run.code, code, `${args.join(' ')}: ${run.stderr}`);
    t.match(run.stderr, message);
    t.notMatch(run.stdout + run.stderr, /secret/i);
  }
  t.match(JSON.parse((await verdict(empty, '--expect', 'qemu-m4', '--json')).stdout), { conclusion: 'neutral', doubts: [/no run reported/, /qemu-m4 did not report/] }, 'with devices to expect, nothing is an answer');
  t.notOk(existsSync(path.join(dir, 'x')));
});
