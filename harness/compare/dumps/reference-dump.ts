import path from 'node:path';
import { readRegularFile } from '../../read-regular-file.ts';
import { supportedProfiles } from '../../numerics/index.ts';
import type { DType } from '../../model/index.ts';
import { badInput, checkTensor, keyOf, type Dump, type DumpTensor } from './dump.ts';
import { NpySlices } from './npy-slices.ts';

const INDEX_BYTES = 64 << 20;
/** Each tensor is an open file. */
const MOST_TENSORS = 20_000;

/** What index.json of `hil reference` says. */
export interface DumpIndex {
  readonly model: { readonly file: string; readonly sha256: string };
  readonly profile: string;
  readonly samples: number;
  readonly resetEach: boolean;
  readonly tensors: readonly (DumpTensor & { readonly file: string })[];
}

/**
 * A folder that `hil reference` wrote.
 * @throws HilError 'config' diff.invalid | diff.unreadable naming the file
 */
export async function openReferenceDump(folder: string, label: string): Promise<Dump> {
  const file = path.join(folder, 'index.json');
  let text: string;
  try {
    text = (await readRegularFile(file, INDEX_BYTES)).toString('utf8');
  } catch (cause) {
    throw badInput('unreadable', `cannot read ${file}: ${(cause as Error).message}`);
  }
  const index = parseDumpIndex(text, file);
  const files = new Map<string, NpySlices>();
  const close = (): void => files.forEach((slices) => slices.close());
  try {
    for (const tensor of index.tensors) files.set(keyOf(tensor), new NpySlices(path.join(folder, tensor.file), tensor.dtype, index.samples, tensor.shape));
  } catch (error) {
    close();
    throw error;
  }
  return {
    label, sha256: index.model.sha256, resetEach: index.resetEach, tensors: index.tensors, close,
    modelFiles: [index.model.file, path.join(folder, path.basename(index.model.file)), path.join(folder, '..', path.basename(index.model.file))],
    profile: supportedProfiles().includes(index.profile) ? index.profile : null,
    sequences: [{ name: '', samples: index.samples }],
    read: (_sequence, sample, tensor) => (files.get(keyOf(tensor)) as NpySlices).sample(sample),
  };
}

/**
 * @param where names the file in messages
 * @throws HilError 'config' diff.invalid naming the field
 */
export function parseDumpIndex(text: string, where: string): DumpIndex {
  const wrong = (field: string, what: string): Error => badInput('invalid', `${where}: ${field}: ${what}`);
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    throw wrong('file', 'is not JSON');
  }
  const record = (value: unknown, field: string): Record<string, unknown> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(field, 'is no object');
    return value as Record<string, unknown>;
  };
  const string = (value: unknown, field: string): string => {
    if (typeof value !== 'string') throw wrong(field, 'is no text');
    return value;
  };
  const count = (value: unknown, field: string): number => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw wrong(field, 'is no count');
    return value;
  };
  const list = (value: unknown, field: string): readonly unknown[] => {
    if (!Array.isArray(value)) throw wrong(field, 'is no list');
    return value;
  };
  const { model, profile, samples, tensors, resetEach } = record(root, 'file');
  const { file, sha256 } = record(model, 'model');
  const rows = list(tensors, 'tensors');
  if (rows.length > MOST_TENSORS) throw wrong('tensors', `are ${rows.length}; at most ${MOST_TENSORS} are read`);
  const seen = new Set<string>();
  return {
    model: { file: string(file, 'model.file'), sha256: string(sha256, 'model.sha256') },
    profile: string(profile, 'profile'), samples: count(samples, 'samples'), resetEach: resetEach === true,
    tensors: rows.map((entry, i) => {
      const field = `tensors[${i}]`;
      const row = record(entry, field);
      const { role } = row;
      if (role !== 'input' && role !== 'output' && role !== 'state') throw wrong(`${field}.role`, 'is none of input, output, state');
      const name = string(row.file, `${field}.file`);
      // Files of the dump lie in its folder.
      if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) throw wrong(`${field}.file`, `${JSON.stringify(name)} is no plain file name`);
      const tensor = checkTensor({
        index: count(row.index, `${field}.index`), role, name: string(row.name, `${field}.name`),
        opIndex: row.opIndex === null ? null : count(row.opIndex, `${field}.opIndex`), op: row.op === null ? null : string(row.op, `${field}.op`),
        dtype: string(row.dtype, `${field}.dtype`) as DType, shape: list(row.shape, `${field}.shape`).map((size, axis) => count(size, `${field}.shape[${axis}]`)),
      }, `${where}: ${field}`);
      if (seen.has(keyOf(tensor))) throw wrong(field, `tensor ${tensor.index} is there twice as ${role}`);
      seen.add(keyOf(tensor));
      return { ...tensor, file: name };
    }),
  };
}
