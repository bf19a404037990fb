import type { Graph } from '../model/graph.ts';
import type { ReferenceRunner, TensorData } from '../reference/runner.ts';
import type { ManifestLayer } from '../runtimes/manifest.ts';
import { coordinates, differenceOf, type FirstMismatch, type SampleAt } from './tensor-tally.ts';

/** The device's values of one sample in the .tflite's representation; null where they are not known. */
export interface DeviceSample {
  /** Value of an activation (or graph input) to feed the reference with, of the tensor's own type. */
  fed(tensor: number): TensorData | null;
  /** Value of a state tensor before this sample, likewise. */
  stateBefore(tensor: number): TensorData | null;
  /** What the device shows of an activation, or of a state after this sample; not clamped: 200 in an int8 tensor stays 200. */
  shown(tensor: number): TensorData | null;
}

/** Own error of one layer, counted over the samples of a case. */
export interface OwnError {
  compared: number;
  mismatched: number;
  maxAbsDiff: number;
  /** Samples for which it could be computed. */
  samples: number;
  first: FirstMismatch | null;
}

export const noOwnError = (): OwnError => ({ compared: 0, mismatched: 0, maxAbsDiff: 0, samples: 0, first: null });

/** One layer in one sample: what went in on the device, what came out, and what the reference makes of it. Arrays of its own. */
export interface LayerRun {
  readonly inputs: ReadonlyMap<number, TensorData>;
  readonly got: ReadonlyMap<number, TensorData>;
  readonly expected: ReadonlyMap<number, TensorData>;
}

/** Operators that work on variables, or may: state that is no tensor, so nothing is known of it before the sample. */
const HIDDEN_STATE: ReadonlySet<string> = new Set(['READ_VARIABLE', 'ASSIGN_VARIABLE', 'CALL_ONCE', 'IF', 'WHILE']);

/**
 * Own error of a layer: the reference re-run on the *device's* inputs to that layer (and its state before), compared with what
 * the device made of them. An error that only came in with the inputs does not count.
 */
export class OwnErrorAnalysis {
  readonly #runner: ReferenceRunner;
  readonly #graph: Graph;

  /** @param runner a runner of its own: its tensors are overwritten. */
  constructor(runner: ReferenceRunner) {
    this.#runner = runner;
    this.#graph = runner.graph;
  }

  /** @returns null where an input, state or output of the layer is not known. */
  rerun(layer: ManifestLayer, sample: DeviceSample): LayerRun | null {
    if (layer.covers.some((operator) => HIDDEN_STATE.has(this.#graph.operators[operator]?.name ?? ''))) return null;
    const inputs = this.#inputs(layer, sample);
    const got = this.#shown(layer, sample);
    if (inputs === null || got === null) return null;
    for (const [tensor, value] of inputs) (this.#runner.tensors[tensor] as Int8Array).set(value as Int8Array);
    for (const operator of layer.covers) this.#runner.runOperator(operator);
    return { inputs, got, expected: new Map([...got.keys()].map((tensor) => [tensor, (this.#runner.tensors[tensor] as TensorData).slice()])) };
  }

  /** Copies: the runner's own tensors are about to be overwritten. */
  #inputs(layer: ManifestLayer, sample: DeviceSample): Map<number, TensorData> | null {
    const inside = new Set<number>();
    for (const operator of layer.covers) for (const out of this.#graph.operators[operator]?.outputs ?? []) inside.add(out);
    const inputs = new Map<number, TensorData>();
    for (const operator of layer.covers) {
      for (const tensor of this.#graph.operators[operator]?.inputs ?? []) {
        const info = this.#graph.tensors[tensor];
        if (tensor < 0 || info === undefined || info.data !== null || inside.has(tensor)) continue;
        const value = info.isVariable ? sample.stateBefore(tensor) : sample.fed(tensor);
        if (value === null) return null;
        inputs.set(tensor, value);
      }
    }
    return layer.covers.length === 0 ? null : inputs;
  }

  #shown(layer: ManifestLayer, sample: DeviceSample): Map<number, TensorData> | null {
    const got = new Map<number, TensorData>();
    for (const tap of layer.taps) {
      if (tap.tensor === null) continue;
      const value = sample.shown(tap.tensor);
      if (value === null) return null;
      got.set(tap.tensor, value);
    }
    return got.size === 0 ? null : got;
  }
}

/**
 * Counts one re-run.
 * @returns elements that differ
 * @throws RangeError where lengths differ: different things are compared, which must never pass
 */
export function countOwnError(run: LayerRun, graph: Graph, at: SampleAt, sum: OwnError): number {
  const before = sum.mismatched;
  for (const [tensor, expected] of run.expected) {
    const values = run.got.get(tensor) as TensorData;
    if (values.length !== expected.length) throw new RangeError(`comparing ${expected.length} elements with ${values.length}`);
    sum.compared += expected.length;
    for (let i = 0; i < expected.length; i++) {
      if (Object.is(values[i], expected[i])) continue;
      const difference = Math.abs(differenceOf(expected[i], values[i]));
      sum.mismatched++;
      if (!(difference <= sum.maxAbsDiff)) sum.maxAbsDiff = difference;
      sum.first ??= { ...at, index: coordinates(i, graph.tensors[tensor]?.shape ?? []), expected: Number(expected[i]), got: Number(values[i]) };
    }
  }
  sum.samples++;
  return sum.mismatched - before;
}
