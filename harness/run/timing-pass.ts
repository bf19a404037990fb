import type { DevicePort } from './device-port.ts';
import { decodeLayerTimes, decodeSampleTicks, layerTimesAuxBytes, type LayerTimes } from '../link/index.ts';
import type { PlannedSequence } from './planned-case.ts';

/** Raw clock readings of one case, in the agent's ticks; turned into units by harness/measure. */
export interface Timing {
  /** One invocation each, taps off. */
  readonly totalTicks: readonly number[];
  /** Per layer, over the same samples. */
  readonly layers: LayerTimes;
  /** High-water mark of the stack in the invocations; null where the board cannot paint. */
  readonly stackBytes: number | null;
}

/** Invocations timed: enough for a median, few enough to cost little. */
const TIMED_SAMPLES = 256;

/**
 * Measures on the image that was just compared, in passes without digests: total with no tap at all, then per layer with time
 * stamps only, each over the first samples of the first sequence from a reset.
 */
export async function timingPass(port: DevicePort, sequence: PlannedSequence, inputBytes: number, layers: number): Promise<Timing> {
  const count = Math.min(TIMED_SAMPLES, port.layout.batch, sequence.samples);
  const codes = sequence.codes.subarray(0, count * inputBytes);
  await port.load(codes);
  const batch = { reset: true, firstSample: 0, count };
  await port.run({ ...batch, mode: 'time-total' }, codes);
  const totalTicks = decodeSampleTicks(await port.link.read(port.layout.auxOffset, 4 * count), count);
  await port.run({ ...batch, mode: 'time-layers' }, codes);
  const times = decodeLayerTimes(await port.link.read(port.layout.auxOffset, layerTimesAuxBytes(layers)), layers);
  const painted = await port.run({ ...batch, mode: 'plain', paintStack: true }, codes);
  return { totalTicks, layers: times, stackBytes: painted.stackBytes };
}
