import { HilError } from '../../errors.ts';
import { BYTES_PER_ELEMENT, type Graph } from '../../model/graph.ts';
import { findBuffers, type OperatorMemory } from './lifetimes.ts';
import { pack, type PlacedBuffer } from './pack.ts';

export { ARENA_ALIGNMENT, type PlacedBuffer } from './pack.ts';
export { conflict, type OperatorMemory } from './lifetimes.ts';

/** Where every activation lives, and what the network needs in RAM. All sizes in bytes. */
export interface MemoryPlan {
  readonly buffers: readonly PlacedBuffer[];
  /** Activations that only exist as another shape of a buffer count once. */
  readonly arenaBytes: number;
  /** Greatest sum of the buffers that are needed at the same time: no plan can be smaller. */
  readonly peakBytes: number;
  /** Operator index at which the peak is reached (-1: before the first). */
  readonly peakAt: number;
  /** Variable tensors (state), which live outside the arena. */
  readonly state: readonly { readonly tensor: number; readonly bytes: number }[];
  readonly stateBytes: number;
  /** Scratch memory in the arena, one entry an operator that needs some. */
  readonly scratch: readonly { readonly operator: number; readonly offset: number; readonly bytes: number }[];
  /** Offset of an activation in the arena. Throws HilError config for a tensor that has none. */
  offsetOf(tensor: number): number;
  /** True if the two tensors are the same bytes of the arena. */
  sameBuffer(a: number, b: number): boolean;
}

function bytesOf(graph: Graph, index: number): number {
  const tensor = graph.tensors[index];
  const size = tensor === undefined ? 0 : BYTES_PER_ELEMENT[tensor.dtype];
  if (tensor === undefined || size === 0 || tensor.elements === 0) {
    throw new HilError('config', 'codegen.tensor-size', `Tensor ${index} (${tensor?.dtype ?? 'missing'}) has no fixed size, so it can't be placed in memory.`);
  }
  return tensor.elements * size;
}

/**
 * The memory plan that generateC() uses.
 *
 * @param needs what each operator asks for; missing ones ask for nothing
 * @throws HilError config where a tensor has no fixed size
 */
export function planMemory(graph: Graph, needs: readonly OperatorMemory[]): MemoryPlan {
  const { placed, bytes } = pack(findBuffers(graph, (tensor) => bytesOf(graph, tensor), needs));
  const byTensor = new Map<number, PlacedBuffer>();
  for (const buffer of placed) for (const tensor of buffer.tensors) byTensor.set(tensor, buffer);
  let peakBytes = 0;
  let peakAt = -1;
  for (let at = -1; at <= graph.operators.length; at += 1) {
    const live = placed.filter((buffer) => buffer.first <= at && at <= buffer.last).reduce((sum, buffer) => sum + buffer.bytes, 0);
    if (live > peakBytes) {
      peakBytes = live;
      peakAt = at;
    }
  }
  const state = graph.tensors.filter((tensor) => tensor.isVariable).map((tensor) => ({ tensor: tensor.index, bytes: bytesOf(graph, tensor.index) }));
  return {
    buffers: placed,
    arenaBytes: bytes,
    peakBytes,
    peakAt,
    state,
    scratch: placed.flatMap(({ scratchOf, offset, bytes: size }) => (scratchOf === null ? [] : [{ operator: scratchOf, offset, bytes: size }])),
    stateBytes: state.reduce((sum, entry) => sum + entry.bytes, 0),
    offsetOf(tensor) {
      const buffer = byTensor.get(tensor);
      if (buffer === undefined) throw new HilError('config', 'codegen.no-buffer', `Tensor ${tensor} is no activation: nothing computes it.`);
      return buffer.offset;
    },
    sameBuffer: (a, b) => byTensor.get(a) !== undefined && byTensor.get(a) === byTensor.get(b),
  };
}
