import { EvidenceKeeper } from '../diff/evidence-keeper.ts';
import { ErrorSum } from '../diff/metrics.ts';
import { countOwnError, noOwnError, OwnErrorAnalysis, type OwnError } from '../diff/own-error.ts';
import { TensorTally } from '../diff/tensor-tally.ts';
import type { Graph, Quantisation } from '../model/graph.ts';
import type { ReferenceRunner, TensorData } from '../reference/runner.ts';
import { fromDevice } from '../runtimes/index.ts';
import type { ManifestLayer, ManifestTap, NetworkManifest } from '../runtimes/manifest.ts';
import { tapsOf } from './batch-reference.ts';
import type { BatchResult } from './numeric-pass.ts';
import { SampleHistory } from './sample-history.ts';
import type { PlannedCase } from './planned-case.ts';

/** Own error is analysed for this long at the most; what it covered is said. */
const OWN_ERROR_BUDGET_MS = 20_000;

/** Everything counted over the batches of one case on one device. */
export class CaseTally {
  /** Per tap of the manifest (agent numbering). */
  readonly taps: readonly TensorTally[];
  /** Bytes the device showed per tap, to tell "not executed" from "equal". */
  readonly shownBytes: readonly number[];
  readonly outputs: readonly TensorTally[];
  readonly own: ReadonlyMap<number, OwnError>;
  /** What layers with own error did, for diagnosis. */
  readonly evidence = new EvidenceKeeper();
  readonly errors = new ErrorSum();
  /** Dequantised first output, per sequence. */
  readonly series = new Map<string, number[]>();
  samples = 0;

  readonly #manifest: NetworkManifest;
  readonly #graph: Graph;
  readonly #allTaps: readonly ManifestTap[];
  readonly #analysis: OwnErrorAnalysis;
  readonly #history: SampleHistory;
  #ownMs = 0;

  /** @param whatIf a reference runner of its own for own-error analysis; its tensors are overwritten. */
  constructor(plan: PlannedCase, manifest: NetworkManifest, whatIf: ReferenceRunner) {
    this.#manifest = manifest;
    this.#graph = whatIf.graph;
    this.#allTaps = tapsOf(manifest);
    this.taps = this.#allTaps.map((tap) => new TensorTally(tap.shape, plan.toleranceLsb));
    this.shownBytes = this.#allTaps.map(() => 0);
    this.outputs = manifest.outputs.map((output) => new TensorTally(output.shape, plan.toleranceLsb));
    this.own = new Map(manifest.layers.map((layer) => [layer.index, noOwnError()]));
    this.#analysis = new OwnErrorAnalysis(whatIf);
    this.#history = new SampleHistory(this.#graph, this.#allTaps);
  }

  add(batch: BatchResult): void {
    this.samples += batch.count;
    batch.tapStates.forEach((state, t) => {
      (this.shownBytes as number[])[t] = (this.shownBytes[t] ?? 0) + (batch.digests[t]?.bytes ?? 0);
      if (state !== 'uncompared') this.#addTap(batch, t, state);
    });
    this.#addOutputs(batch);
    this.#addOwn(batch);
  }

  #addTap(batch: BatchResult, t: number, state: 'equal' | 'differs'): void {
    const tap = this.#allTaps[t] as ManifestTap;
    const tally = this.taps[t] as TensorTally;
    const tensor = this.#graph.tensors[tap.tensor ?? -1];
    const elements = (tensor?.elements ?? 0) * batch.count;
    if (state === 'equal') return tally.addEqual(elements);
    const got = batch.values.get(t);
    const expected = batch.expected.taps[t];
    if (got === undefined || expected === null || expected === undefined) return tally.addUnknown(elements);
    for (let k = 0; k < batch.count; k++) {
      const at = { sequence: batch.sequence.name, sample: batch.firstSample + k, step: batch.firstStep + k };
      const part = (bytes: Uint8Array): TensorData => fromDevice(bytes.subarray(k * tap.bytes, (k + 1) * tap.bytes), tap);
      tally.addValues(part(expected), part(got), at);
    }
  }

  #addOutputs(batch: BatchResult): void {
    const sampleBytes = batch.outputs.length / batch.count;
    let offset = 0;
    this.#manifest.outputs.forEach((output, o) => {
      const tensor = this.#graph.tensors[this.#graph.outputs[o] ?? -1];
      if (tensor === undefined) return;
      const asTap: ManifestTap = { ...output, role: 'output', conversion: { kind: 'identity' } };
      for (let k = 0; k < batch.count; k++) {
        const at = { sequence: batch.sequence.name, sample: batch.firstSample + k, step: batch.firstStep + k };
        const part = (bytes: Uint8Array): TensorData => fromDevice(bytes.subarray(k * sampleBytes + offset, k * sampleBytes + offset + output.bytes), asTap);
        const got = part(batch.outputs);
        this.outputs[o]?.addValues(part(batch.expected.outputs), got, at);
        if (o === 0) this.#addTruth(batch, k, got, tensor.quantisation);
      }
      offset += output.bytes;
    });
  }

  #addTruth(batch: BatchResult, k: number, got: TensorData, quantisation: Quantisation | null): void {
    const { truth, name } = batch.sequence;
    if (truth === null) return;
    let series = this.series.get(name);
    if (series === undefined) this.series.set(name, (series = []));
    for (let i = 0; i < got.length; i++) {
      const value = (Number(got[i]) - (quantisation?.zeroPoint[0] ?? 0)) * (quantisation?.scale[0] ?? 1);
      this.errors.add(value, truth[(batch.firstStep + k) * got.length + i] ?? Number.NaN);
      if (got.length === 1) series.push(value);
    }
  }

  /** Re-runs each touched layer on the device's own inputs; stops when its time is used up. */
  #addOwn(batch: BatchResult): void {
    this.#history.begin(batch);
    const differing = new Set(batch.tapStates.flatMap((state, t) => (state === 'differs' ? [this.#allTaps[t]?.tensor] : [])));
    const touched = this.#manifest.layers.filter((layer) => this.#touched(layer, differing));
    this.#addUntouched(batch, new Set(touched));
    if (batch.values.size === 0) return;
    const started = performance.now();
    for (let k = 0; k < batch.count && this.#ownMs + performance.now() - started <= OWN_ERROR_BUDGET_MS; k++) {
      const sample = this.#history.sample(k);
      const at = { sequence: batch.sequence.name, sample: batch.firstSample + k, step: batch.firstStep + k };
      for (const layer of touched) {
        const run = this.#analysis.rerun(layer, sample);
        if (run === null) continue;
        const wrong = countOwnError(run, this.#graph, at, this.own.get(layer.index) as OwnError);
        this.evidence.add(layer, run, wrong, at, this.#history, k);
      }
    }
    this.#ownMs += performance.now() - started;
  }

  /** A layer whose inputs and outputs are the reference's has no own error. */
  #addUntouched(batch: BatchResult, touched: ReadonlySet<ManifestLayer>): void {
    for (const layer of this.#manifest.layers) {
      const elements = layer.taps.reduce((sum, tap) => sum + (this.#graph.tensors[tap.tensor ?? -1]?.elements ?? 0), 0);
      if (touched.has(layer) || elements === 0) continue;
      const own = this.own.get(layer.index) as OwnError;
      own.compared += elements * batch.count;
      own.samples += batch.count;
    }
  }

  /** A layer whose outputs or inputs differ from the reference anywhere in the batch. */
  #touched(layer: ManifestLayer, differing: ReadonlySet<number | null | undefined>): boolean {
    if (layer.taps.some((tap) => differing.has(tap.tensor))) return true;
    return layer.covers.some((operator) => this.#graph.operators[operator]?.inputs.some((tensor) => differing.has(tensor)));
  }
}
