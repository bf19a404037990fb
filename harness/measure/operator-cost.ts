import type { Graph, Operator, Tensor } from '../model/graph.ts';
import { formulaOf } from './formulas.ts';

/**
 * The work of one operator in one invocation, from shapes alone: it says nothing about how well a kernel does it.
 * Memory traffic is the least a kernel can do with: each element is moved once (weights of a recurrent layer once a step),
 * in whatever order, so that it does not depend on a kernel's blocking.
 */
export interface OperatorCost {
  readonly index: number;
  readonly name: string;
  /** Multiply-accumulates. */
  readonly macs: number;
  /** Operations on an element besides them: additions, comparisons, look-ups, rescalings. */
  readonly otherOps: number;
  /** Constants read: weights, biases (flash on a microcontroller). */
  readonly weightBytes: number;
  /** Activations and state read and written (RAM). */
  readonly readBytes: number;
  readonly writtenBytes: number;
  /** False where hil has no formula for the operator and counted one operation for each output element. */
  readonly exact: boolean;
}

/** What a formula gets to see of an operator. */
export interface Shapes {
  readonly options: Operator['options'];
  /** Shape of the k-th input; [] where it is omitted. */
  readonly input: (k: number) => readonly number[];
  readonly inputElements: (k: number) => number;
  readonly outputElements: number;
  readonly inputs: number;
}

/** What a formula answers. `steps`: how often the constants are read; `moves` false: nothing is moved (a new shape for old data). */
export interface Work {
  readonly macs?: number;
  readonly otherOps?: number;
  readonly steps?: number;
  readonly moves?: boolean;
}

/** Costs of all operators of a graph, in order. */
export function costOfOperators(graph: Graph): OperatorCost[] {
  return graph.operators.map((operator) => costOfOperator(graph, operator));
}

/** Sum over several operators, e.g. those that a fused layer covers. */
export function sumCosts(costs: readonly OperatorCost[]): Omit<OperatorCost, 'index' | 'name'> {
  const sum = (of: (cost: OperatorCost) => number): number => costs.reduce((total, cost) => total + of(cost), 0);
  return {
    macs: sum((c) => c.macs), otherOps: sum((c) => c.otherOps), weightBytes: sum((c) => c.weightBytes),
    readBytes: sum((c) => c.readBytes), writtenBytes: sum((c) => c.writtenBytes), exact: costs.every((c) => c.exact),
  };
}

function costOfOperator(graph: Graph, operator: Operator): OperatorCost {
  const tensor = (index: number | undefined): Tensor | null => (index === undefined || index < 0 ? null : graph.tensors[index] ?? null);
  const outputs = operator.outputs.map(tensor).filter((each) => each !== null);
  const outputElements = outputs.reduce((sum, each) => sum + each.elements, 0);
  const formula = formulaOf(operator.name);
  const work: Work = formula?.({
    options: operator.options, outputElements, inputs: operator.inputs.length,
    input: (k) => tensor(operator.inputs[k])?.shape ?? [],
    inputElements: (k) => tensor(operator.inputs[k])?.elements ?? 0,
  }) ?? { otherOps: outputElements };
  const steps = work.steps ?? 1;
  const moves = work.moves ?? true;
  let weightBytes = 0;
  let readBytes = 0;
  let writtenBytes = outputs.reduce((sum, each) => sum + bytesOf(each), 0);
  for (const index of operator.inputs) {
    const each = tensor(index);
    if (each === null) continue;
    if (each.data !== null) weightBytes += each.data.length * steps;
    else readBytes += bytesOf(each) * (each.isVariable ? steps : 1);
    if (each.isVariable) writtenBytes += bytesOf(each) * steps;
  }
  return {
    index: operator.index, name: operator.name, macs: work.macs ?? 0, otherOps: work.otherOps ?? 0,
    weightBytes: moves ? weightBytes : 0, readBytes: moves ? readBytes : 0, writtenBytes: moves ? writtenBytes : 0, exact: formula !== null,
  };
}

const BYTES: Readonly<Record<string, number>> = { float16: 2, int16: 2, uint16: 2, float32: 4, int32: 4, uint32: 4, float64: 8, int64: 8, uint64: 8, complex64: 8, complex128: 16, int4: 0.5 };

function bytesOf(tensor: Tensor): number {
  return Math.ceil(tensor.elements * (BYTES[tensor.dtype] ?? 1));
}
