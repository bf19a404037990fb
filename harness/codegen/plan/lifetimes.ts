import type { Graph } from '../../model/graph.ts';

/** Operators whose output holds the bytes of input 0 unchanged, under another shape. */
const VIEW_OPERATORS: ReadonlySet<string> = new Set(['RESHAPE']);

/** One piece of memory: the tensors that share it, and when its content is needed. */
export interface Buffer {
  /** .tflite tensor indices; more than one where a RESHAPE only gives the same bytes another shape. */
  readonly tensors: readonly number[];
  readonly bytes: number;
  /** Operator index that fills it; -1 for inputs of the graph. */
  readonly first: number;
  /** Last operator index that needs it; the number of operators for outputs of the graph (the caller reads them then). */
  readonly last: number;
  readonly isInput: boolean;
  readonly isOutput: boolean;
}

/** True where the two must not share memory. */
export function conflict(a: Buffer, b: Buffer): boolean {
  // Whoever runs the network may write (poison) the outputs after the inputs are in place, so these two never overlap,
  // although an input is dead by the time the output is computed.
  if ((a.isInput && b.isOutput) || (a.isOutput && b.isInput)) return true;
  return a.first <= b.last && b.first <= a.last;
}

/**
 * Buffers of all activations of the graph (constants and state are not planned), in order of their first tensor.
 *
 * @param bytesOf size of a tensor in bytes; called for activations only
 */
export function findBuffers(graph: Graph, bytesOf: (tensor: number) => number): Buffer[] {
  const isActivation = (tensor: number): boolean => {
    const t = graph.tensors[tensor];
    return t !== undefined && t.data === null && !t.isVariable;
  };
  const isInput = new Set(graph.inputs);
  const isOutput = new Set(graph.outputs);
  const owner = new Map<number, number>();
  const rootOf = (tensor: number): number => owner.get(tensor) ?? tensor;
  // A view may chain input to output: then they would be one buffer, which conflict() forbids. Such a view is a copy.
  const groupHasInput = new Map<number, boolean>();
  const life = new Map<number, { first: number; last: number }>();
  const touch = (tensor: number, at: number): void => {
    if (!isActivation(tensor)) return;
    const span = life.get(tensor);
    if (span === undefined) life.set(tensor, { first: at, last: at });
    else life.set(tensor, { first: Math.min(span.first, at), last: Math.max(span.last, at) });
  };

  for (const tensor of graph.inputs) touch(tensor, -1);
  for (const operator of graph.operators) {
    for (const tensor of operator.inputs) if (tensor >= 0) touch(tensor, operator.index);
    for (const tensor of operator.outputs) touch(tensor, operator.index);
    const [from] = operator.inputs;
    const [to] = operator.outputs;
    if (!VIEW_OPERATORS.has(operator.name) || from === undefined || to === undefined) continue;
    if (!isActivation(from) || !isActivation(to) || isInput.has(to)) continue;
    const root = rootOf(from);
    const fromInput = groupHasInput.get(root) ?? isInput.has(root);
    if (fromInput && reachesOutput(graph, to, isOutput)) continue;
    owner.set(to, root);
    groupHasInput.set(root, fromInput);
  }
  for (const tensor of graph.outputs) touch(tensor, graph.operators.length);

  const groups = new Map<number, number[]>();
  for (const tensor of [...life.keys()].sort((a, b) => a - b)) {
    const root = rootOf(tensor);
    groups.set(root, [...(groups.get(root) ?? []), tensor]);
  }
  return [...groups.values()].map((tensors) => {
    const spans = tensors.map((tensor) => life.get(tensor) ?? { first: 0, last: 0 });
    return {
      tensors,
      bytes: Math.max(...tensors.map(bytesOf)),
      first: Math.min(...spans.map((span) => span.first)),
      last: Math.max(...spans.map((span) => span.last)),
      isInput: tensors.some((tensor) => isInput.has(tensor)),
      isOutput: tensors.some((tensor) => isOutput.has(tensor)),
    };
  });
}

/** True if the tensor is an output of the graph, or becomes one through views alone. */
function reachesOutput(graph: Graph, tensor: number, isOutput: ReadonlySet<number>): boolean {
  const reached = new Set([tensor]);
  for (const operator of graph.operators) {
    const [from] = operator.inputs;
    const [to] = operator.outputs;
    if (VIEW_OPERATORS.has(operator.name) && from !== undefined && to !== undefined && reached.has(from)) reached.add(to);
  }
  return [...reached].some((index) => isOutput.has(index));
}
