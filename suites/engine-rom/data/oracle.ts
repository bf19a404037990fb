/** Reads an oracle file pair: <name>.json and the .bin it names. */

import { readFileSync } from 'node:fs';

export interface OracleTensor {
  index: number;
  op: string | null;
  role: 'input' | 'output' | 'state';
  shape: number[];
  dtype: 'int8' | 'int16';
  scale: number;
  zeroPoint: number;
  offset: number;
  bytes: number;
}

export interface Oracle {
  model: string;
  sha256: string;
  case: string;
  invocations: number;
  invocationBytes: number;
  stateful: boolean;
  inputs: number[];
  outputs: number[];
  oracles: { tflm: string };
  refused: object;
  checks: { tflm: { poisonRun: string; inputsIntact: boolean; sameOutputsAsPlainRun: boolean } };
  tensors: OracleTensor[];
}

export interface OracleFile {
  json: Oracle;
  bin: Uint8Array;
}

export function readOracle(url: URL): OracleFile {
  const json = JSON.parse(readFileSync(url, 'utf8')) as Oracle;
  return { json, bin: readFileSync(new URL(json.oracles.tflm, url)) };
}

/** Codes of one tensor after invocation `k`. */
export function codesOf({ json, bin }: OracleFile, tensor: OracleTensor, k: number): number[] {
  const start = k * json.invocationBytes + tensor.offset;
  const view = new DataView(bin.buffer, bin.byteOffset + start, tensor.bytes);
  if (tensor.dtype === 'int8') return Array.from({ length: tensor.bytes }, (_, i) => view.getInt8(i));
  return Array.from({ length: tensor.bytes / 2 }, (_, i) => view.getInt16(2 * i, true));
}

/** hil's rule for float inputs: clamp(round(x / scale), ties away from zero, + zero point). */
export function quantise(x: number, scale: number, zeroPoint: number): number {
  const ratio = x / scale;
  const rounded = Math.sign(ratio) * Math.floor(Math.abs(ratio) + 0.5) + zeroPoint;
  return Math.min(Math.max(rounded, -128), 127);
}
