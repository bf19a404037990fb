import type { Graph, Operator } from '../../model/graph.ts';

/** What an operator asks of the memory plan. */
export interface OperatorMemory {
  /** Memory that it needs while it runs, bytes; 0 for none. */
  readonly scratchBytes: number;
  /** Output 0 holds the bytes of input 0 unchanged (RESHAPE): if they can share a buffer there is nothing to compute. */
  readonly view?: boolean;
  /**
   * Pairs of output slot and input slot that may be the same memory, for an input that nothing reads later: the operator
   * computes element after element, and has read whatever it needs of the input before it overwrites it.
   */
  readonly inPlace?: readonly { readonly output: number; readonly input: number }[];
}

/** One piece of memory: the tensors that share it, and when its content is needed. */
export interface Buffer {
  /** .tflite tensor indices; more than one where one is computed over another, or is the same bytes under another shape. */
  readonly tensors: readonly number[];
  /** The operator whose scratch memory it is; null for tensors. */
  readonly scratchOf: number | null;
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
  return a.first <= b.last && b.first <= a.last;
}

/**
 * Buffers of all activations of the graph and the scratch memory of its operators (constants and state are not planned): in order
 * of their first tensor, scratch last.
 *
 * @param bytesOf size of a tensor in bytes; called for activations only
 * @param needs one an operator
 */
export function findBuffers(graph: Graph, bytesOf: (tensor: number) => number, needs: readonly OperatorMemory[]): Buffer[] {
  const lives = livesOf(graph);
  const groups = new Groups(graph, lives, bytesOf);
  for (const operator of graph.operators) {
    const need = needs[operator.index];
    const [from = -1] = operator.inputs;
    const [to = -1] = operator.outputs;
    if (need?.view === true) groups.join(from, to);
    for (const { input, output } of need?.inPlace ?? []) {
      if (groups.join(operator.inputs[input] ?? -1, operator.outputs[output] ?? -1, operator)) break;
    }
  }
  const scratch = graph.operators.flatMap(({ index }): Buffer[] => {
    const bytes = needs[index]?.scratchBytes ?? 0;
    return bytes === 0 ? [] : [{ tensors: [], scratchOf: index, bytes, first: index, last: index, isInput: false, isOutput: false }];
  });
  return [...groups.buffers(), ...scratch];
}

interface Life { readonly first: number; readonly last: number }

/** When the content of each activation is needed: from the operator that computes it to the last one that reads it. */
function livesOf(graph: Graph): ReadonlyMap<number, Life> {
  const lives = new Map<number, Life>();
  const touch = (tensor: number, at: number): void => {
    const t = graph.tensors[tensor];
    // A resource is a name for a variable, not data.
    if (t === undefined || t.data !== null || t.isVariable || t.dtype === 'resource') return;
    const life = lives.get(tensor) ?? { first: at, last: at };
    lives.set(tensor, { first: Math.min(life.first, at), last: Math.max(life.last, at) });
  };
  for (const tensor of graph.inputs) touch(tensor, -1);
  for (const operator of graph.operators) {
    // An input without elements (the shape of a scalar) is a constant, although it has no data.
    const inputs = operator.inputs.filter((tensor) => graph.tensors[tensor]?.elements !== 0);
    for (const tensor of [...inputs, ...operator.outputs]) touch(tensor, operator.index);
  }
  for (const tensor of graph.outputs) touch(tensor, graph.operators.length);
  return lives;
}

/** Tensors that share a buffer. */
class Groups {
  readonly #graph: Graph;
  readonly #lives: ReadonlyMap<number, Life>;
  readonly #bytesOf: (tensor: number) => number;
  /** tensor -> the members of its group, one array for all of them */
  readonly #members: Map<number, number[]>;

  constructor(graph: Graph, lives: ReadonlyMap<number, Life>, bytesOf: (tensor: number) => number) {
    this.#graph = graph;
    this.#lives = lives;
    this.#bytesOf = bytesOf;
    this.#members = new Map([...lives.keys()].map((tensor) => [tensor, [tensor]]));
  }

  /**
   * Puts `to` into the buffer of `from` if that can be; returns whether they share it now.
   * @param inPlace the operator that computes `to` over `from` (then nothing may need `from` afterwards); none for a view
   */
  join(from: number, to: number, inPlace?: Operator): boolean {
    const a = this.#members.get(from);
    const b = this.#members.get(to);
    if (a === undefined || b === undefined || a === b) return false;
    // An output computed over an input, or the input itself, would still be there where the network failed to write it.
    const all = [...a, ...b];
    if (all.some((t) => this.#graph.inputs.includes(t)) && all.some((t) => this.#graph.outputs.includes(t))) return false;
    if (inPlace !== undefined && !this.#canOverwrite(a, from, to, inPlace)) return false;
    for (const tensor of all) this.#members.set(tensor, all);
    return true;
  }

  /** True if nothing needs the group after the operator, and the operator reads it through this one tensor only. */
  #canOverwrite(group: readonly number[], from: number, to: number, operator: Operator): boolean {
    if (this.#bytesOf(to) > this.#bytesOf(from)) return false;
    if (group.some((tensor) => (this.#lives.get(tensor)?.last ?? Infinity) > operator.index)) return false;
    const reads = operator.inputs.filter((tensor) => group.includes(tensor));
    return reads.every((tensor) => tensor === from) && operator.outputs.every((tensor) => !group.includes(tensor));
  }

  buffers(): Buffer[] {
    const distinct = new Set([...this.#members].sort(([a], [b]) => a - b).map(([, members]) => members));
    return [...distinct].map((members) => {
      const tensors = [...members].sort((a, b) => a - b);
      const lives = tensors.map((tensor) => this.#lives.get(tensor) ?? { first: 0, last: 0 });
      return {
        tensors,
        scratchOf: null,
        bytes: Math.max(...tensors.map(this.#bytesOf)),
        first: Math.min(...lives.map(({ first }) => first)),
        last: Math.max(...lives.map(({ last }) => last)),
        isInput: tensors.some((tensor) => this.#graph.inputs.includes(tensor)),
        isOutput: tensors.some((tensor) => this.#graph.outputs.includes(tensor)),
      };
    });
  }
}
