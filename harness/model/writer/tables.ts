import type { Builder } from 'flatbuffers';
import { TENSOR_TYPES } from '../schema/dtypes.ts';
import { FIRST_WIDE_CODE } from '../schema/operators.ts';
import { optionsTableOf } from '../schema/options.ts';
import type { OptionsTable } from '../schema/options.ts';
import type { OperatorDescription, TensorDescription } from './description.ts';

const asList = (value: number | readonly number[]): readonly number[] => (typeof value === 'number' ? [value] : value);

export function int32Vector(builder: Builder, values: readonly number[]): number {
  builder.startVector(4, values.length, 4);
  for (const value of [...values].reverse()) builder.addInt32(value);
  return builder.endVector();
}

export function offsetVector(builder: Builder, offsets: readonly number[]): number {
  builder.startVector(4, offsets.length, 4);
  for (const offset of [...offsets].reverse()) builder.addOffset(offset);
  return builder.endVector();
}

/** @param outside the bytes are elsewhere in the file: offset and size are written even where they are 0, so that lengths do not depend on them */
export function writeBuffer(builder: Builder, constant: { readonly bytes: Uint8Array; readonly at: number } | null, outside: boolean): number {
  const vector = constant === null || outside ? 0 : bytesVector(builder, constant.bytes);
  builder.startObject(3);
  builder.addFieldOffset(0, vector, 0);
  if (constant !== null && outside) {
    builder.addFieldInt64(1, BigInt(constant.at), null);
    builder.addFieldInt64(2, BigInt(constant.bytes.length), null);
  }
  return builder.endObject();
}

/** Aligned to 16 bytes as the schema asks, so that constants can be viewed as any typed array. */
function bytesVector(builder: Builder, bytes: Uint8Array): number {
  builder.startVector(1, bytes.length, 16);
  for (let i = bytes.length - 1; i >= 0; i--) builder.addInt8(bytes[i] as number);
  return builder.endVector();
}

export function writeTensor(builder: Builder, tensor: TensorDescription, buffer: number): number {
  const name = builder.createString(tensor.name);
  const shape = int32Vector(builder, tensor.shape);
  const quantisation = tensor.quantisation === undefined ? 0 : writeQuantisation(builder, tensor.quantisation);
  builder.startObject(11);
  builder.addFieldOffset(0, shape, 0);
  builder.addFieldInt8(1, TENSOR_TYPES.indexOf(tensor.dtype), 0);
  builder.addFieldInt32(2, buffer, 0);
  builder.addFieldOffset(3, name, 0);
  builder.addFieldOffset(4, quantisation, 0);
  builder.addFieldInt8(5, tensor.isVariable === true ? 1 : 0, 0);
  builder.addFieldInt8(8, 1, 0);
  return builder.endObject();
}

function writeQuantisation(builder: Builder, quantisation: NonNullable<TensorDescription['quantisation']>): number {
  const scales = asList(quantisation.scale);
  const stated = asList(quantisation.zeroPoint ?? 0);
  const zeroPoints = stated.length === 1 ? scales.map(() => stated[0] as number) : stated;
  builder.startVector(4, scales.length, 4);
  for (const scale of [...scales].reverse()) builder.addFloat32(scale);
  const scaleVector = builder.endVector();
  builder.startVector(8, zeroPoints.length, 8);
  for (const zeroPoint of [...zeroPoints].reverse()) builder.addInt64(BigInt(zeroPoint));
  const zeroVector = builder.endVector();
  builder.startObject(7);
  builder.addFieldOffset(2, scaleVector, 0);
  builder.addFieldOffset(3, zeroVector, 0);
  builder.addFieldInt32(6, quantisation.axis ?? 0, 0);
  return builder.endObject();
}

/** @param code builtin code; both fields are written as the schema's rule asks (the old one is a byte) */
export function writeOperatorCode(builder: Builder, code: number, customName: string, version: number): number {
  const custom = customName === '' ? 0 : builder.createString(customName);
  builder.startObject(4);
  builder.addFieldInt8(0, Math.min(code, FIRST_WIDE_CODE), 0);
  builder.addFieldOffset(1, custom, 0);
  builder.addFieldInt32(2, version, 1);
  builder.addFieldInt32(3, code, 0);
  return builder.endObject();
}

export interface OperatorIndices {
  readonly opcode: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly intermediates: readonly number[];
}

export function writeOperator(builder: Builder, operator: OperatorDescription, name: string, indices: OperatorIndices): number {
  const table = optionsTableOf(name);
  const options = table === null ? 0 : writeOptions(builder, table, operator.options ?? {});
  const inputs = int32Vector(builder, indices.inputs);
  const outputs = int32Vector(builder, indices.outputs);
  const intermediates = indices.intermediates.length === 0 ? 0 : int32Vector(builder, indices.intermediates);
  builder.startObject(9);
  builder.addFieldInt32(0, indices.opcode, 0);
  builder.addFieldOffset(1, inputs, 0);
  builder.addFieldOffset(2, outputs, 0);
  builder.addFieldInt8(3, table?.union ?? 0, 0);
  builder.addFieldOffset(4, options, 0);
  builder.addFieldOffset(8, intermediates, 0);
  return builder.endObject();
}

/** @throws TypeError for an option that the operator's table does not have (a test's typing error would be silent) */
function writeOptions(builder: Builder, table: OptionsTable, values: NonNullable<OperatorDescription['options']>): number {
  const stray = Object.keys(values).find((key) => !table.fields.some(([name]) => name === key));
  if (stray !== undefined) throw new TypeError(`${table.table} has no field ${stray}`);
  const outside = new Map<string, number>();
  for (const [name, , type] of table.fields) {
    const value = values[name];
    if (type === 'int32[]' && Array.isArray(value)) outside.set(name, int32Vector(builder, value as number[]));
    if (type === 'string' && typeof value === 'string') outside.set(name, builder.createString(value));
  }
  builder.startObject(1 + Math.max(-1, ...table.fields.map(([, id]) => id)));
  for (const [name, id, type, fallback] of table.fields) {
    const value = Number(values[name] ?? fallback);
    if (type === 'int32[]' || type === 'string') builder.addFieldOffset(id, outside.get(name) ?? 0, 0);
    else if (type === 'int32') builder.addFieldInt32(id, value, Number(fallback));
    else if (type === 'float32') builder.addFieldFloat32(id, value, Number(fallback));
    else builder.addFieldInt8(id, value, Number(fallback));
  }
  return builder.endObject();
}
