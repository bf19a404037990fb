import type { Graph, Tensor } from '../graph.ts';
import { refusal } from '../bounded/refusal.ts';
import type { Table } from '../bounded/table.ts';

/**
 * The graph as a program: every tensor gets its value once, and before it is read. Constants, state, graph inputs and tensors
 * without elements have theirs from the start.
 * @throws model.invalid naming the operator and tensor
 */
export function checkDataFlow(graph: Graph, table: Table, operatorTables: readonly Table[]): void {
  const { tensors } = graph;
  const known = tensors.map((tensor) => tensor.data !== null || tensor.isVariable || tensor.elements === 0);
  const produced = new Uint8Array(tensors.length);
  const invalid = (at: Table, id: number, name: string, i: number, what: string): never => {
    throw refusal('model.invalid', at.offsetOf(id, name), `${at.field(name)}[${i}]`, what);
  };
  graph.inputs.forEach((index, i) => {
    if ((tensors[index] as Tensor).data !== null) invalid(table, 1, 'inputs', i, `tensor ${index} is a constant`);
    if (produced[index] === 1) invalid(table, 1, 'inputs', i, `tensor ${index} is an input twice`);
    known[index] = true;
    produced[index] = 1;
  });
  graph.operators.forEach((operator, o) => {
    const at = operatorTables[o] as Table;
    operator.inputs.forEach((index, i) => {
      if (index >= 0 && !known[index]) invalid(at, 1, 'inputs', i, `tensor ${index} is read before anything wrote it`);
    });
    operator.outputs.forEach((index, i) => {
      if ((tensors[index] as Tensor).data !== null) invalid(at, 2, 'outputs', i, `tensor ${index} is a constant`);
      if (produced[index] === 1) invalid(at, 2, 'outputs', i, `tensor ${index} was written before`);
      known[index] = true;
      produced[index] = 1;
    });
  });
  graph.outputs.forEach((index, i) => {
    if (!known[index]) invalid(table, 2, 'outputs', i, `nothing writes tensor ${index}`);
  });
}
