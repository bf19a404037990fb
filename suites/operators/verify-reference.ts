import type { Tensor } from '../../harness/model/graph.ts';
import { bytesOf, runReference, type Outcome } from '../../harness/codegen/testing/packed.ts';
import type { TensorData } from '../../harness/reference/index.ts';
import type { OperatorCase } from './case.ts';
import { DEFAULT_SAMPLES } from './inputs.ts';
import { isOfOracle, oracleTitle, type OracleRecord } from './oracle.ts';
import type { PreparedCase } from './prepared.ts';

/** The reference's outputs against what the oracle computed. */
export function verifyReference(prepared: PreparedCase, record: OracleRecord | undefined): Outcome {
  const { one, graph, model } = prepared;
  const oracle = oracleTitle(one);
  if (record === undefined) return { compared: 0, problems: ['no oracle values have been recorded'] };
  if (record.model !== model.sha256 || record.inputs !== prepared.inputsSha256) return { compared: 0, problems: ['the oracle values are of another model or other inputs: record them again'] };
  if (!isOfOracle(one, record)) return { compared: 0, problems: [`the oracle values are not ${oracle}'s: record them again`] };
  if (one.noOracle !== undefined) return { compared: 0, problems: record.outputs === null ? [] : [`${oracle} runs it, although the case says that it cannot`] };
  if (record.outputs === null) return { compared: 0, problems: [`${oracle} refuses it: ${record.refused ?? ''}`] };
  const expected = new Uint8Array(Buffer.from(record.outputs, 'base64'));
  const problems: string[] = [];
  let at = 0;
  let compared = 0;
  runReference({ name: one.name, model, inputs: prepared.inputs, samples: one.samples ?? DEFAULT_SAMPLES }, (sample, runner) => {
    for (const index of graph.outputs) {
      const tensor = graph.tensors[index] as Tensor;
      const got = runner.tensors[index] as TensorData;
      const bytes = bytesOf(got);
      const wanted = valuesLike(got, expected.slice(at, at + bytes.length));
      at += bytes.length;
      compared += got.length;
      const problem = difference(got, wanted, tensor, one);
      if (problem !== null) problems.push(`sample ${sample}, output t${index}: ${problem}`);
    }
  });
  if (at !== expected.length) problems.push(`${oracle} gave ${expected.length} bytes, the reference ${at}`);
  return { compared, problems };
}

function valuesLike(like: TensorData, bytes: Uint8Array): TensorData {
  const array = like.constructor as new (buffer: ArrayBufferLike) => TensorData;
  return new array(bytes.buffer);
}

/** Names the first element that differs by more than the bound, and how many do; null where none does. */
function difference(got: TensorData, wanted: TensorData, tensor: Tensor, one: OperatorCase): string | null {
  const { ulp = 0 } = one;
  if (got.length !== wanted.length) return `${got.length} elements, ${oracleTitle(one)} has ${wanted.length}`;
  let count = 0;
  let first = -1;
  for (let i = 0; i < got.length; i++) {
    const near = Object.is(got[i], wanted[i]) || (ulp > 0 && tensor.dtype === 'float32' && ulpsBetween(Number(got[i]), Number(wanted[i])) <= ulp);
    if (near) continue;
    count++;
    if (first < 0) first = i;
  }
  return count === 0 ? null : `${count} of ${got.length} elements differ, the first at ${first}: ${got[first]}, ${oracleTitle(one)} ${wanted[first]}`;
}

/** How many float32 values lie between two of them, plus one; infinite where either is NaN. */
export function ulpsBetween(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Infinity;
  const ordinal = (value: number): number => {
    const bits = new Int32Array(new Float32Array([value]).buffer)[0] as number;
    return bits < 0 ? -(bits & 0x7fffffff) : bits;
  };
  return Math.abs(ordinal(a) - ordinal(b));
}
