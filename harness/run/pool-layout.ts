import { HilError } from '../errors.ts';

/** Where things lie in the agent's sample pool (byte offsets), planned by the host. */
export interface PoolLayout {
  /** Samples of one RUN at the most. */
  readonly batch: number;
  readonly inOffset: number;
  readonly outOffset: number;
  readonly stateOffset: number;
  readonly auxOffset: number;
  readonly auxBytes: number;
}

export interface PoolNeeds {
  readonly poolBytes: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly stateBytes: number;
  readonly taps: number;
  readonly layers: number;
  /** Longest sequence: no batch is longer than this. */
  readonly longestSequence: number;
}

/** More samples in one RUN win nothing and make progress coarse. */
const MAX_BATCH = 4096;
const ALIGN = 16;
/** Captured bytes worth keeping room for: larger captures are fetched in several passes. */
const MAX_CAPTURE_BYTES = 1 << 20;

const align = (offset: number): number => Math.ceil(offset / ALIGN) * ALIGN;

/**
 * Fits inputs, outputs, a saved state and the auxiliary area (digests, time stamps, captured bytes) of as many samples as
 * sensible into the pool. Half of what is left after the fixed parts goes to capture, so that a mismatch can be fetched.
 * @throws HilError 'bench' where not even one sample fits: the image's pool is too small for this network.
 */
export function planPool(needs: PoolNeeds, deviceId: string): PoolLayout {
  const digestBytes = 8 * needs.taps;
  const layerTimeBytes = 16 + 24 * needs.layers;
  const fixedAux = Math.max(digestBytes, layerTimeBytes);
  const perSample = needs.inputBytes + needs.outputBytes + 4;
  const room = needs.poolBytes - align(needs.stateBytes) - fixedAux - 4 * ALIGN;
  if (room < perSample + 16) {
    throw new HilError('bench', 'run.pool-too-small',
      `${deviceId}: the agent's pool of ${needs.poolBytes} bytes does not hold one sample (${needs.inputBytes} in, ${needs.outputBytes} out, ${needs.stateBytes} state, ${needs.taps} taps)`,
      { hint: 'Give the board a larger HIL_POOL_BYTES, or use a device with more memory.' });
  }
  const captureBytes = Math.min(MAX_CAPTURE_BYTES, Math.floor(room / 2));
  const batch = Math.max(1, Math.min(MAX_BATCH, needs.longestSequence, Math.floor((room - captureBytes) / perSample)));
  const inOffset = 0;
  const outOffset = align(inOffset + batch * needs.inputBytes);
  const stateOffset = align(outOffset + batch * needs.outputBytes);
  const auxOffset = align(stateOffset + needs.stateBytes);
  const auxBytes = Math.min(needs.poolBytes - auxOffset, Math.max(fixedAux + captureBytes, 4 * batch));
  return { batch, inOffset, outOffset, stateOffset, auxOffset, auxBytes };
}
