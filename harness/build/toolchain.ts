import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { HilError } from '../errors.ts';
import { findTool } from '../device/find-tool.ts';
import type { ToolchainName } from './board.ts';

export interface Toolchain {
  readonly name: ToolchainName;
  /** The C driver as it is to be started. */
  readonly gcc: string;
  /** The C++ driver beside it (only some networks need one; it may not exist). */
  readonly gxx: string;
  readonly addr2line: string;
  /** First line of `--version`, for reports. */
  readonly version: string;
  /** SHA-256 over all programs of the compiler and what they say they are. */
  readonly fingerprint: string;
}

interface Recipe {
  readonly variable: string;
  readonly names: readonly string[];
  readonly packages: string;
}

/** How each toolchain is found, and got. */
export const toolchains: Readonly<Record<ToolchainName, Recipe>> = {
  'arm-none-eabi-gcc': { variable: 'HIL_ARM_GCC', names: ['arm-none-eabi-gcc'], packages: 'gcc-arm-none-eabi libnewlib-arm-none-eabi' },
  'host-gcc': { variable: 'HIL_HOST_GCC', names: ['gcc', 'cc'], packages: 'gcc libc6-dev' },
};

const ASK_MS = 20_000;
/** The programs behind the driver. A compiler update replaces cc1 and may leave the driver as it was. */
const PARTS = ['cc1', 'collect2', 'as', 'ld', 'cc1plus'];
/** Files that say how to link; the linker's map does not name them. */
const SPECS = ['nano.specs', 'nosys.specs'];

export function howToGet(name: ToolchainName): string {
  const { packages, variable } = toolchains[name];
  return `Install the packages ${packages} (Debian, Ubuntu: apt-get install ${packages}), or set ${variable} to the compiler.`;
}

/**
 * The environment compilers run in. Nothing else of ours gets through: CPATH, GCC_EXEC_PREFIX and their like would
 * change what is built without being in the cache key.
 */
export function compilerEnv(env: NodeJS.ProcessEnv, tempDir?: string): Record<string, string> {
  const clean: Record<string, string> = { LC_ALL: 'C', SOURCE_DATE_EPOCH: '0', ...(tempDir === undefined ? {} : { TMPDIR: tempDir, TEMP: tempDir, TMP: tempDir }) };
  for (const name of ['PATH', 'SystemRoot', 'PATHEXT']) if (env[name] !== undefined) clean[name] = env[name];
  return clean;
}

/**
 * Finds a compiler and takes its identity.
 * @param cxx whether C++ is compiled too (its compiler is part of the identity only then)
 * @throws HilError 'bench' build.no-compiler with the packages to install
 */
export async function findToolchain(name: ToolchainName, env: NodeJS.ProcessEnv = process.env, cxx = false): Promise<Toolchain> {
  const { variable, names } = toolchains[name];
  const found = await findTool(variable, names, env);
  if (found === null) {
    const what = env[variable] ? `${variable} names ${env[variable]}, which is no program` : `${names.join(' or ')} was not found`;
    throw new HilError('bench', 'build.no-compiler', `cannot build: ${what}`, { hint: howToGet(name), facts: { toolchain: name } });
  }
  const wanted = [...PARTS.slice(0, cxx ? 5 : 4), 'addr2line'];
  const questions = [['--version'], ...SPECS.map((file) => [`-print-file-name=${file}`]), ...wanted.map((part) => [`-print-prog-name=${part}`])];
  const [version, ...parts] = await Promise.all(questions.map((args) => ask(found.path, args, env, name)));
  const addr2line = parts.pop()!.trim();
  const programs = await Promise.all(parts.map((part) => locate(part.trim(), env)));
  const hashes = await Promise.all([found.realPath, ...programs].map((path) => (path === null ? 'none' : programSha256(path))));
  const fingerprint = createHash('sha256').update(JSON.stringify([name, found.realPath, version, hashes])).digest('hex');
  return { name, gcc: found.path, gxx: plusPlus(found.path), addr2line, version: version!.split('\n')[0]!.trim(), fingerprint };
}

/** The C++ driver that belongs to a C driver: arm-none-eabi-gcc -> arm-none-eabi-g++, gcc-12 -> g++-12. */
function plusPlus(gcc: string): string {
  const name = basename(gcc).replace(/^(.*?)(?:gcc|cc)(-[\d.]+)?$/, '$1g++$2');
  return name === basename(gcc) ? 'g++' : join(dirname(gcc), name);
}

async function locate(part: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  if (isAbsolute(part)) return realpath(part).catch(() => null);
  return (await findTool('', [part], env))?.realPath ?? null;
}

async function ask(path: string, args: string[], env: NodeJS.ProcessEnv, name: ToolchainName): Promise<string> {
  const result = await execa(path, args, { reject: false, timeout: ASK_MS, killDescendants: true, stdin: 'ignore', env: compilerEnv(env), extendEnv: false, maxBuffer: 100_000 });
  if (!result.failed) return result.stdout;
  throw new HilError('bench', 'build.no-compiler', `${path} ${args.join(' ')} does not work: ${result.stderr.slice(0, 500) || result.shortMessage}`, {
    hint: howToGet(name), facts: { toolchain: name },
  });
}

const sums = new Map<string, Promise<string>>();

/** A compiler has tens of megabytes: read once a process, unless the file changes. */
async function programSha256(path: string): Promise<string> {
  const { size, mtimeNs, ino } = await stat(path, { bigint: true });
  const key = `${path} ${size} ${mtimeNs} ${ino}`;
  let sum = sums.get(key);
  if (sum === undefined) sums.set(key, (sum = fileSha256(path)));
  return sum;
}

/** SHA-256 of a file, hex. */
export async function fileSha256(path: string): Promise<string> {
  return createHash('sha256').update(await readFile(path)).digest('hex');
}
