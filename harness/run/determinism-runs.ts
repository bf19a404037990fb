import type { RunDone, TapDigest } from '../link/index.ts';
import type { ManifestLayer } from '../runtimes/manifest.ts';
import type { BatchRun, DevicePort } from './device-port.ts';

/** What one sample gave on the device: digests of all taps and of the outputs. */
export interface Observation {
  readonly taps: readonly TapDigest[];
  readonly outputCrc: number;
  /** Of the invocation, seconds of the device's clock. */
  readonly seconds: number;
}

/** Two observations that should be the same and are not. */
export interface Difference {
  /** Where it starts; null where only the outputs tell. */
  readonly layer: ManifestLayer | null;
  /** Layers that differ. */
  readonly layers: number;
}

/** Runs single samples of a sequence on the device, each as a RUN of its own, so that what differs is not mixed with what follows. */
export class SampleRuns {
  readonly #port: DevicePort;
  readonly #codes: Uint8Array;
  readonly #inputBytes: number;
  readonly #firstSample: number;
  /** Samples of the sequence, from its first, that lie in the pool. */
  #loaded: number;

  /** @param loaded samples of the sequence, from its first, that the pool holds already */
  constructor(port: DevicePort, codes: Uint8Array, inputBytes: number, loaded: number, firstSample = 0) {
    this.#port = port;
    this.#codes = codes;
    this.#inputBytes = inputBytes;
    this.#firstSample = firstSample;
    this.#loaded = loaded;
  }

  /** Makes the first `count` samples ready to be run in any order. */
  async prepare(count: number): Promise<void> {
    if (this.#loaded >= count || count > this.#port.layout.batch) return;
    await this.#port.load(this.#part(0, count));
    this.#loaded = count;
  }

  /** @param same an earlier observation: while nothing has changed, its digests need not be read again */
  async run(sample: number, how: Pick<BatchRun, 'reset' | 'saveState' | 'restoreState' | 'fill'>, same: Observation | null = null): Promise<Observation> {
    const codes = this.#part(sample, 1);
    const lies = sample < this.#loaded;
    if (!lies) {
      await this.#port.load(codes);
      this.#loaded = 0;
    }
    const done: RunDone = await this.#port.run({ ...how, mode: 'digest', firstSample: this.#firstSample + sample, count: 1, skip: lies ? sample : 0 }, codes);
    return { taps: await this.#port.digests(done, same?.taps ?? null), outputCrc: done.outputCrc, seconds: done.totalTicks / this.#port.link.hello.tickHz };
  }

  #part(sample: number, count: number): Uint8Array {
    return this.#codes.subarray(sample * this.#inputBytes, (sample + count) * this.#inputBytes);
  }
}

/** Where two observations of what should be the same differ; null: nowhere. */
export function differenceOf(layers: readonly ManifestLayer[], a: Observation, b: Observation): Difference | null {
  let next = 0;
  const changed = layers.filter((layer) => layer.taps.map(() => next++).some((t) => a.taps[t]?.value !== b.taps[t]?.value || a.taps[t]?.bytes !== b.taps[t]?.bytes));
  return changed.length === 0 && a.outputCrc === b.outputCrc ? null : { layer: changed[0] ?? null, layers: changed.length };
}
