import { createHash } from 'node:crypto';
import { HilError } from '../../errors.ts';
import { parseModel, sourceBytes, type Model } from '../../model/index.ts';
import { oracleCheck } from '../oracle-check.ts';
import type { OracleSource, PlannedCase, PlannedSequence } from '../planned-case.ts';

/**
 * Planned cases as JSON: long values (models, samples, truth, an oracle's tensors) stand apart under their SHA-256, so that a
 * model that fifty cases share is kept once. An object with one key that begins with '$' stands for what JSON has not:
 *   {"$bytes": sha}  {"$array": "Float64Array", "bytes": sha}  {"$model": sha}  {"$number": "NaN"}  {"$undefined": true}
 * and a sequence's oracle is {"$oracle": {given, json, values}}.
 */

const ARRAYS = { Int8Array, Int16Array, Int32Array, Uint16Array, Uint32Array, Float32Array, Float64Array, BigInt64Array } as const;
type ArrayName = keyof typeof ARRAYS;

/** Keeps bytes. @returns what they are found under again */
export type KeepBytes = (sha256: string, bytes: Uint8Array) => void;
/** @throws HilError 'config' where they are not there */
export type FindBytes = (sha256: string) => Uint8Array;

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** @throws TypeError for a value that cannot be kept (a function, a model without its file) */
export function encodeCases(cases: readonly PlannedCase[], keep: KeepBytes): unknown {
  const bytes = (value: Uint8Array): string => {
    const sha256 = sha256Of(value);
    keep(sha256, value);
    return sha256;
  };
  const encode = (value: unknown, where: string): unknown => {
    if (value === undefined) return { $undefined: true };
    if (typeof value === 'number') return Number.isFinite(value) ? value : { $number: String(value) };
    if (typeof value === 'function') {
      const { source } = value as unknown as { readonly source?: OracleSource };
      if (source === undefined) throw new TypeError(`${where} is a function`);
      return { $oracle: { given: source.given, json: source.json, values: bytes(source.values) } };
    }
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item, i) => encode(item, `${where}[${i}]`));
    if (value instanceof Uint8Array) return { $bytes: bytes(value) };
    if (ArrayBuffer.isView(value)) return { $array: value.constructor.name, bytes: bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) };
    if ('subgraphs' in value) {
      const file = sourceBytes(value as Model);
      if (file === null) throw new TypeError(`${where} is a model whose file is not known`);
      return { $model: bytes(file) };
    }
    if (Object.getPrototypeOf(value) !== Object.prototype) throw new TypeError(`${where} is a ${value.constructor.name}`);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encode(item, `${where}.${key}`)]));
  };
  return encode(cases, 'cases');
}

/** @param json from encodeCases(). @throws HilError 'config' record.damaged, or what `find` throws */
export function decodeCases(json: unknown, find: FindBytes): PlannedCase[] {
  const models = new Map<string, Model>();
  const decode = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(decode);
    if (typeof value !== 'object' || value === null) return value;
    const record = value as Readonly<Record<string, unknown>>;
    if ('$undefined' in record) return undefined;
    if ('$number' in record) return Number(record['$number']);
    if ('$bytes' in record) return find(sha(record['$bytes']));
    if ('$array' in record) return typed(record['$array'], find(sha(record['bytes'])));
    if ('$model' in record) {
      const of = sha(record['$model']);
      const model = models.get(of) ?? parseModel(find(of));
      models.set(of, model);
      return model;
    }
    if ('$oracle' in record) return record;
    return Object.fromEntries(Object.entries(record).map(([key, item]) => [key, decode(item)]));
  };
  const cases = decode(json);
  if (!Array.isArray(cases)) throw damaged('its cases are no list');
  return cases.map((one) => withOracles(one as PlannedCase, find));
}

/** What an oracle says can be checked only where the case is known. */
function withOracles(one: PlannedCase, find: FindBytes): PlannedCase {
  if (typeof one !== 'object' || one === null || typeof one.name !== 'string' || !Array.isArray(one.sequences) || one.model?.subgraphs === undefined) throw damaged('a case is not what hil writes');
  return { ...one, sequences: one.sequences.map((sequence: PlannedSequence) => {
    if (!(sequence?.codes instanceof Uint8Array) || !Number.isInteger(sequence.samples) || sequence.samples < 0) throw damaged('a sequence is not what hil writes');
    const kept = sequence.oracle as unknown as { readonly $oracle?: { readonly given: string; readonly json: unknown; readonly values: unknown } } | null;
    if (kept?.$oracle === undefined) return sequence;
    const { given, json, values } = kept.$oracle;
    return { ...sequence, oracle: oracleCheck({ given: String(given), json, values: find(sha(values)) }, one.model, sequence.samples) };
  }) };
}

function typed(name: unknown, bytes: Uint8Array): ArrayBufferView {
  if (typeof name !== 'string' || !Object.hasOwn(ARRAYS, name)) throw damaged('an array is of no type that is known');
  const of = ARRAYS[name as ArrayName];
  if (bytes.length % of.BYTES_PER_ELEMENT !== 0) throw damaged(`${bytes.length} bytes are no ${name}`);
  const own = bytes.slice();
  return new of(own.buffer as ArrayBuffer, 0, own.length / of.BYTES_PER_ELEMENT);
}

function sha(value: unknown): string {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) throw damaged('a reference to a file is no SHA-256');
  return value;
}

export function damaged(what: string): HilError {
  return new HilError('config', 'record.damaged', `the record of the run is damaged: ${what}`, { hint: 'Run it again: what is kept of this run cannot be trusted.' });
}
