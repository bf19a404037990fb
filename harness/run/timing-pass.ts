import type { DevicePort } from './device-port.ts';
import { decodeLayerTimes, decodeSampleTicks, layerTimesAuxBytes, type LayerTimes, type RunDone } from '../link/index.ts';
import type { PlannedSequence } from './planned-case.ts';

/** Raw clock readings of one case, in the agent's ticks; turned into units by harness/measure. */
export interface Timing {
  /** One invocation each, taps off; [] where nothing was timed. */
  readonly totalTicks: readonly number[];
  /** Per layer, over the same samples; null where nothing was timed. */
  readonly layers: LayerTimes | null;
  /** High-water mark of the stack in the invocations; null where the board cannot paint. */
  readonly stackBytes: number | null;
  /** The passes that were timed gave the outputs of a tapped one. Where not, another code path was compared than the one that ships. */
  readonly outputsAsTapped: boolean;
  /** Samples of each pass: the first of the first sequence, from a reset; the pool still holds them. */
  readonly samples: number;
  /** How the tapped pass ended, which came last. In an untimed pass memory was filled with other bytes before each invocation. */
  readonly tapped: RunDone;
}

/** Invocations timed: enough for a median, few enough to cost little. */
const TIMED_SAMPLES = 256;

/**
 * Measures on the image that was just compared, in passes without digests: total with no tap at all, then per layer with time
 * stamps only, each over the first samples of the first sequence from a reset. A tapped pass over the same samples shows whether
 * the untapped path, which a generator may write apart and which is the one that ships, computes the same outputs.
 */
export async function timingPass(port: DevicePort, sequence: PlannedSequence, inputBytes: number, layers: number): Promise<Timing> {
  const count = Math.min(TIMED_SAMPLES, port.layout.batch, sequence.samples);
  const codes = sequence.codes.subarray(0, count * inputBytes);
  await port.load(codes);
  const batch = { reset: true, firstSample: 0, count };
  const total = await port.run({ ...batch, mode: 'time-total' }, codes);
  const totalTicks = decodeSampleTicks(await port.link.read(port.layout.auxOffset, 4 * count), count);
  const stamped = await port.run({ ...batch, mode: 'time-layers' }, codes);
  const times = decodeLayerTimes(await port.link.read(port.layout.auxOffset, layerTimesAuxBytes(layers)), layers);
  const painted = await port.run({ ...batch, mode: 'plain', paintStack: true }, codes);
  const tapped = await port.run({ ...batch, mode: 'digest' }, codes);
  const outputsAsTapped = [total, stamped, painted].every((done) => done.outputCrc === tapped.outputCrc);
  return { totalTicks, layers: times, stackBytes: painted.stackBytes, outputsAsTapped, samples: count, tapped };
}

/**
 * What timingPass() finds beside times, in half the runs: for cases by the thousand, of which nobody asks how long they take.
 */
export async function untimedPass(port: DevicePort, sequence: PlannedSequence, inputBytes: number): Promise<Timing> {
  const count = Math.min(TIMED_SAMPLES, port.layout.batch, sequence.samples);
  const codes = sequence.codes.subarray(0, count * inputBytes);
  await port.load(codes);
  const batch = { reset: true, firstSample: 0, count };
  const painted = await port.run({ ...batch, mode: 'plain', paintStack: true }, codes);
  // Other bytes than the runs that were compared had: they differ in the sign and in the lowest bit (COMPARE_FILL in capture.ts).
  const tapped = await port.run({ ...batch, mode: 'digest', fill: 0x00 }, codes);
  return { totalTicks: [], layers: null, stackBytes: painted.stackBytes, outputsAsTapped: painted.outputCrc === tapped.outputCrc, samples: count, tapped };
}
