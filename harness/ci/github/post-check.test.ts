import t from 'tap';
import type { CheckAnnotation } from '../verdict/check-output.ts';
import { standInGithub, type StandInGithub, type Trouble } from '../testing/stand-in-github.ts';
import { apiRequest, type GithubApi } from './api-request.ts';
import { postCheck, type Check } from './post-check.ts';

const SHA = 'a1'.repeat(20);
const annotation = (line: number): CheckAnnotation => ({ path: 'suites/x/suite.json', start_line: line, end_line: line, annotation_level: 'failure', title: 'fails', message: 'm' });
const check = (changes: Partial<Check> = {}): Check => ({
  repository: 'someone/engine', name: 'hil verdict', sha: SHA, conclusion: 'failure', detailsUrl: 'https://ci.example/1', completedAt: '2026-11-21T10:45:02.117Z',
  output: { title: '1 of 2 cases fail', summary: 'text', annotations: [annotation(3)] }, ...changes,
});
/** Waits are real, and short. */
const apiOf = (github: StandInGithub, changes: Partial<GithubApi> = {}): GithubApi => ({
  url: github.url, token: github.token, userAgent: 'hil/test', signal: new AbortController().signal,
  limits: { requestMs: 300, totalMs: 5000, attempts: 3, firstWaitMs: 1, secondaryWaitMs: 2 }, ...changes,
});

t.test('one request, as documented', async (t) => {
  const github = await standInGithub(t);
  t.same(await postCheck(apiOf(github), check()), { id: 77, url: 'https://github.example/someone/engine/runs/77' });
  t.match(github.accepted, [{ method: 'POST', path: '/repos/someone/engine/check-runs', body: {
    name: 'hil verdict', head_sha: SHA, status: 'completed', conclusion: 'failure', details_url: 'https://ci.example/1', completed_at: '2026-11-21T10:45:02.117Z',
    output: { title: '1 of 2 cases fail', summary: 'text', annotations: [annotation(3)] } } }]);
});

t.test('more than fifty annotations: the rest by PATCH, none twice', async (t) => {
  const github = await standInGithub(t);
  await postCheck(apiOf(github), check({ output: { title: 't', summary: 's', annotations: Array.from({ length: 120 }, (_, at) => annotation(at + 1)) } }));
  t.same(github.accepted.map(({ method, body }) => [method, body.output?.annotations?.length]), [['POST', 50], ['PATCH', 50], ['PATCH', 20]]);
  t.same(github.accepted.flatMap(({ body }) => body.output?.annotations ?? []).map((one) => one['start_line']), Array.from({ length: 120 }, (_, at) => at + 1));
});

t.test('what passes by itself is tried again, and told', async (t) => {
  const soon = String(Math.ceil(Date.now() / 1000) - 1);
  for (const [name, trouble] of Object.entries({
    '500': { status: 500 }, '502 without JSON': { status: 502, body: '<html>' }, '429': { status: 429 }, 'retry-after': { status: 429, headers: { 'retry-after': '0' } },
    'primary limit': { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': soon } }, 'secondary limit': { status: 403, body: { message: 'You have exceeded a secondary rate limit' } },
    hang: 'hang', drop: 'drop', half: 'half',
  } satisfies Record<string, Trouble>)) {
    const github = await standInGithub(t);
    github.trouble.push(trouble, trouble);
    const told: string[] = [];
    t.match(await postCheck(apiOf(github, { onRetry: (why) => told.push(why) }), check()), { id: 77 }, name);
    t.equal(told.length, 2, name);
    t.equal(github.asked.length, 3, name);
  }
});

t.test('what does not is an error that says what to do; never the token', async (t) => {
  const cases: [string, Trouble | null, Partial<Check>, RegExp, RegExp][] = [
    ['401', { status: 401, body: { message: 'Bad credentials ghs_notARealTokenButSecret' } }, {}, /with 401: Bad credentials \*\*\*$/, /github\.token/],
    ['403', { status: 403, body: { message: 'Resource not accessible by integration' } }, {}, /403: Resource not accessible/, /checks: write/],
    ['404', null, { repository: 'someone/else' }, /404: Not Found/, /GITHUB_REPOSITORY/],
    ['422', null, { sha: 'zz' }, /422: Validation Failed \(head_sha: No commit found for SHA\)/, /--sha/],
    ['301', { status: 301, headers: { location: 'https://elsewhere.example/' } }, {}, /another name now/, /GITHUB_REPOSITORY/],
    ['no id', { status: 201, body: {} }, {}, /without the id/, /^$/], ['no JSON', { status: 201, body: 'hello' }, {}, /no JSON/, /^$/],
  ];
  for (const [name, trouble, changes, message, hint] of cases) {
    const github = await standInGithub(t);
    if (trouble !== null) github.trouble.push(trouble);
    const error = await postCheck(apiOf(github), check(changes)).catch((caught: unknown) => caught as { kind: string; message: string; hint?: string });
    t.match(error, { kind: 'bench', message }, name);
    t.match('hint' in error ? error.hint ?? '' : '', hint, name);
    t.notMatch(JSON.stringify(error), /notARealToken/);
    t.equal(github.asked.length, 1, `${name}: asked once`);
  }
});

t.test('it ends: after so many attempts, at the deadline, on a signal', async (t) => {
  const github = await standInGithub(t);
  github.trouble.push('hang', 'drop', { status: 503 });
  await t.rejects(postCheck(apiOf(github), check()), { code: 'ci.github-refused', message: /503.*; given up after 3 attempts$/ });
  github.trouble.push({ status: 429, headers: { 'retry-after': '3600' } });
  await t.rejects(postCheck(apiOf(github), check()), { message: /429.*; given up after 1 attempt, as the next would have to wait 3600 s$/ });
  github.trouble.push('hang');
  const controller = new AbortController();
  const asked = github.asked.length;
  const waiting = postCheck(apiOf(github, { signal: controller.signal, limits: { requestMs: 60_000 } }), check());
  while (github.asked.length === asked) await new Promise((resolve) => { setImmediate(resolve); });
  controller.abort();
  await t.rejects(waiting, { code: 'ci.cancelled' });
  await github.close();
  await t.rejects(postCheck(apiOf(github), check()), { kind: 'bench', code: 'ci.github-unreachable', message: /cannot reach http:\/\/127\.0\.0\.1:\d+: / });
});

t.test('a token goes nowhere else', async (t) => {
  for (const url of ['http://github.example', 'ftp://127.0.0.1', 'no url', 'https://user@github.example']) {
    await t.rejects(apiRequest({ url, token: 'secret', userAgent: 'hil', signal: new AbortController().signal }, 'POST', '/x', {}), { kind: 'config', code: 'ci.github-url' }, url);
  }
  for (const repository of ['a', 'a/b/c', '../x', 'a/b?c', 'a b/c', 'a/..%2f', 'a/..', './b']) {
    await t.rejects(postCheck({ url: 'https://github.example', token: 'secret', userAgent: 'hil', signal: new AbortController().signal }, check({ repository })), { code: 'ci.github-repository' }, repository);
  }
});

t.test('the stand-in can refuse what is over the limits', async (t) => {
  const github = await standInGithub(t);
  await t.rejects(postCheck(apiOf(github), check({ output: { title: 't', summary: 'x'.repeat(65_536), annotations: [] } })), { message: /Only 65535 characters are allowed; 65536/ });
  await t.rejects(postCheck(apiOf(github), check({ output: { title: 't', summary: 's', annotations: [annotation(0)] } })), { message: /annotation at suites/ });
  await t.rejects(postCheck(apiOf(github, { token: 'other' }), check()), { message: /401/ });
  t.same(github.accepted, []);
});
