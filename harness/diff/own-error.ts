import type { Graph } from '../model/graph.ts';
import type { ReferenceRunner, TensorData } from '../reference/runner.ts';
import type { ManifestLayer } from '../runtimes/manifest.ts';
import { differenceOf } from './tensor-tally.ts';

/** The device's values of one sample in the .tflite's representation; null where they are not known. */
export interface DeviceSample {
  /** Value of an activation (or graph input) to feed the reference with, of the tensor's own type. */
  fed(tensor: number): TensorData | null;
  /** Value of a state tensor before this sample, likewise. */
  stateBefore(tensor: number): TensorData | null;
  /** What the device shows of an activation, or of a state after this sample; not clamped: 200 in an int8 tensor stays 200. */
  shown(tensor: number): TensorData | null;
}

export interface OwnError {
  mismatched: number;
  maxAbsDiff: number;
  /** Samples for which it could be computed. */
  samples: number;
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

  /** Adds one sample to `sum`; leaves it alone (and returns false) where an input, state or output of the layer is not known. */
  add(layer: ManifestLayer, sample: DeviceSample, sum: OwnError): boolean {
    if (layer.covers.some((operator) => HIDDEN_STATE.has(this.#graph.operators[operator]?.name ?? ''))) return false;
    const inside = new Set<number>();
    for (const operator of layer.covers) for (const out of this.#graph.operators[operator]?.outputs ?? []) inside.add(out);
    for (const operator of layer.covers) {
      for (const tensor of this.#graph.operators[operator]?.inputs ?? []) {
        const info = this.#graph.tensors[tensor];
        if (tensor < 0 || info === undefined || info.data !== null || inside.has(tensor)) continue;
        const value = info.isVariable ? sample.stateBefore(tensor) : sample.fed(tensor);
        if (value === null) return false;
        (this.#runner.tensors[tensor] as Int8Array).set(value as Int8Array);
      }
    }
    const checks: { tensor: number; got: TensorData }[] = [];
    for (const tap of layer.taps) {
      if (tap.tensor === null) continue;
      const got = sample.shown(tap.tensor);
      if (got === null) return false;
      checks.push({ tensor: tap.tensor, got });
    }
    if (checks.length === 0 || layer.covers.length === 0) return false;
    for (const operator of layer.covers) this.#runner.runOperator(operator);
    for (const { tensor, got } of checks) this.#compare(tensor, got, sum);
    sum.samples++;
    return true;
  }

  #compare(tensor: number, values: TensorData, sum: OwnError): void {
    const expected = this.#runner.tensors[tensor] as TensorData;
    if (values.length !== expected.length) throw new RangeError(`comparing ${expected.length} elements with ${values.length}`);
    for (let i = 0; i < expected.length; i++) {
      if (Object.is(values[i], expected[i])) continue;
      const difference = Math.abs(differenceOf(expected[i], values[i]));
      sum.mismatched++;
      if (!(difference <= sum.maxAbsDiff)) sum.maxAbsDiff = difference;
    }
  }
}
