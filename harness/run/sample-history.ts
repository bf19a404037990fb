import type { DeviceSample } from '../diff/own-error.ts';
import { BYTES_PER_ELEMENT, type Graph } from '../model/graph.ts';
import type { TensorData } from '../reference/runner.ts';
import { fromDevice } from '../runtimes/index.ts';
import type { ManifestTap } from '../runtimes/manifest.ts';
import type { BatchResult } from './numeric-pass.ts';

/**
 * The device's tensor values of the current batch, sample by sample: fetched bytes where the device differed, the reference's
 * where the digests agreed (they are the same). Remembers the state at the end of the batch before.
 */
export class SampleHistory {
  readonly #graph: Graph;
  readonly #taps: readonly ManifestTap[];
  readonly #tapOf = new Map<number, number>();
  readonly #inputOffsets = new Map<number, { offset: number; bytes: number }>();
  #inputBytes = 0;
  #batch: BatchResult | null = null;
  #stateAtStart = new Map<number, TensorData>();

  constructor(graph: Graph, taps: readonly ManifestTap[]) {
    this.#graph = graph;
    this.#taps = taps;
    taps.forEach((tap, t) => { if (tap.tensor !== null) this.#tapOf.set(tap.tensor, t); });
    for (const tensor of graph.inputs) {
      const bytes = bytesPerSample(graph, tensor);
      this.#inputOffsets.set(tensor, { offset: this.#inputBytes, bytes });
      this.#inputBytes += bytes;
    }
  }

  /** Makes `batch` the current one; the last sample's state of the one before becomes its start. */
  begin(batch: BatchResult): void {
    const before = this.#batch;
    const continues = before !== null && before.sequence === batch.sequence && batch.firstStep > 0 && !batch.sequence.resetEach;
    const start = new Map<number, TensorData>();
    this.#graph.tensors.forEach((tensor) => {
      if (!tensor.isVariable) return;
      const last = continues ? this.#value(tensor.index, before.count - 1) : resetValue(this.#graph, tensor.index);
      if (last !== null) start.set(tensor.index, last);
    });
    this.#stateAtStart = start;
    this.#batch = batch;
  }

  sample(k: number): DeviceSample {
    return {
      activation: (tensor) => this.#value(tensor, k),
      stateBefore: (tensor) => (k === 0 ? this.#stateAtStart.get(tensor) ?? null : this.#value(tensor, k - 1)),
      stateAfter: (tensor) => this.#value(tensor, k),
    };
  }

  #value(tensor: number, k: number): TensorData | null {
    const batch = this.#batch;
    if (batch === null) return null;
    const input = this.#inputOffsets.get(tensor);
    if (input !== undefined) {
      const at = k * this.#inputBytes + input.offset;
      return plainValues(this.#graph, tensor, batch.codes.subarray(at, at + input.bytes));
    }
    const t = this.#tapOf.get(tensor);
    const tap = t === undefined ? undefined : this.#taps[t];
    if (t === undefined || tap === undefined) return null;
    const source = batch.tapStates[t] === 'equal' ? batch.expected.taps[t] : batch.values.get(t);
    if (source === undefined || source === null) return null;
    return fromDevice(source.subarray(k * tap.bytes, (k + 1) * tap.bytes), tap);
  }
}

/** Bytes of a tensor in the .tflite's own representation. */
function plainValues(graph: Graph, tensor: number, bytes: Uint8Array): TensorData | null {
  const dtype = graph.tensors[tensor]?.dtype;
  return dtype === undefined ? null : fromDevice(bytes, { dtype, bytes: bytes.length, conversion: { kind: 'identity' } });
}

function bytesPerSample(graph: Graph, tensor: number): number {
  const info = graph.tensors[tensor];
  return info === undefined ? 0 : info.elements * BYTES_PER_ELEMENT[info.dtype];
}

/** State after a reset: zero point for int8, 0 for everything else (TFLM ResetVariableTensors, micro_interpreter_graph.cc). */
function resetValue(graph: Graph, tensor: number): TensorData | null {
  const info = graph.tensors[tensor];
  const bytes = new Uint8Array(bytesPerSample(graph, tensor));
  if (info?.dtype === 'int8') bytes.fill((info.quantisation?.zeroPoint[0] ?? 0) & 0xff);
  return plainValues(graph, tensor, bytes);
}
