import type { Operator } from '../graph.ts';
import { refusal } from '../bounded/refusal.ts';
import type { Table } from '../bounded/table.ts';
import type { OperatorCode } from './operator-codes.ts';
import { readOptions } from './options.ts';

/** One Operator table; its tensor indices are checked against `tensorCount`. @throws model.damaged, model.invalid */
export function readOperator(table: Table, index: number, codes: readonly OperatorCode[], tensorCount: number): Operator {
  const opcode = table.uint32(0, 'opcode_index');
  const code = codes[opcode];
  if (code === undefined) throw refusal('model.invalid', table.offsetOf(0, 'opcode_index'), table.field('opcode_index'), `operator code ${opcode} of ${codes.length}`);
  return {
    index, ...code,
    inputs: readIndices(table, 1, 'inputs', tensorCount, -1),
    outputs: readIndices(table, 2, 'outputs', tensorCount, 0),
    intermediates: readIndices(table, 8, 'intermediates', tensorCount, -1),
    options: readOptions(table, code.name),
  };
}

/** A vector of tensor indices from `least` (-1: may be omitted) to count - 1; [] where absent. @throws model.invalid */
export function readIndices(table: Table, id: number, name: string, count: number, least: number): number[] {
  const vector = table.vector(id, name, 4);
  if (vector === null) return [];
  const indices = vector.int32s();
  indices.forEach((value, i) => {
    if (value < least || value >= count) throw refusal('model.invalid', vector.start + 4 * i, `${vector.field}[${i}]`, `tensor ${value} of ${count}`);
  });
  return indices;
}
