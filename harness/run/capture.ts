import { HilError } from '../errors.ts';
import type { ManifestTap } from '../runtimes/manifest.ts';
import type { TapDigest } from '../link/index.ts';
import type { DevicePort } from './device-port.ts';

/**
 * What memory that holds nothing between invocations is filled with in the runs that are compared, as outputs always are: what is
 * read or shown without having been written is then this byte in every run, and known for what it is.
 */
export const COMPARE_FILL = 0xa5;

export interface CaptureResult {
  /** Per wanted tap: count * tap.bytes, sample after sample. */
  readonly values: ReadonlyMap<number, Uint8Array>;
  /** Digests of all taps in the last capturing run, to be compared with the first run's. */
  readonly digests: readonly TapDigest[];
  /** All capturing runs showed the same digests, so that the values are those of one run. */
  readonly consistent: boolean;
}

/**
 * Re-runs the batch that the pool still holds from its saved state and fetches the bytes of the wanted taps. What does not fit
 * into the auxiliary area at once is fetched by further re-runs, each from the same state.
 * @param batch.replay the samples since the last reset, where the state cannot be saved: they are run again before each re-run
 * @throws HilError 'bench' 'run.capture-size' where the device shows other amounts than the manifest says.
 */
export async function captureTaps(port: DevicePort, taps: readonly ManifestTap[], wanted: readonly number[],
  batch: { firstSample: number; count: number; codes: Uint8Array; hasState: boolean; replay?: Uint8Array | null }): Promise<CaptureResult> {
  const mask = new Uint8Array(Math.ceil(taps.length / 8));
  for (const t of wanted) mask[t >> 3] = (mask[t >> 3] ?? 0) | (1 << (t & 7));
  const perSample = wanted.reduce((sum, t) => sum + (taps[t] as ManifestTap).bytes, 0);
  const total = perSample * batch.count;
  const stream = new Uint8Array(total);
  let digests: readonly TapDigest[] = [];
  let consistent = true;
  for (let skip = 0; skip < total; skip += port.captureRoom) {
    const replay = batch.hasState ? null : batch.replay ?? null;
    if (replay !== null && replay.length > 0) await replaySamples(port, replay, batch);
    const done = await port.run({
      mode: 'capture', fill: COMPARE_FILL, restoreState: batch.hasState, reset: replay?.length === 0, firstSample: batch.firstSample, count: batch.count,
      captureSkip: skip, mask,
    }, batch.codes);
    if (done.captureBytes !== total) {
      throw new HilError('bench', 'run.capture-size', `the device showed ${done.captureBytes} bytes of the wanted layers, the manifest says ${total}`);
    }
    const shown = await port.digests();
    consistent &&= skip === 0 || shown.every(({ value, bytes }, t) => digests[t]?.value === value && digests[t]?.bytes === bytes);
    digests = shown;
    stream.set(await port.captured(Math.min(port.captureRoom, total - skip)), skip);
  }
  return { values: split(stream, taps, wanted, batch.count), digests, consistent };
}

/** From a reset through everything before the batch, which is then loaded again. */
async function replaySamples(port: DevicePort, codes: Uint8Array, batch: { firstSample: number; count: number; codes: Uint8Array }): Promise<void> {
  const sampleBytes = batch.codes.length / batch.count;
  const samples = codes.length / sampleBytes;
  for (let first = 0; first < samples; first += port.layout.batch) {
    const count = Math.min(port.layout.batch, samples - first);
    const part = codes.subarray(first * sampleBytes, (first + count) * sampleBytes);
    await port.load(part);
    await port.run({ mode: 'plain', fill: COMPARE_FILL, reset: first === 0, firstSample: batch.firstSample - samples + first, count }, part);
  }
  await port.load(batch.codes);
}

function split(stream: Uint8Array, taps: readonly ManifestTap[], wanted: readonly number[], count: number): Map<number, Uint8Array> {
  const order = [...wanted].sort((a, b) => a - b);
  const values = new Map(order.map((t) => [t, new Uint8Array(count * (taps[t] as ManifestTap).bytes)]));
  let at = 0;
  for (let k = 0; k < count; k++) {
    for (const t of order) {
      const bytes = (taps[t] as ManifestTap).bytes;
      values.get(t)?.set(stream.subarray(at, at + bytes), k * bytes);
      at += bytes;
    }
  }
  return values;
}
