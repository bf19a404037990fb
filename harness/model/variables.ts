import { BYTES_PER_ELEMENT } from './graph.ts';
import type { Graph, Model, Tensor } from './graph.ts';

/** A resource variable: state that operators name by a handle, shared by all graphs of a model. */
export interface ResourceVariable {
  /** 0, 1, 2, ... in the order in which handles name them. */
  readonly index: number;
  /** Untrusted text. */
  readonly name: string;
  /** The tensor that decides its size, type and start: the first value that is assigned to it. */
  readonly value: Tensor;
  readonly bytes: number;
  /** Every byte of it at the start, -128 to 127. */
  readonly startByte: number;
}

/** The variables of a model, and which tensor of which graph is a handle of which. */
export interface ResourceVariables {
  readonly all: readonly ResourceVariable[];
  /** The variable that a resource tensor names; null for anything else, for a variable that nothing assigns, or of several containers. */
  of(graph: Graph, tensor: number): ResourceVariable | null;
}

/**
 * Finds the variables of all graphs as TFLM does while it prepares them: a handle names a variable by container and name, and the
 * first ASSIGN_VARIABLE that is prepared gives it its memory, filled with the value's zero point cut to a byte, whatever its type.
 * (micro_resource_variable.cc: CreateIdIfNoneFound, Allocate; var_handle.cc; assign_variable.cc)
 */
export function resourceVariables(model: Model): ResourceVariables {
  const containers = new Map<string, Set<unknown>>();
  const handles = new Map<Graph, Map<number, string>>();
  const values = new Map<string, Tensor>();
  for (const graph of model.subgraphs) {
    const own = new Map<number, string>();
    handles.set(graph, own);
    for (const { name, inputs, outputs, options } of graph.operators) {
      if (name === 'VAR_HANDLE') {
        const shared = String(options.shared_name);
        containers.set(shared, (containers.get(shared) ?? new Set()).add(options.container));
        own.set(outputs[0] ?? -1, shared);
      }
      const shared = name === 'ASSIGN_VARIABLE' ? own.get(inputs[0] ?? -1) : undefined;
      const value = graph.tensors[inputs[1] ?? -1];
      if (shared !== undefined && value !== undefined && !values.has(shared)) values.set(shared, value);
    }
  }
  // In TFLM a container that is left out fits any other: which variable is meant would depend on the order.
  const clear = [...containers].filter(([name, of]) => of.size === 1 && values.has(name)).map(([name]) => name);
  const all = clear.map((name, index): ResourceVariable => {
    const value = values.get(name) as Tensor;
    return { index, name, value, bytes: value.elements * BYTES_PER_ELEMENT[value.dtype], startByte: ((value.quantisation?.zeroPoint[0] ?? 0) << 24) >> 24 };
  });
  return { all, of: (graph, tensor) => all.find(({ name }) => name === handles.get(graph)?.get(tensor)) ?? null };
}
