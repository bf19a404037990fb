import { HilError } from '../errors.ts';
import type { ManifestTap, NetworkManifest } from '../runtimes/manifest.ts';
import type { ReferenceRunner } from '../reference/runner.ts';
import { BatchReference, tapsOf, type BatchExpectation, type SampleHook } from './batch-reference.ts';
import { captureTaps, COMPARE_FILL } from './capture.ts';
import type { TapDigest } from '../link/index.ts';
import type { DevicePort } from './device-port.ts';
import type { PlannedCase, PlannedSequence } from './planned-case.ts';

/** One finished batch, handed to whoever counts. */
export interface BatchResult {
  readonly sequence: PlannedSequence;
  /** First sample within the sequence and over the case. */
  readonly firstStep: number;
  readonly firstSample: number;
  readonly count: number;
  readonly codes: Uint8Array;
  readonly expected: BatchExpectation;
  /** Per tap: equal (digest), differs, or not comparable (no .tflite tensor). */
  readonly tapStates: readonly ('equal' | 'differs' | 'uncompared')[];
  readonly digests: readonly TapDigest[];
  /** The device's values of the differing taps where they could be fetched. */
  readonly values: ReadonlyMap<number, Uint8Array>;
  readonly outputs: Uint8Array;
  /**
   * Set where the run that fetched values showed other digests than the first: what it showed, consistent in itself. It counts for
   * nothing in what the first run is judged by, and tells which layer goes wrong by itself all the same.
   */
  readonly rerun: { readonly tapStates: BatchResult['tapStates']; readonly values: ReadonlyMap<number, Uint8Array> } | null;
}

export interface NumericPassOptions {
  readonly plan: PlannedCase;
  readonly manifest: NetworkManifest;
  readonly port: DevicePort;
  readonly runner: ReferenceRunner;
  readonly signal: AbortSignal;
  readonly onBatch: (result: BatchResult) => void;
  /** Samples done so far over the case. */
  readonly onProgress: (done: number) => void;
  /** The re-run that fetched values did not reproduce the first run's digests. */
  readonly onNondeterministic: (where: { sequence: string; firstStep: number; layers: readonly number[] }) => void;
  /** Called with the batch that is about to run, so that a fault can be placed. */
  readonly onStart: (where: { sequence: PlannedSequence; firstStep: number; firstSample: number }) => void;
}

/** Values fetched per case at the most; beyond it a differing digest only counts as a lower bound. A tolerance needs all of them. */
const MAX_FETCH_BYTES = 64 << 20;

/**
 * Runs every sequence on device and reference side by side, digests first, values only where digests differ.
 * @returns how many bytes of the reference's tensors an independent oracle confirmed
 */
export async function numericPass(options: NumericPassOptions): Promise<{ readonly oracleBytes: number }> {
  const { plan, manifest, port } = options;
  const reference = new BatchReference(options.runner, manifest);
  const taps = tapsOf(manifest);
  const stateful = options.runner.graph.tensors.some((tensor) => tensor.isVariable);
  let fetched = 0;
  let caseSample = 0;
  let oracleBytes = 0;
  for (const sequence of plan.sequences) {
    const batchSize = sequence.resetEach ? 1 : port.layout.batch;
    for (let firstStep = 0; firstStep < sequence.samples; firstStep += batchSize) {
      options.signal.throwIfAborted();
      const count = Math.min(batchSize, sequence.samples - firstStep);
      const firstSample = caseSample + firstStep;
      options.onStart({ sequence, firstStep, firstSample });
      const reset = firstStep === 0 || sequence.resetEach;
      if (reset) reference.reset();
      const codes = sequence.codes.subarray(firstStep * reference.inputBytes, (firstStep + count) * reference.inputBytes);
      const hook: SampleHook | null = sequence.oracle === null ? null : (step, runner) => { oracleBytes += sequence.oracle?.(step, runner.tensors) ?? 0; };
      await port.load(codes);
      // Beside the device's own computing, not beside the transfer: an emulated UART needs a core for itself, and slows by half without.
      const [expected, done] = await both(
        reference.advance(sequence.codes, firstStep, count, hook, options.signal),
        port.run({ mode: 'digest', fill: COMPARE_FILL, reset, saveState: manifest.state.length > 0, firstSample, count }, codes, (samples) => options.onProgress(firstSample + samples)),
      );
      const [digests, outputs] = await Promise.all([port.digests(done, expectedDigests(taps, expected)), port.outputs(count, done.outputCrc)]);
      const tapStates = compareDigests(taps, expected, digests);
      const wanted = tapStates.flatMap((state, t) => (state === 'differs' && shown(digests[t], taps[t], count) ? [t] : []));
      const bytes = wanted.reduce((sum, t) => sum + (taps[t] as ManifestTap).bytes * count, 0);
      const values = new Map<number, Uint8Array>();
      let rerun: BatchResult['rerun'] = null;
      if (wanted.length > 0 && (plan.tolerances.length > 0 || fetched + bytes <= MAX_FETCH_BYTES)) {
        const replay = stateful ? sequence.codes.subarray(0, reset ? 0 : firstStep * reference.inputBytes) : null;
        const capture = await captureTaps(port, taps, wanted, { firstSample, count, codes, hasState: manifest.state.length > 0, replay });
        fetched += bytes;
        for (const [t, data] of capture.values) values.set(t, data);
        const changed = changedTaps(capture.digests, digests);
        if (changed.size > 0) options.onNondeterministic({ sequence: sequence.name, firstStep, layers: layersOf(manifest, changed) });
        if (changed.size > 0 && capture.consistent) rerun = { tapStates: compareDigests(taps, expected, capture.digests), values: new Map(values) };
        // What another run computed says nothing about this one.
        for (const t of changed) values.delete(t);
      }
      options.onBatch({ sequence, firstStep, firstSample, count, codes, expected, tapStates, digests, values, outputs, rerun });
      options.onProgress(firstSample + count);
    }
    caseSample += sequence.samples;
  }
  if (caseSample === 0) throw new HilError('config', 'run.no-samples', `case ${plan.name} has no samples to compare`);
  return { oracleBytes };
}

/** Promise.all that waits for both to settle, so that no half of it goes on in the background after the other failed. */
async function both<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  const [first, second] = await Promise.allSettled([a, b]);
  // The device's failure says more than an abort that followed from it.
  if (second.status === 'rejected') throw second.reason;
  if (first.status === 'rejected') throw first.reason;
  return [first.value, second.value];
}

function shown(digest: TapDigest | undefined, tap: ManifestTap | undefined, count: number): boolean {
  return digest !== undefined && tap !== undefined && digest.bytes === (count * tap.bytes) >>> 0;
}

/** What all taps together must show; null where some have nothing to be compared with. */
function expectedDigests(taps: readonly ManifestTap[], { digests, count }: BatchExpectation): TapDigest[] | null {
  const known = taps.flatMap((tap, t): TapDigest[] => {
    const value = digests[t];
    return value === null || value === undefined ? [] : [{ value, bytes: (count * tap.bytes) >>> 0 }];
  });
  return known.length === taps.length ? known : null;
}

function compareDigests(taps: readonly ManifestTap[], expected: BatchExpectation, got: readonly TapDigest[]): ('equal' | 'differs' | 'uncompared')[] {
  return taps.map((tap, t) => {
    const value = expected.digests[t];
    if (value === null || value === undefined) return 'uncompared';
    const digest = got[t];
    return digest !== undefined && digest.value === value && shown(digest, tap, expected.count) ? 'equal' : 'differs';
  });
}

/** Taps whose digests in two runs are not the same. */
function changedTaps(a: readonly TapDigest[], b: readonly TapDigest[]): Set<number> {
  const taps = Array.from({ length: Math.max(a.length, b.length) }, (_each, t) => t);
  return new Set(taps.filter((t) => a[t]?.value !== b[t]?.value || a[t]?.bytes !== b[t]?.bytes));
}

function layersOf(manifest: NetworkManifest, taps: ReadonlySet<number>): number[] {
  let next = 0;
  return manifest.layers.filter((layer) => layer.taps.map(() => next++).some((t) => taps.has(t))).map((layer) => layer.index);
}
