import { Builder } from 'flatbuffers';
import { CUSTOM, operatorCode, operatorName } from '../schema/operators.ts';
import type { ModelDescription, OperatorDescription, TensorRef } from './description.ts';
import { encodeData } from './encode.ts';
import { bytesVector, int32Vector, offsetVector, writeOperator, writeOperatorCode, writeTensor } from './tables.ts';

export type { ModelDescription, OperatorDescription, TensorDescription, TensorRef } from './description.ts';

/**
 * A description as the bytes of a .tflite, for tests: small graphs, hostile names, unknown operators, broken indices.
 * @throws TypeError for a tensor or operator name that does not exist, or an option that the operator does not have
 * @example writeModel({ tensors: [{ name: 'x', dtype: 'int8', shape: [1, 4], quantisation: { scale: 0.5 } }, ...],
 *   operators: [{ op: 'FULLY_CONNECTED', inputs: ['x', 'w', 'b'], outputs: ['y'] }], inputs: ['x'], outputs: ['y'] })
 */
export function writeModel(model: ModelDescription): Uint8Array {
  // Where the outside data goes is known only when the flatbuffer's length is, which its offsets do not change.
  if (model.dataOutside !== true) return build(model, null);
  const length = align(build(model, 0).length);
  return build(model, length);
}

const align = (offset: number): number => Math.ceil(offset / 16) * 16;

/** @param outside file offset of the constant data, or null where it goes inside */
function build(model: ModelDescription, outside: number | null): Uint8Array {
  const builder = new Builder(1024);
  builder.forceDefaults(outside !== null);
  const constants = model.tensors.map((tensor) => (tensor.data === undefined ? null : encodeData(tensor.dtype, tensor.data)));
  const places = layOut(constants, outside ?? 0);
  const buffers = [null, ...constants.filter((data) => data !== null)].map((data, i) => {
    const vector = data === null || outside !== null ? 0 : bytesVector(builder, data);
    const place = outside === null || data === null ? [0, 0] : [places[i - 1] as number, data.length];
    builder.startObject(3);
    builder.addFieldOffset(0, vector, 0);
    builder.addFieldInt64(1, BigInt(place[0] as number), 0n);
    builder.addFieldInt64(2, BigInt(place[1] as number), 0n);
    return builder.endObject();
  });
  builder.forceDefaults(false);
  const buffersVector = offsetVector(builder, buffers);
  const graph = writeGraph(builder, model, constants);
  const codes = offsetVector(builder, model.operators.map((operator) => {
    const { code, custom } = codeOf(operator.op);
    return writeOperatorCode(builder, code, custom, operator.version ?? 1);
  }));
  const graphs = offsetVector(builder, [graph]);
  const description = builder.createString(model.description ?? '');
  builder.startObject(5);
  builder.addFieldInt32(0, model.version ?? 3, 0);
  builder.addFieldOffset(1, codes, 0);
  builder.addFieldOffset(2, graphs, 0);
  builder.addFieldOffset(3, description, 0);
  builder.addFieldOffset(4, buffersVector, 0);
  builder.finish(builder.endObject(), 'TFL3');
  const flatbuffer = builder.asUint8Array().slice();
  if (outside === null || outside === 0) return flatbuffer;
  const end = places.reduce((most, at, i) => Math.max(most, at + (constants.filter((data) => data !== null)[i] as Uint8Array).length), flatbuffer.length);
  const file = new Uint8Array(end);
  file.set(flatbuffer);
  constants.filter((data) => data !== null).forEach((data, i) => file.set(data, places[i]));
  return file;
}

/** File offsets of the constants, one after the other from `start`, each aligned to 16. */
function layOut(constants: readonly (Uint8Array | null)[], start: number): number[] {
  let at = start;
  return constants.filter((data) => data !== null).map((data) => {
    const place = at;
    at = align(at + data.length);
    return place;
  });
}

function writeGraph(builder: Builder, model: ModelDescription, constants: readonly (Uint8Array | null)[]): number {
  const resolve = (ref: TensorRef): number => {
    if (typeof ref === 'number') return ref;
    const index = model.tensors.findIndex((tensor) => tensor.name === ref);
    if (index < 0) throw new TypeError(`no tensor is named ${JSON.stringify(ref)}`);
    return index;
  };
  let buffer = 0;
  const tensors = offsetVector(builder, model.tensors.map((tensor, i) => writeTensor(builder, tensor, constants[i] === null ? 0 : ++buffer)));
  const operators = offsetVector(builder, model.operators.map((operator, i) => writeOperator(builder, operator, codeOf(operator.op).name, {
    opcode: i, inputs: operator.inputs.map(resolve), outputs: operator.outputs.map(resolve), intermediates: (operator.intermediates ?? []).map(resolve),
  })));
  const inputs = int32Vector(builder, model.inputs.map(resolve));
  const outputs = int32Vector(builder, model.outputs.map(resolve));
  const name = builder.createString(model.name ?? 'main');
  builder.startObject(5);
  [tensors, inputs, outputs, operators, name].forEach((offset, id) => builder.addFieldOffset(id, offset, 0));
  return builder.endObject();
}

function codeOf(op: OperatorDescription['op']): { code: number; name: string; custom: string } {
  if (typeof op === 'object') return { code: CUSTOM, name: 'CUSTOM', custom: op.custom };
  const code = typeof op === 'number' ? op : operatorCode(op);
  if (code === null) throw new TypeError(`no operator is named ${JSON.stringify(op)}`);
  return { code, name: operatorName(code), custom: '' };
}
