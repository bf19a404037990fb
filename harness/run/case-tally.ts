import { EvidenceKeeper } from '../diff/evidence-keeper.ts';
import { ErrorSum, realValues } from '../diff/metrics.ts';
import { countOwnError, noOwnError, OwnErrorAnalysis, type OwnError } from '../diff/own-error.ts';
import { TensorTally } from '../diff/tensor-tally.ts';
import { forgivable } from '../diff/tolerance.ts';
import type { Graph, Tensor } from '../model/graph.ts';
import type { ReferenceRunner, TensorData } from '../reference/runner.ts';
import { fromDevice } from '../runtimes/index.ts';
import type { ManifestLayer, ManifestTap, NetworkManifest } from '../runtimes/manifest.ts';
import { tapsOf } from './batch-reference.ts';
import { LabelTally } from './label-tally.ts';
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
  /** Remarks on layers that show other data than what the layers after them read. */
  readonly doubts = new Set<string>();
  /** First output against the truth, and every output against the reference's. */
  readonly errors = new ErrorSum('truth');
  readonly referenceErrors: readonly ErrorSum[];
  /** First output against the labels. */
  readonly labels: LabelTally;
  /** Dequantised first output, per sequence. */
  readonly series = new Map<string, number[]>();
  samples = 0;

  readonly #manifest: NetworkManifest;
  readonly #graph: Graph;
  readonly #allTaps: readonly ManifestTap[];
  readonly #analysis: OwnErrorAnalysis;
  readonly #history: SampleHistory;
  /** Outputs that a metric compares with the reference's. */
  readonly #measured: ReadonlySet<number>;
  #ownMs = 0;

  /** @param whatIf a reference runner of its own for own-error analysis; its tensors are overwritten. */
  constructor(plan: PlannedCase, manifest: NetworkManifest, whatIf: ReferenceRunner) {
    this.#manifest = manifest;
    this.#graph = whatIf.graph;
    this.#allTaps = tapsOf(manifest);
    this.taps = manifest.layers.flatMap((layer) => layer.taps.map((tap) => {
      const tolerance = plan.tolerances.find(({ layers }) => layers.includes(layer.index)) ?? null;
      return new TensorTally(tap.shape, forgivable(tolerance, this.#graph.tensors[tap.tensor ?? -1]?.dtype ?? tap.dtype));
    }));
    this.shownBytes = this.#allTaps.map(() => 0);
    this.outputs = manifest.outputs.map((output, o) => new TensorTally(output.shape, forgivable(plan.tolerances.find(({ outputs }) => outputs.includes(o)) ?? null, output.dtype)));
    this.referenceErrors = manifest.outputs.map(() => new ErrorSum('reference'));
    this.labels = new LabelTally(plan);
    this.#measured = new Set(plan.metrics.flatMap((metric) => (metric.against === 'reference' ? [metric.output] : [])));
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
        const expected = part(batch.expected.outputs);
        this.outputs[o]?.addValues(expected, got, at);
        if (this.#measured.has(o)) this.referenceErrors[o]?.addSample(realValues(got, tensor.quantisation), realValues(expected, tensor.quantisation), tensor.shape.at(-1) ?? 1);
        if (o === 0) this.#addTruth(batch, k, got, tensor);
        if (o === 0) this.labels.add(batch.sequence, batch.firstStep + k, got, tensor.quantisation, () => this.#inputOf(batch, k));
      }
      offset += output.bytes;
    });
  }

  #inputOf({ codes, count }: BatchResult, k: number): { readonly codes: TensorData; readonly scale: Tensor['quantisation'] } {
    const [input] = this.#manifest.inputs as [NetworkManifest['inputs'][number]];
    const tensor = this.#graph.tensors[this.#graph.inputs[0] ?? -1];
    const bytes = codes.length / count;
    return { codes: fromDevice(codes.subarray(k * bytes, (k + 1) * bytes), { ...input, conversion: { kind: 'identity' } }), scale: tensor?.quantisation ?? null };
  }

  #addTruth(batch: BatchResult, k: number, got: TensorData, { quantisation, shape }: Tensor): void {
    const { truth, name } = batch.sequence;
    if (truth === null) return;
    let series = this.series.get(name);
    if (series === undefined) this.series.set(name, (series = []));
    const values = Float64Array.from({ length: got.length }, (_each, i) => (Number(got[i]) - (quantisation?.zeroPoint[0] ?? 0)) * (quantisation?.scale[0] ?? 1));
    const first = (batch.firstStep + k) * got.length;
    this.errors.addSample(values, truth.subarray(first, first + got.length), shape.at(-1) ?? 1);
    if (values.length === 1) series.push(values[0] as number);
  }

  /** Re-runs each touched layer on the device's own inputs; stops when its time is used up. */
  #addOwn(first: BatchResult): void {
    const batch = first.rerun === null ? first : { ...first, ...first.rerun };
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
        if (this.#isAsReference(layer, batch) && countOwnError(run, this.#graph, at, noOwnError()) > 0) {
          this.#doubtTaps(layer, differing);
          continue;
        }
        const wrong = countOwnError(run, this.#graph, at, this.own.get(layer.index) as OwnError);
        this.evidence.add(layer, run, wrong, at, this.#history, k);
      }
    }
    this.#ownMs += performance.now() - started;
  }

  /** All that the layer shows in the batch is what the reference gives. */
  #isAsReference(layer: ManifestLayer, batch: BatchResult): boolean {
    return layer.taps.every((tap) => tap.tensor === null || batch.tapStates[this.#allTaps.indexOf(tap)] === 'equal');
  }

  /** A layer that gives the right values cannot have read the wrong ones that are shown of its inputs. */
  #doubtTaps(layer: ManifestLayer, differing: ReadonlySet<number | null | undefined>): void {
    const read = new Set(layer.covers.flatMap((operator) => this.#graph.operators[operator]?.inputs ?? []));
    for (const source of this.#manifest.layers) {
      if (!source.taps.some(({ tensor }) => tensor !== null && differing.has(tensor) && read.has(tensor))) continue;
      this.doubts.add(`what layer ${source.index} ${source.op} shows is not what layer ${layer.index} ${layer.op} read, which is right: is its tap called with the right buffer?`);
    }
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
