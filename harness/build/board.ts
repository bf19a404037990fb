import { access, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HilError } from '../errors.ts';
import { builtInDevices, deviceDirs } from '../device/load-devices.ts';
import { lazyValidator } from '../json-schema.ts';
import { readRegularFile } from '../read-regular-file.ts';

/**
 * board.json of the folder <id>, schema "hil-board/1", and where it is. Paths in it are relative to its folder; those that begin with
 * "hil:" to hil's own firmware/boards ("hil:common/startup.c"), so that a board of one's own can use what is there.
 */
export interface BoardSpec {
  readonly schema: 'hil-board/1';
  readonly id: string;
  readonly core: string;
  readonly toolchain: ToolchainName;
  readonly sources: readonly string[];
  readonly includeDirs: readonly string[];
  readonly linkerScript: string | null;
  readonly cpuFlags: readonly string[];
  readonly ldFlags: readonly string[];
  readonly defines: Readonly<Record<string, string>>;
  /** What the linked image must say of itself (Tag_CPU_arch as readelf -A names it); null: not checked. */
  readonly objectsAttribute?: { readonly readelfArch: string | null };
  /** Absolute folder of the board. Not in the file. */
  readonly root: string;
}

export type ToolchainName = 'arm-none-eabi-gcc' | 'host-gcc';

/** hil's own firmware: `agent/` and `boards/`. */
export const firmwareDir = fileURLToPath(new URL('../../firmware', import.meta.url));

const FILE_LIMIT_BYTES = 64 * 1024;
const text = { type: 'string', minLength: 1, maxLength: 400 };
const texts = { type: 'array', items: text, maxItems: 200 };
const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['schema', 'id', 'core', 'toolchain', 'sources', 'includeDirs', 'linkerScript', 'cpuFlags', 'ldFlags', 'defines'],
  properties: {
    schema: { const: 'hil-board/1' }, id: { type: 'string', pattern: '^[a-z0-9][a-z0-9._-]{0,39}$' }, core: text,
    toolchain: { enum: ['arm-none-eabi-gcc', 'host-gcc'] }, description: text, sources: texts, includeDirs: texts,
    linkerScript: { anyOf: [text, { type: 'null' }] }, cpuFlags: texts, ldFlags: texts,
    defines: { type: 'object', propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }, additionalProperties: { type: 'string', maxLength: 400 } },
    objectsAttribute: { type: 'object', additionalProperties: false, required: ['readelfArch'], properties: { readelfArch: { anyOf: [text, { type: 'null' }] } } },
  },
};
const validator = lazyValidator(() => schema);

/** Where the user's own boards are: the folder `boards` beside the device files that HIL_DEVICES names. */
export function userBoardDirs(env: NodeJS.ProcessEnv = process.env): string[] {
  return deviceDirs(env).filter((dir) => dir !== builtInDevices).map((dir) => join(dir, 'boards'));
}

/**
 * A board by its name: the folder below firmware/boards, or else below one of the user's folders.
 * @throws HilError 'config' naming file and JSON path
 */
export async function loadBoard(name: string, firmware: string = firmwareDir, userDirs: readonly string[] = userBoardDirs()): Promise<BoardSpec> {
  if (!/^[a-z0-9][a-z0-9._-]{0,39}$/.test(name)) throw new HilError('config', 'build.bad-board', `not a board name: ${JSON.stringify(name)}`);
  const root = await findBoard(name, [join(firmware, 'boards'), ...userDirs]);
  const file = join(root, 'board.json');
  const bad = (what: string, cause?: unknown): never => {
    throw new HilError('config', 'build.bad-board', `${file}: ${what}`, { facts: { file }, cause });
  };
  let value: unknown;
  try {
    value = JSON.parse((await readRegularFile(file, FILE_LIMIT_BYTES)).toString('utf8'));
  } catch (cause) {
    return bad(`cannot be read as JSON: ${(cause as Error).message}`, cause);
  }
  const validate = validator();
  if (!validate(value)) {
    const first = (validate.errors ?? []).find((error) => error.keyword !== 'anyOf')!;
    const extra = 'additionalProperty' in first.params ? ` (${String(first.params['additionalProperty'])})` : '';
    return bad(`$${first.instancePath.replaceAll('/', '.')}: ${first.message}${extra}`);
  }
  const board = value as Omit<BoardSpec, 'root'>;
  if (board.id !== name) bad(`$.id: is ${board.id}, but the folder is ${name}`);
  const shared = join(await realpath(firmware).catch(() => firmware), 'boards');
  const place = (path: string): string => {
    if (isAbsolute(path)) bad(`path ${path} is not relative`);
    if (!path.startsWith('hil:')) return path;
    const full = resolve(shared, path.slice('hil:'.length));
    if (relative(shared, full).startsWith('..')) bad(`path ${path} leaves hil's firmware/boards`);
    return full;
  };
  return {
    ...board, root, sources: board.sources.map(place), includeDirs: board.includeDirs.map(place),
    linkerScript: board.linkerScript === null ? null : place(board.linkerScript),
  };
}

/** A board of one's own never takes the place of one of hil's: results under one name would be of two boards. */
async function findBoard(name: string, dirs: readonly string[]): Promise<string> {
  const found: string[] = [];
  for (const dir of dirs) {
    const root = join(dir, name);
    if (await access(join(root, 'board.json')).then(() => true, () => false)) found.push(root);
  }
  if (found.length > 1) {
    throw new HilError('config', 'build.bad-board', `there are two boards ${name}: ${found.join(' and ')}`, { hint: 'Give yours another name, and its device file too.', facts: { found } });
  }
  if (found.length === 0) {
    throw new HilError('config', 'build.bad-board', `there is no board ${name}: no ${name}/board.json in ${dirs.join(' or ')}`, {
      hint: 'A board of your own is a folder below `boards` beside your device files (HIL_DEVICES).', facts: { name, dirs },
    });
  }
  return found[0]!;
}
