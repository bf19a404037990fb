import { digestOfViews } from '../link/index.ts';
import type { Graph } from '../model/graph.ts';
import type { ReferenceRunner, TensorData } from '../reference/runner.ts';
import type { ManifestTap, NetworkManifest } from '../runtimes/manifest.ts';
import { toDevice } from '../runtimes/index.ts';

/** What the device must show for one batch of samples, in the device's own representation. */
export interface BatchExpectation {
  readonly count: number;
  /** Per tap (global tap index): count * tap.bytes; null where the tap has no .tflite tensor. */
  readonly taps: readonly (Uint8Array | null)[];
  /** Digest of each, as the agent chains it over the batch. */
  readonly digests: readonly (number | null)[];
  /** All outputs of a sample one after the other, count * outputBytes, in the .tflite's representation. */
  readonly outputs: Uint8Array;
}

/** Called after each sample, while the runner still holds its tensors. */
export type SampleHook = (sampleOfSequence: number, runner: ReferenceRunner) => void;

/** The event loop is given a turn this often, so that link timers and Ctrl-C are served while the reference computes. */
const SLICE_MS = 4;

/** All taps of a manifest in the agent's numbering: layer by layer, view by view. */
export function tapsOf(manifest: NetworkManifest): readonly ManifestTap[] {
  return manifest.layers.flatMap((layer) => [...layer.taps]);
}

/** Bytes of a typed array, without copying. */
export function bytesOf(data: TensorData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Runs the reference in step with the device, batch by batch, and keeps what the device's answers are compared with. */
export class BatchReference {
  readonly #runner: ReferenceRunner;
  readonly #graph: Graph;
  readonly #taps: readonly ManifestTap[];
  readonly #inputViews: readonly Uint8Array[];
  readonly #outputViews: readonly Uint8Array[];
  readonly outputBytes: number;
  readonly inputBytes: number;

  constructor(runner: ReferenceRunner, manifest: NetworkManifest) {
    this.#runner = runner;
    this.#graph = runner.graph;
    this.#taps = tapsOf(manifest);
    const view = (tensor: number): Uint8Array => bytesOf(runner.tensors[tensor] as TensorData);
    this.#inputViews = this.#graph.inputs.map(view);
    this.#outputViews = this.#graph.outputs.map(view);
    this.inputBytes = this.#inputViews.reduce((sum, v) => sum + v.length, 0);
    this.outputBytes = this.#outputViews.reduce((sum, v) => sum + v.length, 0);
  }

  reset(): void {
    this.#runner.reset();
  }

  /** Copies one sample's input codes (all inputs one after the other) into the runner and runs it. */
  #step(codes: Uint8Array): void {
    let at = 0;
    for (const view of this.#inputViews) {
      view.set(codes.subarray(at, at + view.length));
      at += view.length;
    }
    this.#runner.invoke();
  }

  /**
   * Runs `count` samples whose codes start at sample `first` of `codes`.
   * @throws whatever the hook throws (an oracle that disagrees).
   */
  async advance(codes: Uint8Array, first: number, count: number, hook: SampleHook | null, signal: AbortSignal): Promise<BatchExpectation> {
    const taps = this.#taps.map((tap) => (tap.tensor === null ? null : new Uint8Array(count * tap.bytes)));
    const outputs = new Uint8Array(count * this.outputBytes);
    let sliceStart = performance.now();
    for (let k = 0; k < count; k++) {
      this.#step(codes.subarray((first + k) * this.inputBytes, (first + k + 1) * this.inputBytes));
      this.#keep(k, taps, outputs);
      hook?.(first + k, this.#runner);
      if (performance.now() - sliceStart > SLICE_MS) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
        sliceStart = performance.now();
      }
    }
    return { count, taps, digests: taps.map((bytes) => (bytes === null ? null : digestOfViews(bytes, bytes.length / count))), outputs };
  }

  #keep(k: number, taps: readonly (Uint8Array | null)[], outputs: Uint8Array): void {
    for (let t = 0; t < taps.length; t++) {
      const tap = this.#taps[t] as ManifestTap;
      const kept = taps[t];
      if (kept === null || kept === undefined || tap.tensor === null) continue;
      const data = this.#runner.tensors[tap.tensor] as TensorData;
      const tensor = this.#graph.tensors[tap.tensor];
      if (tensor === undefined) continue;
      kept.set(tap.conversion.kind === 'identity' ? bytesOf(data) : toDevice(data, tensor, tap), k * tap.bytes);
    }
    let at = k * this.outputBytes;
    for (const view of this.#outputViews) {
      outputs.set(view, at);
      at += view.length;
    }
  }
}
