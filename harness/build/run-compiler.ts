import { execa } from 'execa';
import { processKeeper } from '../device/keeper.ts';
import { HilError } from '../errors.ts';
import { bounded, isToolFailure, missingLibrary, orderDiagnostics } from './diagnostics.ts';
import { relabelText, withoutBuildFolder } from './roots.ts';
import type { Root } from './roots.ts';
import { compilerEnv, howToGet } from './toolchain.ts';
import type { Toolchain } from './toolchain.ts';

/** Longest time for one file or one link. */
const COMPILE_MS = 300_000;
const OUTPUT_LIMIT = 1_000_000;

export interface CompilerRun {
  readonly toolchain: Toolchain;
  readonly program: string;
  readonly args: readonly string[];
  /** What is compiled or linked, for messages. */
  readonly what: string;
  readonly step: 'compile' | 'link';
  readonly cwd: string;
  readonly roots: readonly Root[];
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/**
 * Runs the compiler once.
 * @returns its warnings, with paths relative to package and firmware
 * @throws HilError 'build' build.compile or build.link where the program is wrong; 'bench' where the compiler is missing,
 *   crashed, was killed, took too long or lacks its C library; 'cancelled' on abort
 */
export async function runCompiler(run: CompilerRun): Promise<string> {
  const { toolchain, what, step } = run;
  const expected = processKeeper.expect();
  const running = execa(run.program, [...run.args], {
    cwd: run.cwd, env: { ...compilerEnv(run.env, run.cwd), ...expected.environment }, extendEnv: false, stdin: 'ignore', reject: false, all: true,
    timeout: COMPILE_MS, killDescendants: true, cancelSignal: run.signal, maxBuffer: OUTPUT_LIMIT,
  });
  // killDescendants gives the compiler a process group of its own; the keeper ends it should this process be killed.
  const unwatch = running.pid === undefined ? () => undefined : expected.watch(running.pid);
  const result = await running;
  unwatch();
  const output = withoutBuildFolder(relabelText(result.all ?? '', run.roots));
  if (!result.failed) return output;
  if (result.isCanceled || run.signal.aborted) throw new HilError('cancelled', 'build.cancelled', `cancelled while building ${what}`);
  const facts = { what, step, compiler: toolchain.version, exitCode: result.exitCode ?? null, signal: result.signal ?? null };
  const bench = (code: string, message: string, hint: string): HilError => new HilError('bench', code, message, { hint, facts, cause: result.cause });
  const { code } = result;
  if (code === 'ENOENT' || code === 'EACCES') throw bench('build.no-compiler', `cannot start ${run.program}`, howToGet(toolchain.name));
  if (result.timedOut) throw bench('build.timeout', `${step} of ${what} took longer than ${COMPILE_MS} ms`, 'Is the computer overloaded?');
  if (result.signal !== undefined && !result.isMaxBuffer) {
    throw bench('build.compiler-crashed', `the compiler was killed by ${result.signal} in ${what}`, 'Is there enough memory? Run it again.');
  }
  if (isToolFailure(output)) {
    throw bench('build.compiler-crashed', `the compiler failed in ${what}: ${bounded(output, 1500)}`, 'Check memory and disk space; else report it to the makers of the compiler.');
  }
  const lacking = missingLibrary(output);
  if (lacking !== null && !(await hasLibrary(run))) {
    throw bench('build.no-libc', `the C library of ${toolchain.name} is not installed (no ${lacking})`, howToGet(toolchain.name));
  }
  const { text, errors } = orderDiagnostics(output);
  throw new HilError('build', step === 'compile' ? 'build.compile' : 'build.link', `${what} does not ${step}: ${text || result.shortMessage}`, {
    hint: step === 'compile' ? 'Correct the C source, or its generator.' : 'A symbol is missing or there twice, or the image is too big for the board.',
    facts: { ...facts, errors },
  });
}

/** Tells a program that misses a header of its own from a toolchain without a C library. */
async function hasLibrary(run: CompilerRun): Promise<boolean> {
  const ask = async (args: string[], input = ''): Promise<string | null> => {
    const result = await execa(run.toolchain.gcc, args, { input, env: compilerEnv(run.env, run.cwd), extendEnv: false, cwd: run.cwd, reject: false, timeout: 20_000 });
    return result.failed ? null : result.stdout;
  };
  const headers = await ask(['-E', '-x', 'c', '-'], '#include <stdint.h>\n#include <string.h>\n#include <stdio.h>\n');
  const library = await ask([run.toolchain.name === 'host-gcc' ? '-print-file-name=crt1.o' : '-print-file-name=nano.specs']);
  return headers !== null && library !== null && library.includes('/');
}
