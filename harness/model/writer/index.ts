import { Builder } from 'flatbuffers';
import { CUSTOM, operatorCode, operatorName } from '../schema/operators.ts';
import type { GraphDescription, ModelDescription, OperatorDescription, TensorRef } from './description.ts';
import { encodeData } from './encode.ts';
import { int32Vector, offsetVector, writeBuffer, writeOperator, writeOperatorCode, writeTensor } from './tables.ts';

export type { GraphDescription, ModelDescription, OperatorDescription, TensorDescription, TensorRef } from './description.ts';

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

/** A constant and, where constants go outside, its offset in the file. */
interface Constant {
  readonly bytes: Uint8Array;
  readonly at: number;
}

/** @param outside file offset of the constant data, or null where it goes inside */
function build(model: ModelDescription, outside: number | null): Uint8Array {
  const builder = new Builder(1024);
  const constants = layOut(model, outside ?? 0);
  const buffers = offsetVector(builder, [writeBuffer(builder, null, false), ...constants.map((entry) => writeBuffer(builder, entry, outside !== null))]);
  const all = graphsOf(model);
  const first = { buffer: 1, opcode: 0 };
  const graphs = offsetVector(builder, all.map((graph, g) => {
    const offset = writeGraph(builder, graph, g, first);
    first.buffer += graph.tensors.filter(({ data }) => data !== undefined).length;
    first.opcode += graph.operators.length;
    return offset;
  }));
  const codes = offsetVector(builder, all.flatMap(({ operators }) => operators).map((operator) => {
    const { code, custom } = codeOf(operator.op);
    return writeOperatorCode(builder, code, custom, operator.version ?? 1);
  }));
  const description = builder.createString(model.description ?? '');
  builder.startObject(5);
  builder.addFieldInt32(0, model.version ?? 3, 0);
  [codes, graphs, description, buffers].forEach((offset, i) => builder.addFieldOffset(i + 1, offset, 0));
  builder.finish(builder.endObject(), 'TFL3');
  const flatbuffer = builder.asUint8Array();
  if (outside === null || outside === 0) return flatbuffer.slice();
  const file = new Uint8Array(Math.max(outside, ...constants.map(({ bytes, at }) => at + bytes.length)));
  file.set(flatbuffer);
  for (const { bytes, at } of constants) file.set(bytes, at);
  return file;
}

const graphsOf = (model: ModelDescription): readonly GraphDescription[] => [model, ...(model.subgraphs ?? [])];

/** Constants in the order of their tensors, one after the other from `start`, each aligned to 16. */
function layOut(model: ModelDescription, start: number): Constant[] {
  let next = start;
  return graphsOf(model).flatMap(({ tensors }) => tensors).flatMap(({ dtype, data }) => {
    if (data === undefined) return [];
    const constant = { bytes: encodeData(dtype, data), at: next };
    next = align(next + constant.bytes.length);
    return [constant];
  });
}

/** @param first buffer and operator code of this graph's first constant and operator: each has its own */
function writeGraph(builder: Builder, model: GraphDescription, index: number, first: { readonly buffer: number; readonly opcode: number }): number {
  const resolve = (ref: TensorRef): number => {
    if (typeof ref === 'number') return ref;
    const found = model.tensors.findIndex((tensor) => tensor.name === ref);
    if (found < 0) throw new TypeError(`no tensor is named ${JSON.stringify(ref)}`);
    return found;
  };
  let { buffer } = first;
  const tensors = offsetVector(builder, model.tensors.map((tensor) => writeTensor(builder, tensor, tensor.data === undefined ? 0 : buffer++)));
  const operators = offsetVector(builder, model.operators.map((operator, i) => writeOperator(builder, operator, codeOf(operator.op).name, {
    opcode: first.opcode + i, inputs: operator.inputs.map(resolve), outputs: operator.outputs.map(resolve), intermediates: (operator.intermediates ?? []).map(resolve),
  })));
  const inputs = int32Vector(builder, model.inputs.map(resolve));
  const outputs = int32Vector(builder, model.outputs.map(resolve));
  const name = builder.createString(model.name ?? (index === 0 ? 'main' : `graph${index}`));
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
