import { countOwnError, noOwnError, OwnErrorAnalysis } from '../diff/own-error.ts';
import { TensorTally } from '../diff/tensor-tally.ts';
import { forgivable } from '../diff/tolerance.ts';
import { HilError } from '../errors.ts';
import type { Graph } from '../model/graph.ts';
import { prepareReference, type ReferenceRunner } from '../reference/index.ts';
import type { TensorData } from '../reference/runner.ts';
import { bytesOf, tapsOf } from '../run/batch-reference.ts';
import type { CaseContext } from '../run/case-context.ts';
import { openCaseSession, type CaseSession } from '../run/case-session.ts';
import { DevicePort } from '../run/device-port.ts';
import { numericPass, type BatchResult } from '../run/numeric-pass.ts';
import { planPool } from '../run/pool-layout.ts';
import type { PlannedSequence } from '../run/planned-case.ts';
import { SampleHistory } from '../run/sample-history.ts';
import type { BuiltImage } from '../build/index.ts';
import { fromDevice, type ManifestLayer, type NetworkManifest, type NetworkPackage } from '../runtimes/index.ts';

/** What counts as the failure. */
export interface Judgement {
  /** .tflite operators (of the model that is tried) whose layer is to be wrong. */
  readonly operators: readonly number[];
  /** By itself, given what the device fed it; else against the reference. */
  readonly own: boolean;
  /** Differences up to this are forgiven, in LSB. */
  readonly forgiven: number;
}

/** Longest sequence that is kept together in one RUN. */
const LONGEST = 512;

/** One image on its device, on which samples are tried by the hundred. */
export class Tries {
  readonly #context: CaseContext;
  readonly #image: BuiltImage;
  readonly #manifest: NetworkManifest;
  readonly #workDir: string;
  readonly #judgement: Judgement;
  readonly #layer: ManifestLayer;
  readonly #runner: ReferenceRunner;
  readonly #whatIf: ReferenceRunner;
  readonly #sampleBytes: number;
  readonly #stateful: boolean;
  #session: CaseSession | null = null;
  /** Sequences tried. */
  count = 0;

  private constructor(context: CaseContext, pack: NetworkPackage, image: BuiltImage, workDir: string, judgement: Judgement, layer: ManifestLayer) {
    this.#context = context;
    this.#image = image;
    this.#manifest = pack.manifest;
    this.#workDir = workDir;
    this.#judgement = judgement;
    this.#layer = layer;
    const { model, profile } = context.plan;
    this.#runner = prepareReference(model, profile);
    this.#whatIf = prepareReference(model, profile);
    this.#sampleBytes = this.graph.inputs.reduce((sum, tensor) => sum + bytesOf(this.#runner.tensors[tensor]!).length, 0);
    this.#stateful = this.graph.tensors.some((tensor) => tensor.isVariable);
  }

  /**
   * Builds the context's case and has its device while `work` tries.
   * @throws HilError whatever build, start and link throw; 'config' shrink.no-layer where no layer covers the operators
   */
  static async on<T>(context: CaseContext, judgement: Judgement, work: (tries: Tries) => Promise<T>): Promise<T> {
    const { bench } = context;
    const pack = await bench.generate(context);
    const layer = pack.manifest.layers.find(({ covers }) => judgement.operators.some((operator) => covers.includes(operator)));
    if (layer === undefined) throw new HilError('config', 'shrink.no-layer', `no layer of the generated C does the work of operator ${judgement.operators.join(', ')}`);
    const image = await bench.build([context], [pack]);
    return bench.occupy(context, async (workDir) => {
      const tries = new Tries(context, pack, image, workDir, judgement, layer);
      try {
        return await work(tries);
      } finally {
        await tries.#close();
      }
    });
  }

  get graph(): Graph {
    return this.#runner.graph;
  }

  get layers(): readonly ManifestLayer[] {
    return this.#manifest.layers;
  }

  /** What runs. */
  get image(): BuiltImage {
    return this.#image;
  }

  get sampleBytes(): number {
    return this.#sampleBytes;
  }

  /** Whether each of these sequences, from a reset on, shows the failure. Single samples of a network without state are run together. */
  async fail(sequences: readonly Uint8Array[], resetEach: boolean): Promise<boolean[]> {
    const together = !this.#stateful && sequences.every((codes) => codes.length === this.#sampleBytes);
    const found = sequences.map(() => false);
    this.count += sequences.length;
    const joined = together ? [Buffer.concat(sequences)] : sequences;
    await this.#compare(joined, resetEach, (batch, history) => {
      for (let k = 0; k < batch.count; k++) if (this.#isWrong(batch, history, k)) found[together ? batch.firstStep + k : Number(batch.sequence.name)] = true;
    });
    return found;
  }

  /**
   * What the device fed to some tensors, step by step.
   * @returns per step and tensor the bytes; null where they could not be had
   */
  async fed(codes: Uint8Array, resetEach: boolean, tensors: readonly number[]): Promise<Uint8Array[][] | null> {
    const steps: Uint8Array[][] = [];
    let known = true;
    await this.#compare([codes], resetEach, (_batch, history, count) => {
      for (let k = 0; k < count; k++) {
        steps.push(tensors.map((tensor) => {
          const value = history.sample(k).fed(tensor);
          known &&= value !== null;
          return value === null ? new Uint8Array(0) : bytesOf(value).slice();
        }));
      }
    });
    return known && steps.length > 0 ? steps : null;
  }

  #isWrong(batch: BatchResult, history: SampleHistory, k: number): boolean {
    if (!this.#judgement.own) return this.#differs(batch, k);
    const run = new OwnErrorAnalysis(this.#whatIf).rerun(this.#layer, history.sample(k));
    if (run === null) return false;
    const sum = noOwnError();
    countOwnError(run, this.graph, { sequence: batch.sequence.name, sample: batch.firstSample + k, step: batch.firstStep + k }, sum);
    return sum.mismatched > 0 && !(sum.maxAbsDiff <= this.#judgement.forgiven);
  }

  #differs(batch: BatchResult, k: number): boolean {
    let first = 0;
    for (const layer of this.#manifest.layers) {
      if (layer !== this.#layer) {
        first += layer.taps.length;
        continue;
      }
      return layer.taps.some((tap, t) => {
        const [expected, got] = [batch.expected.taps[first + t], batch.values.get(first + t)];
        if (expected == null || got === undefined) return false;
        const tally = new TensorTally(tap.shape, forgivable({ lsb: this.#judgement.forgiven, budget: null }, this.graph.tensors[tap.tensor ?? -1]?.dtype ?? tap.dtype));
        const part = (of: Uint8Array): TensorData => fromDevice(of.subarray(k * tap.bytes, (k + 1) * tap.bytes), tap);
        tally.addValues(part(expected), part(got), { sequence: batch.sequence.name, sample: batch.firstSample + k, step: batch.firstStep + k });
        return tally.mismatched > 0;
      });
    }
    return false;
  }

  /** A target that dies of it shows another failure than the one that is looked for, and is started again. */
  async #compare(sequences: readonly Uint8Array[], resetEach: boolean, look: (batch: BatchResult, history: SampleHistory, count: number) => void): Promise<void> {
    const { plan, device: { spec }, signal } = this.#context;
    try {
      const session = await this.#open();
      const { network } = session;
      const port = new DevicePort(session.link, planPool({ poolBytes: session.link.hello.poolBytes, ...network, longestSequence: LONGEST }, spec.id), {
        deviceId: spec.id, network: network.index, invocationLimitMs: spec.invocationLimitMs, silenceMs: spec.timeouts.silenceMs, taps: network.taps, outputBytes: network.outputBytes, preloaded: null,
      });
      const planned = sequences.map((codes, i): PlannedSequence => ({ name: String(i), codes, samples: codes.length / this.#sampleBytes, truth: null, oracle: null, resetEach }));
      const history = new SampleHistory(this.graph, tapsOf(this.#manifest));
      await numericPass({
        plan: { ...plan, sequences: planned }, manifest: this.#manifest, port, runner: this.#runner, signal,
        onStart: () => undefined, onProgress: () => undefined, onNondeterministic: () => undefined,
        onBatch: (batch) => {
          history.begin(batch);
          look(batch, history, batch.count);
        },
      });
    } catch (error) {
      await this.#close();
      if (signal.aborted) throw signal.reason;
      if (!(error instanceof HilError) || error.kind !== 'target') throw error;
    }
  }

  async #open(): Promise<CaseSession> {
    const { device, signal } = this.#context;
    this.#session ??= await openCaseSession({ device, image: this.#image, manifest: this.#manifest, workDir: this.#workDir, signal, preloaded: null,
      onLog: () => undefined, onStep: () => undefined, transcript: { record: () => undefined } });
    return this.#session;
  }

  async #close(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.close().catch(() => undefined);
  }
}
