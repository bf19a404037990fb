import type { DeviceSample } from '../diff/own-error.ts';
import { BYTES_PER_ELEMENT, type Graph } from '../model/graph.ts';
import type { TensorData } from '../reference/runner.ts';
import { fromDevice, tensorBytes } from '../runtimes/index.ts';
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
  /** The batch before, of whatever sequence. */
  #last: BatchResult | null = null;
  #stateAtStart = new Map<number, TensorData>();

  constructor(graph: Graph, taps: readonly ManifestTap[]) {
    this.#graph = graph;
    this.#taps = taps;
    // Whoever computes a tensor shows it first; a copy in a variable comes after.
    taps.forEach((tap, t) => { if (tap.tensor !== null && !this.#tapOf.has(tap.tensor) && !graph.inputs.includes(tap.tensor)) this.#tapOf.set(tap.tensor, t); });
    for (const tensor of graph.inputs) {
      const bytes = bytesPerSample(graph, tensor);
      this.#inputOffsets.set(tensor, { offset: this.#inputBytes, bytes });
      this.#inputBytes += bytes;
    }
  }

  /** Makes `batch` the current one; the last sample's state of the one before becomes its start. */
  begin(batch: BatchResult): void {
    const before = this.#last = this.#batch;
    const continues = before !== null && before.sequence === batch.sequence && batch.firstStep > 0 && !batch.sequence.resetEach;
    const start = new Map<number, TensorData>();
    this.#graph.tensors.forEach((tensor) => {
      if (!tensor.isVariable) return;
      const last = continues ? this.#fed(tensor.index, before.count - 1) : resetValue(this.#graph, tensor.index);
      if (last !== null) start.set(tensor.index, last);
    });
    this.#stateAtStart = start;
    this.#batch = batch;
  }

  /** The samples before sample k, the latest first: memory may still hold what they left, even beyond a reset. */
  earlier(k: number, most: number): DeviceSample[] {
    const samples: DeviceSample[] = [];
    const batch = this.#batch;
    for (let back = 1; back <= most; back++) {
      if (k - back >= 0) samples.push(this.#sampleOf(batch, k - back));
      // Before a batch was run again, it had been run.
      else if (batch !== null && batch.rerun !== null && batch.count + k - back >= 0) samples.push(this.#sampleOf(batch, batch.count + k - back));
      else if (this.#last !== null && this.#last.count + k - back >= 0) samples.push(this.#sampleOf(this.#last, this.#last.count + k - back));
    }
    return samples;
  }

  /** What is known of the device's tensors in sample k but for those in `without`, as bytes of the .tflite's types; at most `limit` bytes. */
  others(k: number, without: ReadonlySet<number>, limit: number): Map<number, Uint8Array> {
    const found = new Map<number, Uint8Array>();
    let left = limit;
    for (const tensor of [...this.#graph.inputs, ...this.#tapOf.keys()]) {
      if (without.has(tensor)) continue;
      const value = this.#fed(tensor, k);
      if (value === null || value.byteLength > left) continue;
      left -= value.byteLength;
      found.set(tensor, new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice());
    }
    return found;
  }

  sample(k: number): DeviceSample {
    return this.#sampleOf(this.#batch, k);
  }

  #sampleOf(batch: BatchResult | null, k: number): DeviceSample {
    return {
      fed: (tensor) => this.#fed(tensor, k, batch),
      stateBefore: (tensor) => (batch !== this.#batch ? null : k === 0 ? this.#stateAtStart.get(tensor) ?? null : this.#fed(tensor, k - 1)),
      shown: (tensor) => {
        const input = this.#input(tensor, k, batch);
        const tap = this.#tap(tensor, k, batch);
        return input ?? (tap === null ? null : fromDevice(tap.bytes, tap.tap));
      },
    };
  }

  #input(tensor: number, k: number, batch: BatchResult | null): TensorData | null {
    const input = this.#inputOffsets.get(tensor);
    if (input === undefined || batch === null) return null;
    const at = k * this.#inputBytes + input.offset;
    return plainValues(this.#graph, tensor, batch.codes.subarray(at, at + input.bytes));
  }

  /** As the tensor's own type: what a device's wider type holds beyond it is clamped. */
  #fed(tensor: number, k: number, batch: BatchResult | null = this.#batch): TensorData | null {
    const shown = this.#tap(tensor, k, batch);
    const info = this.#graph.tensors[tensor];
    if (shown === null || info === undefined) return this.#input(tensor, k, batch);
    return plainValues(this.#graph, tensor, tensorBytes(shown.bytes, shown.tap, info));
  }

  #tap(tensor: number, k: number, batch: BatchResult | null): { readonly tap: ManifestTap; readonly bytes: Uint8Array } | null {
    const t = this.#tapOf.get(tensor);
    const tap = t === undefined ? undefined : this.#taps[t];
    if (t === undefined || tap === undefined || batch === null) return null;
    const source = batch.tapStates[t] === 'equal' ? batch.expected.taps[t] : batch.values.get(t);
    return source === undefined || source === null ? null : { tap, bytes: source.subarray(k * tap.bytes, (k + 1) * tap.bytes) };
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
