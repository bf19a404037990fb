import { spawn } from 'node:child_process';
import { countingParser, emptyCounts } from './count.ts';
import type { Counts } from './count.ts';

export interface FileResult {
  readonly counts: Counts;
  /** Why the file counts as failed beyond its test points, or null. */
  readonly problem: string | null;
  /** The end of what it wrote on stderr. */
  readonly stderr: string;
  readonly milliseconds: number;
}

export interface RunFileOptions {
  readonly node: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const STDERR_KEPT = 16_384;
const GRACE_MS = 3_000;

/**
 * Runs one test file in a process group of its own, so that a test which hangs can be ended together with the emulators and
 * other processes it started.
 */
export async function runTestFile(file: string, options: RunFileOptions): Promise<FileResult> {
  const started = performance.now();
  const counts = emptyCounts();
  const parser = countingParser(counts);
  // tap has a timeout of its own for the whole file, 30 s unless told otherwise.
  const env = { ...options.env, TAP_TIMEOUT: String(options.timeoutMs / 1000) };
  const child = spawn(options.node, [file], { cwd: options.cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr = (stderr + text).slice(-STDERR_KEPT); });
  child.stdout.pipe(parser);
  let timedOut = false;
  const endGroup = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // The group is gone.
    }
  };
  const stop = (): void => {
    endGroup('SIGTERM');
    setTimeout(() => endGroup('SIGKILL'), GRACE_MS).unref();
  };
  // tap needs a moment to report its own timeout, with the name of the test that hangs.
  const timer = setTimeout(() => { timedOut = true; stop(); }, options.timeoutMs + GRACE_MS);
  options.signal.addEventListener('abort', stop, { once: true });
  const end = await new Promise<{ code: number | null; signal: string | null; error: Error | null }>((resolve) => {
    child.on('error', (error) => resolve({ code: null, signal: null, error }));
    child.on('close', (code, signal) => resolve({ code, signal, error: null }));
  });
  clearTimeout(timer);
  options.signal.removeEventListener('abort', stop);
  // What a test leaves running would disturb the next one.
  endGroup('SIGKILL');
  parser.end();
  const problem = describeProblem(end, counts, timedOut, options.timeoutMs);
  return { counts, problem, stderr, milliseconds: performance.now() - started };
}

/** A file that died has failed even where each point it got to was right; one that tested nothing has not passed. */
function describeProblem(end: { code: number | null; signal: string | null; error: Error | null }, counts: Counts, timedOut: boolean, timeoutMs: number): string | null {
  if (end.error !== null) return `could not start: ${end.error.message}`;
  if (timedOut) return `no end within ${timeoutMs / 1000} s`;
  if (end.signal !== null) return `ended by ${end.signal}`;
  if (end.code !== 0 && counts.failed === 0) return `exit code ${end.code}`;
  if (counts.passed + counts.failed + counts.skipped === 0) return 'contains no test';
  return null;
}
