import type { Graph } from '../graph.ts';
import { refusal } from '../bounded/refusal.ts';
import type { Table } from '../bounded/table.ts';
import type { ModelBuffer } from './buffers.ts';
import { checkDataFlow } from './data-flow.ts';
import type { OperatorCode } from './operator-codes.ts';
import { readIndices, readOperator } from './operator.ts';
import { readTensor } from './tensor.ts';

/**
 * One SubGraph table.
 * @param isMain the main graph must have an output
 * @throws model.damaged, model.invalid, model.unsupported, model.too-large
 */
export function readGraph(table: Table, codes: readonly OperatorCode[], buffers: readonly ModelBuffer[], isMain: boolean): Graph {
  const tensors = table.tables(0, 'tensors').map((entry, i) => readTensor(entry, i, buffers));
  const inputs = readIndices(table, 1, 'inputs', tensors.length, 0);
  const outputs = readIndices(table, 2, 'outputs', tensors.length, 0);
  if (isMain && outputs.length === 0) throw refusal('model.invalid', table.offsetOf(2, 'outputs'), table.field('outputs'), 'a model needs at least one output');
  const operatorTables = table.tables(3, 'operators');
  const operators = operatorTables.map((entry, i) => readOperator(entry, i, codes, tensors.length));
  const graph = { name: table.string(4, 'name'), tensors, operators, inputs, outputs };
  checkDataFlow(graph, table, operatorTables);
  return graph;
}
