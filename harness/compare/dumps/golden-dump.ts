import path from 'node:path';
import { readdir } from 'node:fs/promises';
import { readRegularFile } from '../../read-regular-file.ts';
import { supportedProfiles } from '../../numerics/index.ts';
import type { DType } from '../../model/index.ts';
import { elementsFrom, readGoldens, type GoldenCase } from '../../reference/index.ts';
import { badInput, bytesOf, checkTensor, keyOf, type Dump, type DumpTensor } from './dump.ts';

const JSON_BYTES = 16 << 20;
const VALUES_BYTES = 2 ** 30;
/** Cases of a folder that are compared together. */
const MOST_CASES = 1000;

/**
 * One golden case and what one of its oracles computed.
 * @param file the case's .json
 * @throws HilError 'config' diff.invalid | diff.unreadable | diff.oracle | goldens.invalid
 */
export async function openGoldenCase(file: string, oracle: string, label: string): Promise<Dump> {
  return dumpOf([await readCase(file, oracle)], path.dirname(file), oracle, label);
}

/** All golden cases of a folder, one after the other, each from a reset. @throws HilError 'config' as openGoldenCase; cases of different models */
export async function openGoldenFolder(folder: string, oracle: string, label: string): Promise<Dump> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  if (files.length === 0 || files.length > MOST_CASES) throw badInput('invalid', `${folder}: ${files.length} golden cases; 1 to ${MOST_CASES} are compared`);
  const cases: GoldenCase[] = [];
  for (const file of files) cases.push(await readCase(path.join(folder, file), oracle));
  return dumpOf(cases, folder, oracle, label);
}

function dumpOf(cases: readonly GoldenCase[], folder: string, oracle: string, label: string): Dump {
  const [first] = cases as [GoldenCase];
  for (const one of cases) if (one.sha256 !== first.sha256) throw badInput('invalid', `${folder}: the cases ${first.name} and ${one.name} are of different models`);
  const tensorsOf = (one: GoldenCase): DumpTensor[] => one.tensors.map((tensor) => {
    const { index, opIndex, op, role, name, shape, dtype, bytes } = tensor;
    const checked = checkTensor({ index, opIndex, op, role, name, shape, dtype: dtype as DType }, `case ${one.name}, tensor ${index}`);
    if (bytesOf(checked) !== bytes) throw badInput('invalid', `case ${one.name}, tensor ${index}: [${shape.join(', ')}] of ${dtype} is not ${bytes} bytes`);
    return checked;
  });
  const tensors = tensorsOf(first);
  if (new Set(tensors.map(keyOf)).size !== tensors.length) throw badInput('invalid', `case ${first.name}: a tensor is there twice`);
  const described = JSON.stringify(tensors);
  for (const one of cases) if (JSON.stringify(tensorsOf(one)) !== described) throw badInput('invalid', `${folder}: the cases ${first.name} and ${one.name} have different tensors`);
  const places = cases.map((one) => new Map(one.tensors.map((tensor) => [keyOf(tensor), tensor])));
  const model = path.basename(first.model);
  const names = [`${model}.tflite`, model];
  return {
    label, sha256: first.sha256, resetEach: false, tensors, close: () => undefined,
    modelFiles: [folder, path.join(folder, '..'), path.join(folder, '../models'), path.join(folder, '../../models')].flatMap((dir) => names.map((name) => path.join(dir, name))),
    profile: supportedProfiles().includes(oracle) ? oracle : null,
    sequences: cases.map(({ name, invocations }) => ({ name, samples: invocations })),
    read(sequence, sample, tensor) {
      const place = places[sequence]?.get(keyOf(tensor));
      if (place === undefined) throw new RangeError(`no tensor ${keyOf(tensor)} in sequence ${sequence}`);
      return elementsFrom(tensor.dtype, (cases[sequence] as GoldenCase).read(sample, place));
    },
  };
}

async function readCase(file: string, oracle: string): Promise<GoldenCase> {
  const json = await load(file, JSON_BYTES, (bytes) => JSON.parse(bytes.toString('utf8')) as unknown);
  const { oracles, refused, checks } = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  const of = (value: unknown): unknown => (typeof value === 'object' && value !== null && Object.hasOwn(value, oracle) ? (value as Record<string, unknown>)[oracle] : undefined);
  if (typeof of(refused) === 'string') throw badInput('oracle', `${file}: ${oracle} refused this model: ${String(of(refused))}`);
  const name = of(oracles);
  if (typeof name !== 'string') {
    const known = typeof oracles === 'object' && oracles !== null ? Object.keys(oracles).slice(0, 20).join(', ') : '';
    throw badInput('oracle', `${file}: has nothing by ${JSON.stringify(oracle)}`, known === '' ? undefined : `It has: ${known}.`);
  }
  if (name === '' || name === '..' || /[/\\\0]/.test(name)) throw badInput('invalid', `${file}: oracles: ${JSON.stringify(name)} is no plain file name`);
  const undefinedOnes = (of(checks) as { undefined?: unknown } | undefined)?.undefined;
  if (undefinedOnes !== undefined && JSON.stringify(undefinedOnes).length > 4) throw badInput('oracle', `${file}: ${oracle} leaves elements undefined, which would be compared with zeros`);
  return readGoldens(json, await load(path.join(path.dirname(file), name), VALUES_BYTES, (bytes) => bytes));
}

async function load<T>(file: string, limitBytes: number, parse: (bytes: Buffer) => T): Promise<T> {
  let bytes: Buffer;
  try {
    bytes = await readRegularFile(file, limitBytes);
  } catch (cause) {
    throw badInput('unreadable', `cannot read ${file}: ${(cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (cause as Error).message}`);
  }
  try {
    return parse(bytes);
  } catch {
    throw badInput('invalid', `${file} is not JSON`);
  }
}
