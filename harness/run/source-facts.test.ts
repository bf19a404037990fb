import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import t from 'tap';
import { sourceFacts } from './source-facts.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'hil-source-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const git = (...args: string[]): string => execFileSync('git', ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.org', '-c', 'init.defaultBranch=trunk', ...args],
  { cwd: dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], env: { PATH: process.env['PATH'], HOME: dir, GIT_CEILING_DIRECTORIES: path.dirname(dir) } }).trim();
/** What git finds here does not depend on where the tests run. */
const env = { PATH: process.env['PATH'], GIT_CEILING_DIRECTORIES: path.dirname(dir) };
process.env['GIT_CEILING_DIRECTORIES'] = path.dirname(dir);

const outside = await sourceFacts(dir, env);
git('init', '-q');
const empty = await sourceFacts(dir, env);
writeFileSync(path.join(dir, 'suite.json'), '{}');
git('add', '.');
git('commit', '-q', '-m', `<b>first</b> ${'x'.repeat(300)}\n\nbody`);
const commit = git('rev-parse', 'HEAD');
const clean = await sourceFacts(dir, env);
writeFileSync(path.join(dir, 'suite.json'), '{"changed": true}');
const dirty = await sourceFacts(dir, env);
const github = await sourceFacts(dir, { ...env, GITHUB_SHA: 'f'.repeat(40), GITHUB_REF: 'refs/pull/17/merge', GITHUB_REF_NAME: '17/merge', GITHUB_HEAD_REF: 'mend-it', GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'me/it', GITHUB_RUN_ID: '5', HIL_BENCH: 'rack-2' });
const told = await sourceFacts(dir, { ...env, HIL_COMMIT: 'a'.repeat(40), HIL_PULL_REQUEST: 'many', BUILD_URL: 'javascript:alert(1)' });
const strange = await sourceFacts(dir, { ...env, HIL_COMMIT: '$(reboot)' });
const missing = await sourceFacts(path.join(dir, 'not-there'), { ...env, CI_COMMIT_SHA: 'b'.repeat(40), CI_MERGE_REQUEST_IID: '9', CI_JOB_URL: 'https://gitlab.example/1' });

t.strictSame(outside, { commit: null, committedAt: null, subject: null, branch: null, dirty: false, pullRequest: null, jobUrl: null, bench: hostname() }, 'in no repository');
t.equal(empty.commit, null, 'a repository without a commit');
t.match(clean, { commit, branch: 'trunk', dirty: false, pullRequest: null }, 'a clean tree');
t.match(clean.committedAt, /^\d{4}-.*Z$/, 'with the time of the commit');
t.equal(clean.subject?.length, 200, 'and its first line, bounded');
t.equal(dirty.dirty, true, 'a changed file is seen');
t.match(github, { commit, branch: 'mend-it', pullRequest: 17, jobUrl: 'https://github.com/me/it/actions/runs/5', bench: 'rack-2' }, 'GitHub tells the rest; the commit is what is checked out');
t.match(told, { commit: 'a'.repeat(40), committedAt: null, subject: null, pullRequest: null, jobUrl: null }, 'another commit has not this one\'s date; nonsense is nothing');
t.equal(strange.commit, null, 'what is no commit id is none');
t.match(missing, { commit: 'b'.repeat(40), pullRequest: 9, jobUrl: 'https://gitlab.example/1' }, 'without git GitLab tells');
