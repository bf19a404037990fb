import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { HilError } from '../errors.ts';
import { parseCsv } from './csv.ts';
import type { NdArray } from './nd-array.ts';
import { FormatError, parseNpy } from './npy.ts';
import { parseNpz } from './npz.ts';

/** An input file's bytes with the name that messages use. */
export interface InputFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const FILE_LIMIT_BYTES = 1024 * 1024 * 1024;

const REASONS: Readonly<Record<string, string>> = { ENOENT: 'there is no such file', EISDIR: 'it is a folder', EACCES: 'this user may not read it' };

/**
 * @param what the file is to the user
 * @throws HilError 'config'
 */
export function readInputFile(path: string, name = path, what = 'input file'): InputFile {
  try {
    if (statSync(path).size > FILE_LIMIT_BYTES) throw new Error(`larger than ${FILE_LIMIT_BYTES} bytes`);
    return { name, bytes: readFileSync(path) };
  } catch (cause) {
    const reason = REASONS[(cause as NodeJS.ErrnoException).code ?? ''] ?? (cause as Error).message;
    throw new HilError('config', 'input.unreadable', `cannot read the ${what} ${JSON.stringify(name)}: ${reason}`, { facts: { file: name }, cause });
  }
}

/**
 * The array that a file holds for a tensor, or null for .bin, which holds raw codes without a header.
 * In a .npz with several arrays it is the one that bears the tensor's name.
 * @throws HilError 'config'
 */
export function readArray(file: InputFile, tensorName: string): NdArray | null {
  const kind = extname(file.name).toLowerCase();
  try {
    switch (kind) {
      case '.npy': return parseNpy(file.bytes);
      case '.csv': return parseCsv(file.bytes);
      case '.npz': return choose(parseNpz(file.bytes), tensorName);
      case '.bin': return null;
      default: throw new FormatError('is none of .npy, .npz, .csv, .bin');
    }
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new HilError('config', 'input.format', `${file.name}${cause.message.startsWith(':') ? '' : ' '}${cause.message}`, { facts: { file: file.name }, cause });
  }
}

function choose(arrays: ReadonlyMap<string, NdArray>, tensorName: string): NdArray {
  const only = arrays.size === 1 ? [...arrays.values()][0] : undefined;
  const array = arrays.get(tensorName) ?? only;
  if (array === undefined) throw new FormatError(`holds the arrays ${[...arrays.keys()].map((name) => JSON.stringify(name)).join(', ') || '(none)'}, and none is named ${JSON.stringify(tensorName)} like the tensor`);
  return array;
}
