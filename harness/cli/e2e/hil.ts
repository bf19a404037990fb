import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Report } from '../../report/index.ts';

/** The repository, from which hil is run as a user would. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const suiteDir = path.join(root, 'suites/engine-rom');
export const engineModel = path.join(suiteDir, 'model/engine_rom_int8.tflite');

export interface HilRun {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HilOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Longest time the command may take before the test calls it hung. */
  readonly timeoutMs?: number;
}

/** Starts hil as a process of its own (Node 24, no launcher); for tests that kill it. */
export function startHil(args: readonly string[], options: HilOptions = {}) {
  return execa(process.execPath, [path.join(root, 'harness/cli/main.ts'), ...args], {
    cwd: options.cwd ?? root, // Only in a sandbox a run lands in a history, which is the sandbox's.
    env: { NO_COLOR: '1', HIL_HISTORY: 'off', ...options.env }, reject: false, stdin: 'ignore', timeout: options.timeoutMs ?? 120_000, maxBuffer: 64 << 20,
  });
}

/** Runs hil to its end. */
export async function hil(args: readonly string[], options: HilOptions = {}): Promise<HilRun> {
  const result = await startHil(args, options);
  return { code: result.exitCode, signal: result.signal, stdout: String(result.stdout), stderr: String(result.stderr) };
}

/** The report that `hil run --json` or `hil check --json` printed. */
export function reportOf(run: HilRun): Report {
  return JSON.parse(run.stdout) as Report;
}

/** A folder that is removed after the test. */
export function scratch(t: { teardown: (work: () => void) => void }): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'hil-e2e-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}
