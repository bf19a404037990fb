import { digestOf } from './digest.ts';
import { FieldReader, FieldWriter } from './fields.ts';

/** One tap's digest, chained over all samples and occurrences of a run. */
export interface TapDigest {
  readonly value: number;
  readonly bytes: number;
}

/** Times of TIME_LAYERS, in ticks. */
export interface LayerTimes {
  /** Of the whole invocations. */
  readonly tickSum: number;
  readonly samples: number;
  /** What one stamp costs: 64 of them, divided. */
  readonly stampTicks: number;
  readonly layers: readonly { readonly sum: number; readonly min: number; readonly max: number; readonly calls: number }[];
}

const DIGEST_BYTES = 8;
const TIMES_HEADER = 16;
const TIMES_LAYER = 24;

/** Bytes of aux that a run needs: mode digest or capture (before the stream). */
export function digestAuxBytes(taps: number): number {
  return taps * DIGEST_BYTES;
}

/** Bytes of aux that a run needs: mode time-layers. */
export function layerTimesAuxBytes(layers: number): number {
  return TIMES_HEADER + layers * TIMES_LAYER;
}

/** The digest area of aux as it is when the taps gave these digests; see RunDone.digest. */
export function digestOfDigests(digests: readonly TapDigest[]): number {
  const area = new FieldWriter(digestAuxBytes(digests.length));
  for (const { value, bytes } of digests) area.u32(value).u32(bytes);
  return digestOf(area.done());
}

/** @param aux read from the run's auxOffset; longer where a capture stream follows. @throws MalformedError */
export function decodeDigests(aux: Buffer, taps: number): TapDigest[] {
  const f = new FieldReader(aux);
  return Array.from({ length: taps }, () => ({ value: f.u32(), bytes: f.u32() }));
}

/** @returns ticks of each sample's invocation. @throws MalformedError */
export function decodeSampleTicks(aux: Buffer, samples: number): number[] {
  const f = new FieldReader(aux);
  return Array.from({ length: samples }, () => f.u32());
}

/** @throws MalformedError */
export function decodeLayerTimes(aux: Buffer, layers: number): LayerTimes {
  const f = new FieldReader(aux);
  const tickSum = f.u64();
  const samples = f.u32();
  const stampTicks = f.u32() / 64;
  const rows = Array.from({ length: layers }, () => {
    const row = { sum: f.u64(), min: f.u32(), max: f.u32(), calls: f.u32() };
    f.u32();
    return row;
  });
  return { tickSum, samples, stampTicks, layers: rows };
}
