import { existsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { badInput } from './dumps/dump.ts';

/** What one argument of `hil diff` names. */
export type Side =
  | { readonly kind: 'model'; readonly file: string }
  | { readonly kind: 'run'; readonly file: string }
  | { readonly kind: 'dump'; readonly folder: string }
  | { readonly kind: 'golden case'; readonly file: string; readonly oracle: string }
  | { readonly kind: 'golden folder'; readonly folder: string; readonly oracle: string };

/** Of a .tflite, at byte 4. */
const IDENTIFIER = 'TFL3';

/**
 * What an argument names: a .tflite; a run (folder with report.json, or that file); a dump (folder with index.json, or that file);
 * a golden case (its .json and an oracle: FILE.json#ORACLE) or a folder of them (FOLDER#ORACLE).
 * @param oracle for golden cases whose argument names none; undefined: the argument must
 * @throws HilError 'config' diff.unreadable | diff.kind
 */
export async function sideOf(argument: string, oracle: string | undefined): Promise<Side> {
  const at = existsSync(argument) ? -1 : argument.lastIndexOf('#');
  const name = at < 0 ? argument : argument.slice(0, at);
  const chosen = at < 0 ? oracle : argument.slice(at + 1);
  if (!existsSync(name)) throw badInput('unreadable', `there is no ${JSON.stringify(name)}`);
  const golden = (): string => chosen ?? missingOracle(argument);
  const info = statSync(name);
  if (info.isDirectory()) {
    if (chosen !== undefined) return { kind: 'golden folder', folder: name, oracle: chosen };
    if (existsSync(path.join(name, 'report.json'))) return { kind: 'run', file: path.join(name, 'report.json') };
    if (existsSync(path.join(name, 'index.json'))) return { kind: 'dump', folder: name };
    throw badInput('kind', `${name} is neither a run (no report.json) nor a dump (no index.json)`, 'A folder of golden cases takes an oracle: FOLDER#ORACLE.');
  }
  if (!info.isFile()) throw badInput('kind', `${name} is neither a file nor a folder`);
  if (path.basename(name) === 'index.json' && chosen === undefined) return { kind: 'dump', folder: path.dirname(name) };
  if (path.basename(name) === 'report.json' && chosen === undefined) return { kind: 'run', file: name };
  if (await isModel(name)) return { kind: 'model', file: name };
  if (name.endsWith('.json')) return { kind: 'golden case', file: name, oracle: golden() };
  throw badInput('kind', `${name} is none of a .tflite, a report.json, an index.json, a golden case (.json)`);
}

function missingOracle(argument: string): never {
  throw badInput('oracle', `${argument}: by which oracle?`, `Write ${argument}#ORACLE, e.g. ${argument}#tflm, or give --oracle-a and --oracle-b.`);
}

async function isModel(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(8), 0, 8, 0);
    return file.endsWith('.tflite') || (bytesRead === 8 && buffer.toString('latin1', 4, 8) === IDENTIFIER);
  } finally {
    await handle.close();
  }
}
