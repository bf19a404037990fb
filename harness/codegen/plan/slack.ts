import { BYTES_PER_ELEMENT, type Graph, type Operator } from '../../model/graph.ts';
import { findBuffers } from './lifetimes.ts';

/** How far above the sum of the live tensors an arena may grow for the sake of speed. */
const ALLOWANCE = 0.05;

/**
 * Bytes that an operator can use beside the tensors that live while it runs without the arena growing by more than 5 % over the
 * greatest sum of live tensors (nothing in place, no scratch).
 */
export function memorySlack(graph: Graph, operator: Operator): number {
  const buffers = findBuffers(graph, (index) => (graph.tensors[index]?.elements ?? 0) * BYTES_PER_ELEMENT[graph.tensors[index]?.dtype ?? 'int8'], []);
  const live = graph.operators.map(({ index }) => buffers.reduce((sum, { first, last, bytes }) => (first <= index && index <= last ? sum + bytes : sum), 0));
  return Math.floor(Math.max(0, ...live) * (1 + ALLOWANCE)) - (live[operator.index] ?? 0);
}
