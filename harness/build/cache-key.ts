import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HilError } from '../errors.ts';
import type { NetworkPackage } from '../runtimes/manifest.ts';
import { relabel, relabelText } from './roots.ts';
import type { Root } from './roots.ts';
import type { BuildPlan } from './plan.ts';
import { fileSha256 } from './toolchain.ts';
import type { Toolchain } from './toolchain.ts';

/** Part of every key: raise it when the meaning of an entry or the way of building changes. */
export const CACHE_FORMAT = 'hil-image/2';
const MAX_FILES = 20_000;

/**
 * First key of an image: everything known before compiling. The second one (see dependencyKey) adds the files that
 * only the compiler and linker know of: system headers, libraries, start-up code.
 * @throws HilError 'config' for a source that cannot be read
 */
export async function sourceKey(plan: BuildPlan, toolchain: Toolchain, packages: readonly NetworkPackage[], table: string): Promise<string> {
  const folders = await Promise.all(plan.inputDirs.map((dir) => listFiles(dir.path, dir.recursive)));
  const files = [...new Set([...plan.inputFiles, ...folders.flat()])];
  const listed = (await Promise.all(plan.listedDirs.map((dir) => listFiles(dir, true)))).flat().map((path) => relabel(path, plan.roots)).sort();
  if (files.length > MAX_FILES) throw new HilError('config', 'build.too-many-files', `${files.length} files in the include folders; the limit is ${MAX_FILES}`);
  return digest([
    CACHE_FORMAT, toolchain.fingerprint, table,
    packages.map(({ manifest }) => [manifest.name, manifest.symbol, manifest.generator.name, manifest.generator.version, manifest.model.sha256]),
    plan.units.map((unit) => [unit.label, unit.args.map((arg) => relabelText(arg, plan.roots))]),
    plan.prebuilt.map((path) => relabel(path, plan.roots)), plan.linkArgs.map((arg) => relabelText(arg, plan.roots)), plan.cxx,
    await hashFiles(files, plan.roots), listed,
  ]);
}

/** Final key: the first key and the content of what compiler and linker read besides. @returns null where a file is gone */
export async function dependencyKey(first: string, files: readonly string[], roots: readonly Root[]): Promise<string | null> {
  try {
    return digest([first, await hashFiles(files, roots)]);
  } catch {
    return null;
  }
}

async function hashFiles(files: readonly string[], roots: readonly Root[]): Promise<[string, string][]> {
  const hashed = await Promise.all(files.map(async (file): Promise<[string, string]> => {
    try {
      return [relabel(file, roots), await fileSha256(file)];
    } catch (cause) {
      throw new HilError('config', 'build.missing-file', `cannot read ${file}`, { cause, facts: { path: file } });
    }
  }));
  return hashed.sort(([a], [b]) => (a < b ? -1 : 1));
}

async function listFiles(dir: string, recursive: boolean): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []); // a folder that is not there holds no headers
  const found = await Promise.all(entries.map(async (entry): Promise<string[]> => {
    if (entry.name.startsWith('.')) return [];
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return recursive ? listFiles(path, true) : [];
    const isFile = entry.isFile() || (entry.isSymbolicLink() && (await stat(path).then((info) => info.isFile(), () => false)));
    return isFile ? [path] : [];
  }));
  return found.flat();
}

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
