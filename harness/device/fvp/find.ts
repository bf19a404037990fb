import { realpathSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';
import { findTool } from '../find-tool.ts';
import type { FoundTool } from '../find-tool.ts';

export const HOW_TO_GET_FVP = 'Download the Corstone FVP from the page "Arm Ecosystem FVPs" of developer.arm.com, unpack it, run its installer, '
  + 'e.g. ./FVP_Corstone_SSE-300.sh --i-agree-to-the-contained-eula --no-interactive -d DIR (the flag accepts Arm\'s licence), and set HIL_FVP to DIR or to the program.';

/** Where an FVP was found; or, in words, why none was. */
export type FvpSearch = { readonly tool: FoundTool } | { readonly missing: string };

/** Folders below which installers and images of Arm put models, and the names they have there. */
const USUAL_PLACES: readonly (readonly [base: string, name: RegExp])[] = [
  ['~', /^(FVP|VHT|fvp|AVH)/], ['/opt', /^(FVP|VHT|fvp|AVH|arm$)/], ['/opt/arm', /^(FVP|VHT|fvp|AVH)/], ['/usr/local', /^(FVP|VHT)/],
];
/** Enough for any machine; a folder with more is no install folder. */
const MOST_FOLDERS = 200;

/**
 * Looks for an FVP: HIL_FVP (a program or an install folder) alone decides where it is set; else PATH, else the usual
 * install folders. Installers put programs into DIR/models/Linux64_GCC-*, or Linux64_armv8l_GCC-* for Arm hosts.
 * @param names of the program, best first
 */
export async function findFvp(names: readonly string[], env: NodeJS.ProcessEnv, arch: string = process.arch): Promise<FvpSearch> {
  const given = env['HIL_FVP'];
  if (given) return await isFolder(given) ? inFolders([given], names, arch, `in the folder of HIL_FVP (${given})`) : named(given, names, env);
  const onPath = await findTool('', names, env);
  if (onPath !== null) return { tool: onPath };
  return inFolders(await usualFolders(env), names, arch, 'on PATH or in the usual install folders');
}

/** One program for all devices would run one of them on another's model: an FVP's own name must be one of the device's. */
async function named(given: string, names: readonly string[], env: NodeJS.ProcessEnv): Promise<FvpSearch> {
  const tool = await findTool('HIL_FVP', [], env);
  if (tool === null) return { missing: `HIL_FVP names ${given}, which is neither a program nor a folder` };
  const own = [tool.path, tool.realPath].map((path) => basename(path));
  if (own.some((name) => /^(FVP|VHT)_/.test(name)) && !own.some((name) => names.includes(name))) {
    return { missing: `HIL_FVP names ${given}, which is none of ${names.join(', ')} (it may also name the install folder)` };
  }
  return { tool };
}

async function inFolders(roots: readonly string[], names: readonly string[], arch: string, where: string): Promise<FvpSearch> {
  const folders = (await Promise.all(roots.map((root) => programFolders(root, arch)))).flat();
  // Name before place: the best program there is, wherever it lies.
  const tool = folders.length === 0 ? null : await findTool('', names, { PATH: folders.filter((folder) => !folder.includes(delimiter)).join(delimiter) });
  return tool !== null ? { tool } : { missing: `none of ${names.join(', ')} is ${where}` };
}

/** An install folder itself, its models/<platform>, and those of install folders in it; newest compiler first. */
async function programFolders(root: string, arch: string): Promise<string[]> {
  const inside = await subfolders(root);
  const platforms = (await Promise.all([root, ...inside].map((folder) => subfolders(join(folder, 'models'))))).flat();
  const fitting = platforms.filter((folder) => basename(folder).includes('armv8l') === (arch === 'arm64'));
  const newestFirst = fitting.sort((a, b) => basename(b).localeCompare(basename(a), 'en', { numeric: true }));
  return [root, join(root, 'bin'), ...newestFirst].filter(isAbsolute);
}

async function usualFolders(env: NodeJS.ProcessEnv): Promise<string[]> {
  const found = await Promise.all(USUAL_PLACES.map(async ([base, name]) => {
    const folder = base === '~' ? env['HOME'] : base;
    return folder ? (await subfolders(folder)).filter((each) => name.test(basename(each))) : [];
  }));
  return found.flat();
}

async function subfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).slice(0, MOST_FOLDERS).map((entry) => join(folder, entry.name)).sort();
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then((found) => found.isDirectory(), () => false);
}

/**
 * What a model needs in its environment: from 11.27 on, and all of the SSE-320, want the Python and the fmt library that
 * come with them (their scripts/runtime.sh sets the same). Empty where the install has none.
 */
export async function libraryPaths(tool: FoundTool, env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  let folder = dirname(tool.realPath);
  for (let up = 0; up < 3; up++, folder = dirname(folder)) {
    if (!await isFolder(join(folder, 'python', 'lib'))) continue;
    const python = realpathSync(join(folder, 'python'));
    const libraries = [join(folder, 'fmtplib'), join(python, 'lib'), ...(env['LD_LIBRARY_PATH'] ? [env['LD_LIBRARY_PATH']] : [])];
    return { PYTHONHOME: python, LD_LIBRARY_PATH: libraries.join(':') };
  }
  return {};
}
