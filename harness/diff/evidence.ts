import type { Model } from '../model/graph.ts';
import type { TensorData } from '../reference/runner.ts';
import type { SampleAt } from './tensor-tally.ts';

/** What one layer did in one sample. Arrays are in the .tflite's own representation and keyed by its tensor index (subgraph 0). */
export interface LayerSample {
  readonly at: SampleAt;
  /** What the device fed the layer with: activations, and state as it was before. Constants are in the model. */
  readonly inputs: ReadonlyMap<number, TensorData>;
  /** What the device made of it: outputs, and state as it is after. Not clamped: 200 in an int8 tensor stays 200 (the array is wider then). */
  readonly got: ReadonlyMap<number, TensorData>;
  /** What the reference makes of `inputs`; the same keys as `got`. */
  readonly expected: ReadonlyMap<number, TensorData>;
  /** `got` of the samples before in the same sequence, the latest first; a few at the most, [] where none is known. */
  readonly earlier: readonly ReadonlyMap<number, TensorData>[];
  /** Every other tensor of the device that is known in this sample (inputs of the graph, outputs of other layers), little-endian bytes. Kept for the first samples only, else empty. */
  readonly others: ReadonlyMap<number, Uint8Array>;
}

/** A layer with own error, cut out of a run: what diagnosis works from. */
export interface LayerEvidence {
  readonly model: Model;
  /** Name of the rounding profile that the device was compared with. */
  readonly profile: string;
  /** Index in the manifest, operators joined by '+', .tflite operators that it covers, in order. */
  readonly layer: { readonly index: number; readonly op: string; readonly covers: readonly number[] };
  /** Tensors that `got` and `expected` have, in the order of the layer's taps. */
  readonly tensors: readonly { readonly tensor: number; readonly role: 'output' | 'state' }[];
  /** At least one, each with own error somewhere unless `clean` says otherwise; a bounded choice of all samples of the run. */
  readonly samples: readonly LayerSample[];
  /** Samples of the same layer in which it was right: an explanation must be right there too. A few at the most. */
  readonly clean: readonly LayerSample[];
  /** Byte that the agent put into outputs before the run; null: unknown. */
  readonly poison: number | null;
}
