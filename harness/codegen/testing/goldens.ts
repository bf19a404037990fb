import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
/** Models and oracle outputs that are not part of the repository; HIL_SHARED overrides where they are. */
export const SHARED = resolve(process.env['HIL_SHARED'] ?? join(REPOSITORY, '../shared'));
export const ENGINE_ROM = join(REPOSITORY, 'suites/engine-rom');

interface GoldenTensor {
  readonly index: number;
  readonly role: 'input' | 'output' | 'state';
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly bytes: number;
}

/** Every tensor of every invocation of one case, by one oracle. */
export interface GoldenCase {
  readonly name: string;
  readonly sha256: string;
  readonly invocations: number;
  readonly tensors: readonly GoldenTensor[];
  /** Bytes of a tensor after an invocation. */
  bytes(invocation: number, tensor: GoldenTensor): Uint8Array;
  /** Inputs of all invocations, one after the other, in the order of `inputs`. */
  readonly inputBytes: Uint8Array;
}

interface GoldenFile {
  readonly sha256: string;
  readonly invocations: number;
  readonly invocationBytes: number;
  readonly inputs: readonly number[];
  readonly oracles: Readonly<Record<string, string>>;
  readonly tensors: readonly GoldenTensor[];
}

/** The golden cases in a folder, by the named oracle; [] where the folder does not exist. */
export function goldenCases(folder: string, oracle = 'tflm'): GoldenCase[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json')).sort();
  return names.flatMap((name) => {
    const file = JSON.parse(readFileSync(join(folder, name), 'utf8')) as GoldenFile;
    const binary = file.oracles?.[oracle];
    if (binary === undefined) return [];
    return [load(name.slice(0, -5), file, readFileSync(join(dirname(join(folder, name)), binary)))];
  });
}

function load(name: string, file: GoldenFile, data: Uint8Array): GoldenCase {
  if (data.length !== file.invocations * file.invocationBytes) throw new Error(`golden ${name} has ${data.length} bytes`);
  const bytes = (invocation: number, tensor: GoldenTensor): Uint8Array => {
    const at = invocation * file.invocationBytes + tensor.offset;
    return data.subarray(at, at + tensor.bytes);
  };
  const inputs = file.inputs.map((index) => {
    const tensor = file.tensors.find((row) => row.index === index && row.role === 'input');
    if (tensor === undefined) throw new Error(`golden ${name} lacks input ${index}`);
    return tensor;
  });
  const all = Array.from({ length: file.invocations }, (_, k) => inputs.map((tensor) => bytes(k, tensor))).flat();
  return { name, sha256: file.sha256, invocations: file.invocations, tensors: file.tensors, bytes, inputBytes: Buffer.concat(all) };
}
