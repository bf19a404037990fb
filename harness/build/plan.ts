import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { HilError } from '../errors.ts';
import type { NetworkPackage } from '../runtimes/manifest.ts';
import type { BoardSpec } from './board.ts';
import { prefixMaps, relabel } from './roots.ts';
import type { Root } from './roots.ts';

export interface BuildOptions {
  /** Default '-O2'. */
  readonly optimise?: string;
  /** Debug information (costs nothing on the target). Default true. */
  readonly debug?: boolean;
  /** Further flags for every C file. */
  readonly flags?: readonly string[];
}

/** One file to compile. */
export interface Unit {
  readonly source: string;
  /** Name for people and the key: the path below its root. */
  readonly label: string;
  readonly object: string;
  readonly args: readonly string[];
  readonly ofNetwork: boolean;
  /** It contains HIL_BUILD_ID_HEX and is therefore compiled last, when the id is known. */
  readonly usesBuildId: boolean;
}

export interface BuildPlan {
  readonly roots: readonly Root[];
  readonly units: readonly Unit[];
  /** Objects and libraries that come with the networks. Absolute. */
  readonly prebuilt: readonly string[];
  /** After the objects. */
  readonly linkArgs: readonly string[];
  readonly cxx: boolean;
  /** Folders of which every file is an ingredient (a new header may hide another). */
  readonly inputDirs: readonly { readonly path: string; readonly recursive: boolean }[];
  readonly inputFiles: readonly string[];
  /** Include folders given by plain flags (a vendor's, perhaps large): their file names are an ingredient; content is, where it is read. */
  readonly listedDirs: readonly string[];
}

export const TABLE_FILE = 'hil_networks.c';
const BUILD_LABEL = 'build';
/** Beside each object a .ci file with the calls and the frame of every function; no effect on the code. */
export const CALL_GRAPH = '-fcallgraph-info=su';
const ALWAYS = ['-std=c99', '-Wall', '-Wextra', '-ffunction-sections', '-fdata-sections', '-fdiagnostics-color=never', '-fmax-errors=20', '-gno-record-gcc-switches'];

/**
 * What is to be compiled and linked, with which arguments.
 * @param buildDir private folder for objects and the network table; it leaves no trace in the image
 * @throws HilError 'config' for a path that leaves its package
 */
export async function planBuild(packages: readonly NetworkPackage[], board: BoardSpec, firmware: string, options: BuildOptions, buildDir: string): Promise<BuildPlan> {
  const agent = join(firmware, 'agent');
  const roots: Root[] = [{ path: firmware, label: 'firmware' }, { path: buildDir, label: BUILD_LABEL }];
  if (relative(firmware, board.root).startsWith('..')) roots.push({ path: board.root, label: `board/${board.id}` });
  for (const { manifest, root } of packages) roots.push({ path: root, label: `network/${manifest.name}` });

  const isArm = board.toolchain === 'arm-none-eabi-gcc';
  const machine = [...board.cpuFlags, ...(isArm || board.cpuFlags.includes('-fno-pie') ? [] : ['-fno-pie'])];
  const common = [...machine, options.optimise ?? '-O2', ...(options.debug === false ? [] : ['-g']), ...ALWAYS];
  const tail = [...(options.flags ?? []), ...prefixMaps(roots)];
  const boardIncludes = [agent, board.root, ...board.includeDirs.map((dir) => resolve(board.root, dir))];
  const own = [...common, ...boardIncludes.map((dir) => `-I${dir}`), ...defines(board.defines), ...tail];

  const units: Unit[] = [];
  const add = (source: string, args: readonly string[], ofNetwork: boolean, text = ''): void => {
    const object = join(buildDir, `${String(units.length).padStart(3, '0')}-${basename(source, extname(source)).replace(/[^A-Za-z0-9_]/g, '_')}.o`);
    const label = relabel(source, roots);
    units.push({ source, label, object, args: [...languageArgs(source, args), `-frandom-seed=${label}`], ofNetwork, usesBuildId: text.includes('HIL_BUILD_ID_HEX') });
  };
  const ownSources = [...(await cFiles(agent)), ...board.sources.map((source) => resolve(board.root, source))];
  for (const source of ownSources) add(source, own, false, await readFile(source, 'utf8').catch(missing(source)));
  add(join(buildDir, TABLE_FILE), own, false);

  // The agent's folder holds fixtures and tests below it, which are no part of an image.
  const inputDirs = [{ path: agent, recursive: false }, ...boardIncludes.filter((path) => path !== agent).map((path) => ({ path, recursive: true }))];
  const prebuilt: string[] = [];
  for (const { manifest, root } of packages) {
    const { build } = manifest;
    const inside = (path: string): string => insidePackage(root, path, manifest.name);
    const includes = build.includeDirs.map(inside);
    const args = [...common, ...includes.map((dir) => `-I${dir}`), `-I${agent}`, ...defines(board.defines), ...defines(build.defines), ...build.flags, CALL_GRAPH, ...tail];
    for (const source of build.sources) add(inside(source), args, true);
    prebuilt.push(...build.objects.map(inside), ...build.libraries.map(inside));
    inputDirs.push(...includes.map((path) => ({ path, recursive: true })));
  }

  const script = board.linkerScript === null ? null : resolve(board.root, board.linkerScript);
  const linkArgs = [
    ...machine.filter((flag) => flag !== '-fno-pie'), ...(isArm ? ['--specs=nano.specs', '--specs=nosys.specs'] : ['-no-pie']),
    '-Wl,--gc-sections', '-Wl,--build-id=none', ...(script === null ? [] : [`-L${dirname(script)}`, '-T', script]), ...board.ldFlags, '-lm',
  ];
  const inputFiles = [...units.map((unit) => unit.source).filter((source) => dirname(source) !== buildDir), ...prebuilt, ...(script === null ? [] : [script])];
  const listedDirs = includeFlags([...board.cpuFlags, ...(options.flags ?? []), ...packages.flatMap((each) => each.manifest.build.flags)], buildDir);
  return { listedDirs, roots, units, prebuilt, linkArgs, cxx: packages.some((each) => each.manifest.build.link === 'c++'), inputDirs, inputFiles };
}

/** Folders in -I and its like. Relative ones are seen from the build folder, as the compiler does. */
function includeFlags(flags: readonly string[], cwd: string): string[] {
  return flags.flatMap((flag, index) => {
    const match = /^-(?:I|isystem|iquote|idirafter)(.*)$/.exec(flag);
    const dir = match?.[1] || (match === null ? undefined : flags[index + 1]);
    return dir === undefined ? [] : [resolve(cwd, dir)];
  });
}

const defines = (map: Readonly<Record<string, string>>): string[] => Object.entries(map).map(([name, value]) => {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new HilError('config', 'build.bad-define', `not a C identifier: ${JSON.stringify(name)}`);
  return `-D${name}=${value}`;
});

/** The C standard given for every file does not fit C++ and assembler. */
function languageArgs(source: string, args: readonly string[]): readonly string[] {
  const extension = extname(source);
  if (extension === '.c') return args;
  const rest = args.filter((arg) => arg !== '-std=c99');
  return /^\.(cc|cpp|cxx|C)$/.test(extension) ? ['-std=c++17', '-fno-exceptions', '-fno-rtti', ...rest] : rest;
}

async function cFiles(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch(missing(dir));
  return names.filter((name) => name.endsWith('.c')).sort().map((name) => join(dir, name));
}

function insidePackage(root: string, path: string, name: string): string {
  const full = resolve(root, path);
  const below = relative(root, full);
  if (isAbsolute(path) || below.startsWith('..') || isAbsolute(below)) {
    throw new HilError('config', 'build.path-outside', `network ${name}: path ${path} leaves the package`, { facts: { network: name, path } });
  }
  return full;
}

function missing(path: string): (cause: unknown) => never {
  return (cause) => {
    throw new HilError('config', 'build.missing-file', `cannot read ${path}`, { cause, facts: { path } });
  };
}
