import { BYTES_PER_ELEMENT } from '../graph.ts';
import type { DType, Tensor } from '../graph.ts';
import { refusal } from '../bounded/refusal.ts';
import type { Table } from '../bounded/table.ts';
import { TENSOR_TYPES } from '../schema/dtypes.ts';
import type { ModelBuffer } from './buffers.ts';
import { readQuantisation } from './quantisation.ts';

const MAX_ELEMENTS = 2 ** 31 - 1;
/** Far beyond any kernel; keeps messages and loops short whatever the file says. */
const MAX_RANK = 16;

/**
 * One Tensor table with its constant data (a view into the file).
 * @throws model.damaged, model.invalid, model.unsupported (sparse tensors, data in other files, types without a kernel)
 */
export function readTensor(table: Table, index: number, buffers: readonly ModelBuffer[]): Tensor {
  const dtype = readType(table);
  const shape = readShape(table);
  const elements = countElements(table, shape);
  const quantisationTable = table.table(4, 'quantization');
  const isVariable = table.bool(5, 'is_variable');
  if (table.has(6, 'sparsity')) throw refusal('model.unsupported', table.offsetOf(6, 'sparsity'), table.field('sparsity'), 'sparse tensors; convert the model without sparsity');
  if (table.uint32(10, 'external_buffer') !== 0) {
    throw refusal('model.unsupported', table.offsetOf(10, 'external_buffer'), table.field('external_buffer'), 'weights in another file');
  }
  const data = readData(table, dtype, elements, shape, buffers);
  if (isVariable && data !== null) throw refusal('model.invalid', table.offsetOf(5, 'is_variable'), table.field('is_variable'), 'a variable tensor with constant data');
  return {
    index, name: table.string(3, 'name'), dtype, shape, elements, isVariable, data,
    quantisation: quantisationTable === null ? null : readQuantisation(quantisationTable, dtype, shape),
  };
}

function readType(table: Table): DType {
  const code = table.int8(1, 'type');
  const dtype = TENSOR_TYPES[code];
  if (dtype === undefined) throw refusal('model.invalid', table.offsetOf(1, 'type'), table.field('type'), `${code} is no tensor type`);
  if (dtype === null) throw refusal('model.unsupported', table.offsetOf(1, 'type'), table.field('type'), `tensor type ${code}`);
  return dtype;
}

function readShape(table: Table): number[] {
  const vector = table.vector(0, 'shape', 4);
  if (vector === null) return [];
  if (vector.length > MAX_RANK) throw refusal('model.too-large', vector.start, vector.field, `${vector.length} dimensions, at most ${MAX_RANK} are read`);
  const shape = vector.int32s();
  const negative = shape.findIndex((size) => size < 0);
  if (negative >= 0) throw refusal('model.invalid', vector.start + 4 * negative, `${vector.field}[${negative}]`, `dimension ${shape[negative]} is negative`);
  return shape;
}

function countElements(table: Table, shape: readonly number[]): number {
  const elements = shape.reduce((product, size) => product * size, 1);
  if (elements > MAX_ELEMENTS) {
    throw refusal('model.too-large', table.offsetOf(0, 'shape'), table.field('shape'), `[${shape.join(', ')}] has ${elements} elements, at most ${MAX_ELEMENTS} are read`);
  }
  return elements;
}

function readData(table: Table, dtype: DType, elements: number, shape: readonly number[], buffers: readonly ModelBuffer[]): Uint8Array | null {
  const number = table.uint32(2, 'buffer');
  const at = table.offsetOf(2, 'buffer');
  if (number >= Math.max(1, buffers.length)) throw refusal('model.invalid', at, table.field('buffer'), `buffer ${number} of ${buffers.length}`);
  const data = buffers[number]?.data ?? null;
  if (data === null) return null;
  const size = dtype === 'int4' ? Math.ceil(elements / 2) : elements * BYTES_PER_ELEMENT[dtype];
  if (size !== data.length && (dtype === 'int4' || BYTES_PER_ELEMENT[dtype] > 0)) {
    throw refusal('model.invalid', at, table.field('buffer'), `buffer ${number} has ${data.length} bytes, ${dtype} [${shape.join(', ')}] needs ${size}`);
  }
  return data;
}
