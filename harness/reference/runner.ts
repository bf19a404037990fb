import type { Graph, Model } from '../model/graph.ts';

/** One typed array a tensor, as long as the tensor has elements. bool is Uint8Array, int64 is BigInt64Array. */
export type TensorData = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | BigInt64Array | BigUint64Array | Float32Array | Float64Array;

/**
 * Bit-exact host execution of a graph. After invoke() every tensor of the graph can be read: nothing is reused.
 * State (variable tensors) persists between invocations until reset().
 */
export interface ReferenceRunner {
  readonly model: Model;
  readonly graph: Graph;
  /** Name of the rounding profile, e.g. 'tflm'. */
  readonly profile: string;
  /** tensors[i] belongs to graph.tensors[i]; live views: copy what must outlast the next invocation. */
  readonly tensors: readonly TensorData[];
  /** State to its start value: integer state to its zero point for int8, everything else to 0 (TFLM ResetVariableTensors). */
  reset(): void;
  /** Runs all operators in order on what tensors[graph.inputs[k]] hold. */
  invoke(): void;
  /** Runs one operator on what its input tensors hold now (for own-error analysis). */
  runOperator(index: number): void;
}
