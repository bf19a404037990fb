/** Input profiles over time: steps, ramps and dwells from one operating point to the next. */

import { SAMPLE_RATE_HZ } from '../plant/simulate.ts';
import type { EngineInput } from '../plant/engine.ts';
import { AXES } from './space.ts';

/**
 * Where every sequence starts, and what a reset of the model's state means: the warm engine idling, settled, with the wastegate open.
 * The throttle is where the brake torque is near 0 Nm.
 */
export const IDLE: EngineInput = { speedRpm: 900, sparkDegBtdc: 12, throttlePercent: 2, wastegatePercent: 100 };

/**
 * Fastest change per second. A step is as steep as the hardware allows: a dynamic test bench for speed, the plate's motor for the
 * throttle, the capsule for the wastegate. The ignition timing is software and may jump.
 */
export const SLEW_PER_S: Readonly<EngineInput> = { speedRpm: 5000, sparkDegBtdc: 5000, throttlePercent: 1000, wastegatePercent: 500 };

export interface Move {
  /** What to go to; inputs left out stay where they are. */
  target: Partial<EngineInput>;
  /** Samples of the linear ramp; 0 is a step, bounded by the slew rate only. */
  rampSamples: number;
  /** Samples of the whole move: the ramp, then the dwell at the target. */
  samples: number;
}

/** Dwells at idle for `idleSamples`, then makes the moves one after the other. */
export function profile(idleSamples: number, moves: readonly Move[]): EngineInput[] {
  const out: EngineInput[] = Array.from({ length: idleSamples }, () => ({ ...IDLE }));
  let now: EngineInput = { ...IDLE };
  for (const move of moves) {
    const from = now;
    const goal = { ...from, ...move.target };
    for (let k = 1; k <= move.samples; k++) {
      const share = move.rampSamples === 0 ? 1 : Math.min(k / move.rampSamples, 1);
      const next = { ...now };
      for (const { key } of AXES) {
        const wanted = from[key] + (goal[key] - from[key]) * share;
        const most = SLEW_PER_S[key] / SAMPLE_RATE_HZ;
        next[key] = now[key] + Math.min(Math.max(wanted - now[key], -most), most);
      }
      now = next;
      out.push(now);
    }
  }
  return out;
}
