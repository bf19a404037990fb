import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const firmware = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'firmware');

/** A reason to skip, where this machine can't compile for itself. */
export async function noCompiler(): Promise<string | false> {
  try {
    await execa('gcc', ['--version']);
    return false;
  } catch {
    return 'gcc is not installed';
  }
}

/** Compiles the real C agent with its fixture network for this machine. @returns the program's path */
export async function buildNativeAgent(dir: string): Promise<string> {
  const boardDir = join(firmware, 'boards', 'host');
  const board = JSON.parse(readFileSync(join(boardDir, 'board.json'), 'utf8')) as {
    readonly sources: readonly string[];
    readonly includeDirs: readonly string[];
    readonly cpuFlags: readonly string[];
    readonly ldFlags: readonly string[];
    readonly defines: Readonly<Record<string, string>>;
  };
  const agent = readdirSync(join(firmware, 'agent')).filter((name) => name.endsWith('.c')).sort();
  const program = join(dir, 'agent');
  await execa('gcc', [
    '-std=gnu11', '-O1', ...board.cpuFlags, ...board.includeDirs.map((d) => `-I${resolve(boardDir, d)}`),
    ...Object.entries(board.defines).map(([name, value]) => `-D${name}=${value}`),
    ...board.sources.map((s) => resolve(boardDir, s)), ...agent.map((s) => join(firmware, 'agent', s)),
    ...['dummy_network.c', 'dummy_table.c'].map((s) => join(firmware, 'agent', 'fixtures', s)),
    ...board.ldFlags, '-o', program,
  ]);
  return program;
}

/** Starts a compiled agent; ends with its pipes, or by ending the child. */
export function startNativeAgent(program: string): ChildProcess {
  return spawn(program, [], { stdio: ['pipe', 'pipe', 'ignore'] });
}
