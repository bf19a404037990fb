/** The six test sequences: each its own kind of driving, through design points that nothing else uses. */

import type { EngineInput } from '../plant/engine.ts';
import type { DesignPoint } from './design.ts';
import type { Sequence } from './excitation.ts';
import type { Move } from './profile.ts';
import { profile } from './profile.ts';

export const TEST_SAMPLES = 300;

export interface NamedSequence extends Sequence {
  name: string;
}

const step = (target: Partial<EngineInput>, samples: number): Move => ({ target, samples, rampSamples: 0 });
const ramp = (target: Partial<EngineInput>, rampSamples: number, dwell = 0): Move => ({ target, rampSamples, samples: rampSamples + dwell });

/** Hands out the points of the split one after the other. */
class Dealer {
  readonly #points: readonly DesignPoint[];
  #next = 0;
  #dealt: number[] = [];

  constructor(points: readonly DesignPoint[]) {
    this.#points = points;
  }

  take(): EngineInput {
    const point = this.#points[this.#next++];
    if (point === undefined) throw new RangeError(`the test split has only ${this.#points.length} points`);
    this.#dealt.push(point.index);
    return point.input;
  }

  /** Closes one sequence: checks its length and notes which points it used. */
  finish(name: string, idle: number, moves: readonly Move[]): NamedSequence {
    const inputs = profile(idle, moves);
    if (inputs.length !== TEST_SAMPLES) throw new RangeError(`${name} has ${inputs.length} samples instead of ${TEST_SAMPLES}`);
    const points = this.#dealt;
    this.#dealt = [];
    return { name, inputs, points };
  }
}

/** `points` is the test split of the design. */
export function testSequences(points: readonly DesignPoint[]): NamedSequence[] {
  const d = new Dealer(points);
  return [steps(d), ramps(d), tipIn(d), sparkSweep(d), motoring(d), mixed(d)];
}

/** A design point pushed towards high load, so that a short sequence of few points reaches the boosted range too. */
function loaded(p: EngineInput): EngineInput {
  return { ...p, throttlePercent: 40 + 0.6 * p.throttlePercent, wastegatePercent: 0.3 * p.wastegatePercent };
}

/** All four inputs jump together. */
function steps(d: Dealer): NamedSequence {
  return d.finish('steps', 20, [step(d.take(), 70), step(loaded(d.take()), 70), step(d.take(), 70), step(d.take(), 70)]);
}

/** All four inputs drift together. */
function ramps(d: Dealer): NamedSequence {
  return d.finish('ramps', 10, [ramp(d.take(), 60, 15), ramp(loaded(d.take()), 50, 20), ramp(d.take(), 65, 10), ramp(loaded(d.take()), 55, 15)]);
}

/** Low load at middle speed with the wastegate shut, then full throttle: torque jumps to the naturally aspirated level and creeps up. */
function tipIn(d: Dealer): NamedSequence {
  const p = d.take();
  const cruise = { speedRpm: 2500 + 0.2 * p.speedRpm, sparkDegBtdc: 22, throttlePercent: 12, wastegatePercent: 0.1 * p.wastegatePercent };
  return d.finish('tip-in', 10, [step(cruise, 80), step({ throttlePercent: 95 }, 170), step({ throttlePercent: 8 }, 40)]);
}

/** Ignition timing from end to end and back at a held operating point. */
function sparkSweep(d: Dealer): NamedSequence {
  const p = d.take();
  const held = { ...p, sparkDegBtdc: -5, throttlePercent: 20 + 0.5 * p.throttlePercent };
  return d.finish('spark-sweep', 10, [step(held, 60), ramp({ sparkDegBtdc: 45 }, 110, 10), ramp({ sparkDegBtdc: 0 }, 50, 10), step({ sparkDegBtdc: p.sparkDegBtdc }, 50)]);
}

/** Overrun: the closed throttle at high speed, coasting down, then a short pull and closed again. */
function motoring(d: Dealer): NamedSequence {
  const [fast, slow] = [d.take(), d.take()];
  return d.finish('motoring', 10, [
    step({ ...loaded(fast), speedRpm: 5200 }, 95),
    step({ throttlePercent: 0 }, 40),
    ramp({ speedRpm: 2200 }, 70),
    step({ throttlePercent: 0.5 * slow.throttlePercent, sparkDegBtdc: slow.sparkDegBtdc }, 40),
    step({ throttlePercent: 0 }, 45),
  ]);
}

/** Steps, ramps and dwells of single inputs and of all of them. */
function mixed(d: Dealer): NamedSequence {
  const [a, b, c] = [d.take(), d.take(), d.take()];
  return d.finish('mixed', 20, [
    ramp(a, 40, 20),
    step({ throttlePercent: b.throttlePercent }, 45),
    ramp({ wastegatePercent: b.wastegatePercent, speedRpm: b.speedRpm }, 45, 5),
    step(c, 60),
    step({ sparkDegBtdc: b.sparkDegBtdc }, 25),
    ramp({ throttlePercent: 30 }, 25, 15),
  ]);
}
