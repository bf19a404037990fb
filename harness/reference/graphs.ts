import { HilError } from '../errors.ts';
import { resourceVariables } from '../model/index.ts';
import type { Graph, Model, ResourceVariable } from '../model/index.ts';
import { allocateTensors, resetState } from './memory.ts';
import type { TensorData } from './runner.ts';

/** A graph that an operator calls: fill tensors[graph.inputs[k]], run(), read tensors[graph.outputs[k]]. */
export interface Subgraph {
  readonly graph: Graph;
  readonly tensors: readonly TensorData[];
  run(): void;
}

/** Makes the kernels of a graph. @throws HilError 'config' reference.unsupported */
export type PrepareGraph = (graph: Graph, tensors: readonly TensorData[], graphs: ModelGraphs) => readonly (() => void)[];

/** A variable and its memory, which all graphs share. */
export interface VariableMemory {
  readonly variable: ResourceVariable;
  readonly bytes: Uint8Array;
}

/** What the graphs of one runner have in common: each other, resource variables, and the way back to the start. */
export class ModelGraphs {
  readonly #model: Model;
  readonly #prepare: PrepareGraph;
  readonly #prepared = new Map<number, Subgraph | null>();
  readonly #variables;
  readonly #memory: readonly VariableMemory[];
  readonly #resets: (() => void)[] = [];

  constructor(model: Model, prepare: PrepareGraph) {
    this.#model = model;
    this.#prepare = prepare;
    this.#variables = resourceVariables(model);
    this.#memory = this.#variables.all.map((variable) => ({ variable, bytes: new Uint8Array(variable.bytes).fill(variable.startByte) }));
  }

  /**
   * A graph beside the main one, prepared at its first use: whoever calls it shares its tensors.
   * @throws HilError 'config' reference.subgraph where it does not exist or calls itself; reference.unsupported
   */
  subgraph(index: number): Subgraph {
    const known = this.#prepared.get(index);
    const graph = this.#model.subgraphs[index];
    if (known === null || index === 0) throw new HilError('config', 'reference.subgraph', `graph ${index} calls itself`);
    if (graph === undefined) throw new HilError('config', 'reference.subgraph', `there is no graph ${index}`);
    if (known !== undefined) return known;
    this.#prepared.set(index, null);
    const tensors = allocateTensors(graph);
    const kernels = this.#prepare(graph, tensors, this);
    const made = { graph, tensors, run: () => kernels.forEach((kernel) => kernel()) };
    this.#prepared.set(index, made);
    return made;
  }

  /** The variable that a resource tensor of a graph names; null where it is none, or nothing assigns it. */
  variable(graph: Graph, tensor: number): VariableMemory | null {
    const variable = this.#variables.of(graph, tensor);
    return variable === null ? null : (this.#memory[variable.index] ?? null);
  }

  /** Calls `work` at every reset. */
  onReset(work: () => void): void {
    this.#resets.push(work);
  }

  /** State of the called graphs and all variables as at the start. (TFLM micro_resource_variable.cc, ResetAll) */
  reset(): void {
    for (const subgraph of this.#prepared.values()) if (subgraph !== null) resetState(subgraph.graph, subgraph.tensors);
    for (const { variable, bytes } of this.#memory) bytes.fill(variable.startByte);
    for (const work of this.#resets) work();
  }
}
