import { crc32 } from 'node:zlib';
import { HilError } from '../errors.ts';
import { decodeDigests, digestAuxBytes, digestOfDigests, type FillByte, type Link, type RunDone, type RunMode, type TapDigest } from '../link/index.ts';
import type { PreloadedInputs } from './preload.ts';
import type { PoolLayout } from './pool-layout.ts';

/** One RUN as the passes ask for it; where things lie comes from the layout. */
export interface BatchRun {
  readonly mode: RunMode;
  readonly reset?: boolean;
  readonly saveState?: boolean;
  readonly restoreState?: boolean;
  readonly paintStack?: boolean;
  /** What memory that holds nothing between invocations is filled with before each. */
  readonly fill?: FillByte;
  /** Samples of those loaded that come before the first to be run. */
  readonly skip?: number;
  /** 0-based over the case, for PROGRESS, FAULT and HANG. */
  readonly firstSample: number;
  readonly count: number;
  /** Bytes of the capture stream to leave out. */
  readonly captureSkip?: number;
  readonly mask?: Uint8Array;
}

/** The network on the device as the passes see it: load samples, run a batch, read what came of it. */
export class DevicePort {
  readonly link: Link;
  readonly layout: PoolLayout;
  readonly #deviceId: string;
  readonly #network: number;
  readonly #limitTicks: number;
  readonly #silenceMs: number;
  readonly #taps: number;
  readonly #outputBytes: number;
  readonly #preloaded: PreloadedInputs | null;

  constructor(link: Link, layout: PoolLayout, options: {
    deviceId: string; network: number; invocationLimitMs: number; silenceMs: number; taps: number; outputBytes: number; preloaded: PreloadedInputs | null;
  }) {
    this.link = link;
    this.layout = layout;
    this.#deviceId = options.deviceId;
    this.#network = options.network;
    this.#limitTicks = Math.ceil((options.invocationLimitMs / 1000) * link.hello.tickHz);
    this.#silenceMs = options.silenceMs;
    this.#taps = options.taps;
    this.#outputBytes = options.outputBytes;
    this.#preloaded = options.preloaded;
  }

  /** Puts the batch's input codes into the pool: from the preload where they lie there, else over the link. */
  async load(codes: Uint8Array): Promise<void> {
    const from = this.#preloaded?.find(codes) ?? null;
    if (from !== null) return this.link.copy(from, this.layout.inOffset, codes.length);
    await this.link.write(this.layout.inOffset, codes);
  }

  /**
   * Runs a batch and checks that the answer belongs to it.
   * @throws HilError 'target' where the network returned an error code; 'bench' where the answer is about something else.
   */
  async run(batch: BatchRun, loaded: Uint8Array, onProgress?: (done: number) => void): Promise<RunDone> {
    const { inOffset, outOffset, stateOffset, auxOffset, auxBytes } = this.layout;
    const done = await this.link.run({
      network: this.#network, mode: batch.mode,
      reset: batch.reset ?? false, saveState: batch.saveState ?? false, restoreState: batch.restoreState ?? false, paintStack: batch.paintStack ?? false, fill: batch.fill,
      firstSample: batch.firstSample, count: batch.count, inOffset: inOffset + (batch.skip ?? 0) * (loaded.length / batch.count), outOffset, stateOffset, auxOffset, auxBytes,
      captureSkip: batch.captureSkip ?? 0, limitTicks: this.#limitTicks, mask: batch.mask ?? new Uint8Array(0),
    }, { silenceMs: this.#silenceMs, ...(onProgress ? { onProgress: (progress) => onProgress(progress.done) } : {}) });
    if (done.status !== 0) throw this.#networkError(done, batch.firstSample + done.done);
    if (done.done !== batch.count) {
      throw new HilError('bench', 'run.short', `${this.#deviceId}: ran ${done.done} of ${batch.count} samples and called it done`);
    }
    if (done.inputCrc !== crc32(loaded)) {
      throw new HilError('bench', 'run.inputs-changed', `${this.#deviceId}: the network was given other inputs than were sent (CRC differs)`,
        { hint: 'The sample pool was overwritten: check for stack or arena overlap on the target.' });
    }
    return done;
  }

  #networkError(done: RunDone, sample: number): HilError {
    const facts = { status: done.status, networkStatus: done.networkStatus, sample, layer: done.lastLayer };
    const what = done.status === 3 ? `init returned error ${done.networkStatus}`
      : done.status === 2 ? 'it showed a layer or tap that its own table does not have'
      : `invoke returned error ${done.networkStatus}`;
    return new HilError('target', 'target.network-error', `${this.#deviceId}: the network failed at sample ${sample}: ${what}`, { facts });
  }

  /**
   * Digests of all taps after a DIGEST or CAPTURE run. They are read only where the run's digest of them all is not that of
   * the expected ones: over an emulated UART a read takes longer than the digests took to compute.
   */
  async digests(done?: RunDone, expected?: readonly TapDigest[] | null): Promise<readonly TapDigest[]> {
    if (this.#taps === 0) return [];
    if (done !== undefined && expected !== undefined && expected !== null && done.digest === digestOfDigests(expected)) return expected;
    return decodeDigests(await this.link.read(this.layout.auxOffset, digestAuxBytes(this.#taps)), this.#taps);
  }

  /** Outputs of the batch; checked against the CRC that the agent took from the network's own buffers. */
  async outputs(count: number, outputCrc: number): Promise<Uint8Array> {
    const bytes = await this.link.read(this.layout.outOffset, count * this.#outputBytes);
    if (crc32(bytes) !== outputCrc) {
      throw new HilError('bench', 'run.outputs-changed', `${this.#deviceId}: outputs changed between the invocation and their reading (CRC differs)`);
    }
    return bytes;
  }

  /** Room for captured bytes in one CAPTURE run. */
  get captureRoom(): number {
    return this.layout.auxBytes - digestAuxBytes(this.#taps);
  }

  async captured(count: number): Promise<Uint8Array> {
    return this.link.read(this.layout.auxOffset + digestAuxBytes(this.#taps), count);
  }
}
