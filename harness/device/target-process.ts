import { execa } from 'execa';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { HilError } from '../errors.ts';
import type { TargetEnd } from './device.ts';
import { processKeeper } from './keeper.ts';
import type { Keeper } from './keeper.ts';
import { groupIsAlive, signalGroup } from './process-identity.ts';

/** How long a target may take to obey SIGTERM, milliseconds. */
export const TERM_GRACE_MS = 1000;
/** How long the system may take to remove a group after SIGKILL, milliseconds. */
const KILL_GRACE_MS = 5000;
const POLL_MS = 10;
const TEXT_LIMIT = 8192;
const LINE_LIMIT = 2000;

export interface TargetProcessOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** True: stdin and stdout are the link; false: stdout is text, as stderr is. */
  readonly linkOnStdio: boolean;
  /** Drops lines known to be harmless. */
  readonly isNoise?: (line: string) => boolean;
  readonly isLockup?: (text: string) => boolean;
  readonly onText?: ((line: string) => void) | undefined;
  readonly keeper?: Keeper;
}

export interface TargetProcess {
  readonly pid: number;
  /** Present with linkOnStdio. */
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  /** Settles when the started process has exited and nothing of its group is left. */
  readonly ended: Promise<TargetEnd>;
  /** SIGTERM, then SIGKILL, to the whole group; resolves when it is gone. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts a program in a process group of its own, watched by the keeper.
 * @throws HilError 'bench' device.cannot-start where the system cannot run the file
 */
export async function startTargetProcess(options: TargetProcessOptions): Promise<TargetProcess> {
  const { linkOnStdio } = options;
  const expected = (options.keeper ?? processKeeper).expect();
  const child = execa(options.file, [...options.args], {
    cwd: options.cwd, env: { ...options.env, ...expected.environment }, detached: true, cleanup: false, reject: false, buffer: false,
    stdin: linkOnStdio ? 'pipe' : 'ignore', stdout: 'pipe', stderr: 'pipe', encoding: 'buffer',
  });
  const exited = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) => {
    child.nodeChildProcess.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const { pid } = child;
  if (pid === undefined) {
    const { originalMessage, cause } = await child;
    throw new HilError('bench', 'device.cannot-start', `cannot start ${options.file}: ${originalMessage ?? 'unknown reason'}`, { cause });
  }
  const unwatch = expected.watch(pid);
  const text = collectText(options, linkOnStdio ? [child.stderr] : [child.stdout, child.stderr]);
  const ended = exited.then(async ({ exitCode, signal }): Promise<TargetEnd> => {
    // Whatever the program leaves in its group (a grandchild that holds the pipes) goes with it.
    await endGroup(pid, 0).catch(() => undefined); // stop() is the one to complain
    await text.finish();
    unwatch();
    const all = text.read();
    return { exitCode, signal, text: all, lockup: options.isLockup?.(all) ?? false };
  });
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    await endGroup(pid, TERM_GRACE_MS);
    await ended;
  };
  return {
    pid, ended,
    stdin: linkOnStdio ? (child.stdin as Writable | null) : null,
    stdout: linkOnStdio ? (child.stdout as Readable | null) : null,
    stop: () => (stopping ??= stop()),
  };
}

/** Ends a process group. @throws HilError 'bench' where it outlives even SIGKILL (a process stuck in the kernel) */
async function endGroup(group: number, graceMs: number): Promise<void> {
  if (graceMs > 0) {
    signalGroup(group, 'SIGTERM');
    if (await goneWithin(group, graceMs)) return;
  }
  if (!groupIsAlive(group)) return;
  signalGroup(group, 'SIGKILL');
  if (await goneWithin(group, KILL_GRACE_MS)) return;
  throw new HilError('bench', 'device.unkillable', `process group ${group} is still there ${KILL_GRACE_MS} ms after SIGKILL`);
}

async function goneWithin(group: number, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (groupIsAlive(group)) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

interface TextCollector {
  read(): string;
  finish(): Promise<void>;
}

/** Lines of the program's own output: the last TEXT_LIMIT characters are kept, each line is passed on. */
function collectText(options: TargetProcessOptions, sources: readonly (Readable | null | undefined)[]): TextCollector {
  let kept = '';
  const take = (line: string): void => {
    if (options.isNoise?.(line) === true) return;
    kept = `${kept}${line}\n`.slice(-TEXT_LIMIT);
    options.onText?.(line);
  };
  const streams = sources.filter((source) => source !== null && source !== undefined);
  const closed = streams.map((stream) => new Promise<void>((resolve) => {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      const lines = `${rest}${chunk}`.split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) take(line.slice(0, LINE_LIMIT));
      // Babble without a line end must not grow without bound.
      if (rest.length > LINE_LIMIT) {
        take(rest.slice(0, LINE_LIMIT));
        rest = '';
      }
    });
    stream.on('error', () => undefined);
    stream.once('close', () => {
      if (rest !== '') take(rest);
      resolve();
    });
  }));
  return {
    read: () => kept,
    async finish() {
      // A process that left the group (setsid) may still hold the pipe: do not wait for it for ever.
      await Promise.race([Promise.all(closed), sleep(200)]);
      for (const stream of streams) stream.destroy();
    },
  };
}
