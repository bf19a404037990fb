import { cp, mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ownedName, sweepOwned } from '../device/index.ts';
import { HilError } from '../errors.ts';
import { BYTES_PER_ELEMENT, type Tensor } from '../model/graph.ts';
import { encodeNpy, type NdType } from '../suite/index.ts';
import type { Shrunk } from './shrunk.ts';

const STAGES = '.hil-tmp';
/** Types that an input file can hold. */
const FILE_TYPES: ReadonlySet<string> = new Set(['bool', 'int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64'] satisfies NdType[]);

/** As many as a suite may have. */
const MOST_TOLERANCES = 1000;

/** A ready-made network larger than this is no network. */
const MAX_C_BYTES = 256 << 20;

/**
 * Refuses a folder that has something in it. @param force: a suite may be replaced, and nothing else
 * @throws HilError 'config' shrink.not-empty | shrink.no-folder
 */
export async function checkEmpty(dir: string, force: boolean): Promise<void> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw new HilError('config', 'shrink.no-folder', `cannot use ${dir}: ${error.message}`, { hint: 'Name another folder with --out.' });
  });
  if (!names.some((name) => name !== STAGES)) return;
  if (force && !names.includes('suite.json')) {
    throw new HilError('config', 'shrink.not-empty', `${dir} is not empty and holds no suite (suite.json), so --force does not replace what is in it`, { hint: 'Name another folder with --out.' });
  }
  if (!force) {
    throw new HilError('config', 'shrink.not-empty', `${dir} is not empty`, { hint: 'Name another folder with --out, or add --force to replace the suite in it.' });
  }
}

/**
 * Writes the suite into a folder: suite.json last, everything else before under its final name, so that what is there is whole.
 * @param texts name and description of the suite, and README.md. @throws HilError 'bench' shrink.not-written
 */
export async function writeShrunkSuite(dir: string, shrunk: Shrunk, texts: { readonly name: string; readonly description: string; readonly readme: string }): Promise<void> {
  const stages = path.join(dir, STAGES);
  const stage = path.join(stages, ownedName());
  try {
    await mkdir(stages, { recursive: true });
    await sweepOwned(stages);
    await mkdir(stage);
    try {
      await fill(stage, shrunk, texts);
      const names = (await readdir(stage)).sort((a, b) => Number(a === 'suite.json') - Number(b === 'suite.json'));
      await rm(path.join(dir, 'suite.json'), { force: true });
      for (const name of names) {
        await rm(path.join(dir, name), { recursive: true, force: true });
        await rename(path.join(stage, name), path.join(dir, name));
      }
    } finally {
      await rm(stage, { recursive: true, force: true });
      await rmdir(stages).catch(() => undefined);
    }
  } catch (cause) {
    if (cause instanceof HilError) throw cause;
    throw new HilError('bench', 'shrink.not-written', `cannot write the suite to ${dir}: ${(cause as Error).message}`, { hint: 'Check space and rights there, or name another folder with --out.', cause });
  }
}

async function fill(stage: string, shrunk: Shrunk, { name, description, readme }: Parameters<typeof writeShrunkSuite>[2]): Promise<void> {
  const { model, modelBytes, cDir, profile, tolerances, determinism, budgets, codes, samples, resetEach } = shrunk;
  await writeFile(path.join(stage, 'model.tflite'), modelBytes);
  if (cDir !== null) await copyC(cDir, path.join(stage, 'c'));
  const graph = model.subgraphs[0]!;
  const input = await writeInputs(stage, graph.inputs.map((tensor) => graph.tensors[tensor] as Tensor), codes, samples);
  const suite = {
    schema: 'hil-suite/1', name, description: description.slice(0, 4000),
    cases: [{
      name: 'shrunk', model: { file: 'model.tflite', sha256: model.sha256 }, generator: cDir === null ? 'builtin' : { kind: 'c', dir: 'c' }, profile,
      ...(tolerances.length === 0 ? {} : { tolerances: tolerances.slice(0, MOST_TOLERANCES) }), ...(determinism === undefined ? {} : { determinism }), ...(Object.keys(budgets).length === 0 ? {} : { budgets }),
      sequences: [{ name: 'shrunk', ...input, ...(resetEach ? { resetEach } : {}) }],
    }],
  };
  await writeFile(path.join(stage, 'README.md'), readme);
  await writeFile(path.join(stage, 'suite.json'), `${JSON.stringify(suite, null, 2)}\n`);
}

/** @returns the sequence's `input`, or `codes` where files cannot say it */
async function writeInputs(stage: string, inputs: readonly Tensor[], codes: Uint8Array, samples: number): Promise<object> {
  const names = inputs.map(({ name }) => name);
  if (inputs.some(({ dtype }) => !FILE_TYPES.has(dtype)) || new Set(names).size !== names.length) return { codes: Buffer.from(codes).toString('base64') };
  const sampleBytes = codes.length / samples;
  const files: [string, string][] = [];
  let offset = 0;
  for (const [i, { name, dtype, shape, elements }] of inputs.entries()) {
    const bytes = elements * BYTES_PER_ELEMENT[dtype];
    const data = new Uint8Array(bytes * samples);
    for (let k = 0; k < samples; k++) data.set(codes.subarray(k * sampleBytes + offset, k * sampleBytes + offset + bytes), k * bytes);
    const file = inputs.length === 1 ? 'input.npy' : `input${i}.npy`;
    await writeFile(path.join(stage, file), encodeNpy({ dtype: dtype as NdType, shape: [samples, ...shape], data }));
    files.push([name, file]);
    offset += bytes;
  }
  return { input: inputs.length === 1 ? 'input.npy' : Object.fromEntries(files) };
}

/** Copies the folder of a network; links are followed, so that the suite stands alone. */
async function copyC(from: string, to: string): Promise<void> {
  let total = 0;
  await cp(from, to, { recursive: true, dereference: true, filter: async (source) => {
    const { size, isFile } = await stat(source).then((found) => ({ size: found.size, isFile: found.isFile() }));
    total += isFile ? size : 0;
    if (total > MAX_C_BYTES) throw new HilError('config', 'shrink.c-too-large', `the folder of the C, ${from}, is larger than ${MAX_C_BYTES} bytes`, { hint: 'Point the generator at the folder of the network alone.' });
    return true;
  } });
  // A folder without its manifest would be found out only when the suite is run.
  await readFile(path.join(to, 'network.json'));
}
