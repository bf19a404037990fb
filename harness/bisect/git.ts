import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { HilError } from '../errors.ts';
import type { Candidate } from './candidate.ts';

const GIT_MS = 60_000;
/** A checkout may be large, or fetch large files through a filter. */
const CHECKOUT_MS = 600_000;
const MAX_COMMITS = 100_000;
/** Hooks and watchers of the repository must not run here, whoever wrote them. */
const QUIET = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'advice.detachedHead=false'];
/** Set where a hook started hil; they would point into that repository's state. */
const LEFT_OUT = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_PREFIX'];

/** The repository that a folder is in. */
export class Repository {
  /** Top folder of the checkout, without links. */
  readonly root: string;
  readonly #signal: AbortSignal;

  private constructor(root: string, signal: AbortSignal) {
    [this.root, this.#signal] = [root, signal];
  }

  /** @throws HilError 'config' bisect.no-repository; 'bench' where git is missing */
  static async of(folder: string, signal: AbortSignal): Promise<Repository> {
    const { exitCode, stdout, stderr } = await git(folder, ['rev-parse', '--show-toplevel'], GIT_MS, signal);
    if (exitCode !== 0) throw new HilError('config', 'bisect.no-repository', `${folder} is in no git repository: ${stderr.slice(0, 300)}`, { hint: 'Give the folder of a suite inside of a checkout with --suite.' });
    return new Repository(await realpath(stdout.trim()), signal);
  }

  /** Full id of what a name means. @throws HilError 'config' bisect.no-commit */
  async commit(name: string): Promise<string> {
    const { exitCode, stdout } = await this.#git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
    if (exitCode !== 0) throw new HilError('config', 'bisect.no-commit', `${JSON.stringify(name)} is no commit of ${this.root}`, { hint: 'A shallow clone has only the newest: git fetch --unshallow.' });
    return stdout.trim();
  }

  /**
   * The commits from good to bad along the first parents of bad, oldest first, both included.
   * @throws HilError 'config' bisect.order where good is no ancestor of bad
   */
  async between(good: string, bad: string): Promise<Candidate[]> {
    if ((await this.#git(['merge-base', '--is-ancestor', good, bad])).exitCode !== 0) {
      throw new HilError('config', 'bisect.order', `the good commit ${good.slice(0, 12)} is no ancestor of the bad one, ${bad.slice(0, 12)}`, { hint: 'Name a good commit that the bad one came from.' });
    }
    const line = await this.#log(['--first-parent', '--reverse', `--max-count=${MAX_COMMITS + 1}`, `${good}..${bad}`]);
    if (line.length > MAX_COMMITS) throw new HilError('config', 'bisect.too-many', `more than ${MAX_COMMITS} commits are between good and bad`, { hint: 'Name ends that are closer.' });
    return [...await this.#log(['-1', good]), ...line];
  }

  async #log(which: readonly string[]): Promise<Candidate[]> {
    const { stdout } = await this.#must(['log', '--format=%H%x00%aI%x00%s', ...which, '--']);
    return stdout.split('\n').filter((line) => line !== '').map((line): Candidate => {
      const [id = '', at = '', subject = ''] = line.split('\0');
      return { kind: 'commit', id, commit: id, subject: subject.slice(0, 200), at };
    });
  }

  /** True where files that git knows differ from the commit. */
  async dirty(): Promise<boolean> {
    return (await this.#git(['status', '--porcelain', '--untracked-files=no'])).stdout.trim() !== '';
  }

  /** Makes a checkout of its own in a folder that is not there yet, with nothing in it. Its entry among the worktrees goes with remove(). */
  async addWorktree(folder: string): Promise<Worktree> {
    await this.#dropLost();
    // Also after Ctrl-C, so without the signal.
    const remove = async (): Promise<void> => { await git(this.root, ['worktree', 'remove', '--force', '--force', folder], CHECKOUT_MS, null); };
    try {
      await this.#must(['worktree', 'add', '--quiet', '--detach', '--no-checkout', folder, 'HEAD'], CHECKOUT_MS);
    } catch (error) {
      await remove();
      throw error;
    }
    return {
      folder, remove,
      checkout: async (commit) => {
        await this.#must(['checkout', '--quiet', '--force', '--detach', commit], CHECKOUT_MS, folder);
        // What a commit ignores the next one may take for its own.
        await this.#must(['clean', '--quiet', '-ffdx'], CHECKOUT_MS, folder);
      },
    };
  }

  /** Entries of checkouts whose hil was killed: their folders are gone, or go with the next work folder. */
  async #dropLost(): Promise<void> {
    const { stdout } = await this.#git(['worktree', 'list', '--porcelain']);
    for (const block of stdout.split('\n\n')) {
      const folder = /^worktree (.*)$/m.exec(block)?.[1];
      if (folder !== undefined && path.basename(folder) === WORKTREE_NAME && /^prunable/m.test(block)) await this.#git(['worktree', 'remove', '--force', '--force', folder]);
    }
  }

  #git(args: readonly string[]): Promise<GitResult> {
    return git(this.root, args, GIT_MS, this.#signal);
  }

  async #must(args: readonly string[], timeoutMs = GIT_MS, cwd = this.root): Promise<GitResult> {
    const result = await git(cwd, args, timeoutMs, this.#signal);
    if (result.exitCode === 0) return result;
    throw new HilError('bench', 'bisect.git', `git ${args[0]} in ${cwd} failed: ${result.stderr.slice(-500)}`, { hint: 'Run it by hand to see more.' });
  }
}

/** Last name of the folder of every checkout, so that those of killed runs are known again. */
export const WORKTREE_NAME = 'hil-bisect-checkout';

export interface Worktree {
  readonly folder: string;
  /** @throws HilError 'bench' bisect.git | 'cancelled' */
  checkout(commit: string): Promise<void>;
  remove(): Promise<void>;
}

interface GitResult { readonly exitCode: number | undefined; readonly stdout: string; readonly stderr: string }

/** @throws HilError 'bench' where git is missing or does not end; 'cancelled' */
async function git(cwd: string, args: readonly string[], timeoutMs: number, signal: AbortSignal | null): Promise<GitResult> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !LEFT_OUT.includes(name)));
  const result = await execa('git', [...QUIET, ...args], { cwd, env: { ...env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' }, extendEnv: false, stdin: 'ignore', reject: false, timeout: timeoutMs, maxBuffer: 64 << 20, ...(signal === null ? {} : { cancelSignal: signal }) });
  if (signal?.aborted === true) throw signal.reason;
  if (result.timedOut) throw new HilError('bench', 'bisect.git', `git ${args[0]} in ${cwd} did not end within ${timeoutMs / 1000} s`);
  if (result.exitCode === undefined) throw new HilError('bench', 'bisect.no-git', `git cannot be started: ${result.shortMessage ?? ''}`, { hint: 'Install git.' });
  return { exitCode: result.exitCode, stdout: String(result.stdout), stderr: String(result.stderr) };
}
