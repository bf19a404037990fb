import { hostname } from 'node:os';
import { execa } from 'execa';
import type { RunSource } from '../report/index.ts';

const GIT_TIMEOUT_MS = 10_000;
const MAX_SUBJECT = 200;

/**
 * Commit and branch of the repository that a folder is in, and the job and pull request that the CI system's variables tell
 * (GitHub Actions, GitLab CI, Jenkins; HIL_COMMIT, HIL_BRANCH, HIL_PULL_REQUEST and HIL_BENCH before all of them). Where git
 * is missing or the folder is in no repository, what is left is null. Never throws.
 */
export async function sourceFacts(dir: string, env: NodeJS.ProcessEnv = process.env): Promise<RunSource> {
  const git = async (...args: string[]): Promise<string | null> => {
    try {
      // A hook or a driver of the repository under test must not run here.
      const { stdout } = await execa('git', ['-c', 'core.fsmonitor=false', '--no-optional-locks', ...args], { cwd: dir, timeout: GIT_TIMEOUT_MS, maxBuffer: 1 << 20, stdin: 'ignore' });
      return stdout.trim();
    } catch {
      return null;
    }
  };
  const text = (...names: string[]): string | null => names.map((name) => env[name]?.trim()).find((value) => value !== undefined && value !== '') ?? null;
  const head = await git('log', '-1', '--format=%H%n%cI%n%s');
  const [ownCommit, committedAt, subject] = head === null ? [] : head.split('\n');
  // In a pull request's job GITHUB_SHA is the merge that GitHub made; what is checked out is what was tested.
  const commit = text('HIL_COMMIT') ?? ownCommit ?? text('GITHUB_SHA', 'CI_COMMIT_SHA', 'GIT_COMMIT');
  const known = commit !== null && commit === ownCommit;
  const changed = await git('status', '--porcelain', '--untracked-files=no');
  return {
    commit: commit !== null && /^[0-9a-f]{7,64}$/.test(commit) ? commit : null,
    committedAt: known && committedAt !== undefined ? new Date(committedAt).toISOString() : null,
    subject: known && subject !== undefined ? subject.slice(0, MAX_SUBJECT) : null,
    branch: (text('HIL_BRANCH', 'GITHUB_HEAD_REF', 'GITHUB_REF_NAME', 'CI_COMMIT_REF_NAME', 'BRANCH_NAME') ?? branchOf(await git('rev-parse', '--abbrev-ref', 'HEAD')))?.slice(0, MAX_SUBJECT) ?? null,
    dirty: changed !== null && changed !== '',
    pullRequest: pullRequestOf(text('HIL_PULL_REQUEST', 'CI_MERGE_REQUEST_IID', 'CHANGE_ID') ?? /^refs\/pull\/(\d+)\//.exec(env['GITHUB_REF'] ?? '')?.[1] ?? null),
    jobUrl: jobUrlOf(env),
    bench: (text('HIL_BENCH') ?? hostname()).slice(0, MAX_SUBJECT),
  };
}

const branchOf = (name: string | null): string | null => (name === 'HEAD' ? null : name);

function pullRequestOf(text: string | null): number | null {
  const number = Number(text);
  return text !== null && Number.isSafeInteger(number) && number > 0 ? number : null;
}

function jobUrlOf(env: NodeJS.ProcessEnv): string | null {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  const url = server !== undefined && repository !== undefined && run !== undefined ? `${server}/${repository}/actions/runs/${run}` : env['CI_JOB_URL'] ?? env['BUILD_URL'];
  return url !== undefined && /^https?:\/\//.test(url) ? url.slice(0, 500) : null;
}
