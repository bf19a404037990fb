import { HilError } from '../errors.ts';
import type { DeviceSpec } from '../device/spec.ts';

type Clock = DeviceSpec['latency'];

/** Times of the passes with time stamps, in ticks of the agent's clock (docs/protocol.md, TIME_LAYERS). */
export interface LayerTicks {
  readonly samples: number;
  /** What an empty layer is charged for. */
  readonly stampTicks: number;
  readonly layers: readonly { readonly sum: number; readonly min: number; readonly max: number; readonly calls: number }[];
}

export interface LatencySummary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly n: number;
}

/** One layer in one invocation, in the device's unit. */
export interface LayerLatency {
  /** Mean over the samples, all its calls in an invocation together; null where the layer never ran. */
  readonly value: number | null;
  /** Of a single call. */
  readonly min: number | null;
  readonly max: number | null;
  readonly callsPerInvocation: number;
}

export interface LayerLatencies {
  readonly layers: readonly LayerLatency[];
  /** Sum of the layers' means against the mean of whole invocations without any tap: what the layers do not explain. */
  readonly layersSum: number;
  readonly layersTotal: number;
}

/** Ticks of the agent's clock in the device's unit. */
export function inUnits(ticks: number, clock: Clock): number {
  return (ticks * clock.numerator) / clock.denominator;
}

/**
 * The invocations of a case, in the device's unit. The median of an even number is the mean of the middle two.
 * @throws HilError 'bench' where nothing was measured: a latency of 0 would pass any budget
 */
export function latencySummary(ticks: readonly number[], clock: Clock): LatencySummary {
  if (ticks.length === 0) throw new HilError('bench', 'measure.no-ticks', 'no invocation was timed');
  const sorted = ticks.map((each) => inUnits(each, clock)).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)!, n: sorted.length };
}

/**
 * Per layer, less what the time stamps themselves take.
 * @param totalTicks of the same samples with taps off
 * @throws HilError 'bench' where nothing was measured
 */
export function layerCosts(times: LayerTicks, totalTicks: readonly number[], clock: Clock): LayerLatencies {
  if (times.samples === 0 || totalTicks.length === 0) throw new HilError('bench', 'measure.no-ticks', 'no layer was timed');
  const less = (ticks: number, calls: number): number => Math.max(0, ticks - calls * times.stampTicks);
  const layers = times.layers.map((each): LayerLatency => {
    if (each.calls === 0) return { value: null, min: null, max: null, callsPerInvocation: 0 };
    return {
      value: inUnits(less(each.sum, each.calls) / times.samples, clock),
      min: inUnits(less(each.min, 1), clock), max: inUnits(less(each.max, 1), clock),
      callsPerInvocation: each.calls / times.samples,
    };
  });
  const total = totalTicks.reduce((sum, each) => sum + each, 0) / totalTicks.length;
  return { layers, layersSum: layers.reduce((sum, each) => sum + (each.value ?? 0), 0), layersTotal: inUnits(total, clock) };
}
