import { dirname, join } from 'node:path';
import { HilError } from '../errors.ts';
import { BYTES_PER_ELEMENT, type Model } from '../model/graph.ts';
import { readGoldens, type GoldenTensor } from '../reference/index.ts';
import { readInputFile, type SuiteFile } from '../suite/index.ts';
import { mainGraph } from './main-graph.ts';
import type { OracleCheck, OracleSource } from './planned-case.ts';

/** Which oracle's values a case's profile is held against. */
const ORACLE = 'tflm';

/**
 * Values that an independent implementation computed for a sequence. The reference is checked against every tensor and state
 * of every step, so that an error which reference and generator share cannot pass.
 * @throws HilError 'config' where the files are damaged, of another model, or of another number of samples
 */
export function loadOracle(file: SuiteFile, model: Model, samples: number): OracleCheck {
  const json = readJson(file);
  const bin = (json as { oracles?: Record<string, unknown> }).oracles?.[ORACLE];
  if (typeof bin !== 'string' || !/^[A-Za-z0-9._-]+$/.test(bin)) throw new HilError('config', 'oracle.invalid', `${file.given}: oracles.${ORACLE} is no file name`);
  return oracleCheck({ given: file.given, json, values: readInputFile(join(dirname(file.path), bin), bin).bytes }, model, samples);
}

/** loadOracle() of files that were read already. @throws HilError 'config' as loadOracle() */
export function oracleCheck(source: OracleSource, model: Model, samples: number): OracleCheck {
  const { given } = source;
  const goldens = readGoldens(source.json, source.values);
  if (goldens.sha256 !== model.sha256) throw new HilError('config', 'oracle.other-model', `${given}: is of model ${goldens.sha256}, the case's is ${model.sha256}`);
  if (goldens.invocations !== samples) throw new HilError('config', 'oracle.samples', `${given}: has ${goldens.invocations} steps, the sequence ${samples}`);
  if (!goldens.tensors.some((tensor) => tensor.role === 'output')) throw new HilError('config', 'oracle.empty', `${given}: holds no output of any operator`);
  const graph = mainGraph(model);
  for (const { index, bytes } of goldens.tensors) {
    const tensor = graph.tensors[index];
    const size = tensor === undefined ? 0 : tensor.elements * BYTES_PER_ELEMENT[tensor.dtype];
    if (bytes === 0 || bytes !== size) throw new HilError('config', 'oracle.tensor', `${given}: has ${bytes} bytes for tensor ${index}, the model ${size}`);
  }
  const check = (sample: number, tensors: readonly ArrayBufferView[]): number => goldens.tensors.reduce((compared, tensor) => compared + compareOne(given, sample, tensor, goldens.read(sample, tensor), tensors[tensor.index]), 0);
  return Object.assign(check, { source });
}

function readJson(file: SuiteFile): unknown {
  try {
    return JSON.parse(Buffer.from(readInputFile(file.path, file.given).bytes).toString('utf8'));
  } catch (error) {
    if (error instanceof HilError) throw error;
    throw new HilError('config', 'oracle.invalid', `${file.given}: is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

function compareOne(file: string, sample: number, tensor: GoldenTensor, expected: Uint8Array, got: ArrayBufferView | undefined): number {
  const bytes = got === undefined ? new Uint8Array(0) : new Uint8Array(got.buffer, got.byteOffset, got.byteLength);
  if (bytes.length === expected.length && Buffer.compare(bytes, expected) === 0) return expected.length;
  const at = bytes.findIndex((byte, i) => byte !== expected[i]);
  if (tensor.role === 'input') {
    throw new HilError('config', 'oracle.other-input', `the oracle ${file} was made from another input than the sequence gives: step ${sample}, tensor ${tensor.index}, byte ${at}`,
      { hint: 'Name the oracle of this sequence, or make it again.', facts: { sample, tensor: tensor.index, byte: at } });
  }
  throw new HilError('bench', 'reference.oracle-differs',
    `hil's own reference differs from the oracle ${file}: step ${sample}, tensor ${tensor.index} (${tensor.role}${tensor.op === null ? '' : ` of ${tensor.op}`}), byte ${at}: nothing can be said of the device`,
    { hint: 'Report this: the reference has an error, or the oracle was made by another version or for another profile.', facts: { sample, tensor: tensor.index, byte: at } });
}
