import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HilError } from '../errors.ts';
import { lazyValidator } from '../json-schema.ts';

/** firmware/boards/<id>/board.json, schema "hil-board/1", and where it is. Paths in it are relative to its folder. */
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

/**
 * A board by its name (folder below firmware/boards).
 * @throws HilError 'config' naming file and JSON path
 */
export async function loadBoard(name: string, firmware: string = firmwareDir): Promise<BoardSpec> {
  if (!/^[a-z0-9][a-z0-9._-]{0,39}$/.test(name)) throw new HilError('config', 'build.bad-board', `not a board name: ${JSON.stringify(name)}`);
  const root = join(firmware, 'boards', name);
  const file = join(root, 'board.json');
  const bad = (what: string, cause?: unknown): never => {
    throw new HilError('config', 'build.bad-board', `${file}: ${what}`, { facts: { file }, cause });
  };
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    return bad(`cannot be read as JSON: ${(cause as Error).message}`, cause);
  }
  const validate = validator();
  if (!validate(value)) {
    const first = (validate.errors ?? []).find((error) => error.keyword !== 'anyOf')!;
    const extra = 'additionalProperty' in first.params ? ` (${String(first.params['additionalProperty'])})` : '';
    return bad(`$${first.instancePath.replaceAll('/', '.')}: ${first.message}${extra}`);
  }
  const board = { ...(value as Omit<BoardSpec, 'root'>), root };
  if (board.id !== name) bad(`$.id: is ${board.id}, but the folder is ${name}`);
  const paths = [...board.sources, ...board.includeDirs, ...(board.linkerScript === null ? [] : [board.linkerScript])];
  const absolute = paths.find((path) => isAbsolute(path));
  if (absolute !== undefined) bad(`path ${absolute} is not relative`);
  return board;
}
