/** Random but seeded sequences through design points: what the network learns from and is calibrated and validated on. */

import type { EngineInput } from '../plant/engine.ts';
import type { DesignPoint } from './design.ts';
import type { Move } from './profile.ts';
import { profile } from './profile.ts';
import { Random } from './random.ts';

export const EXCITATION_SAMPLES = 400;
export const POINTS_PER_SEQUENCE = 4;
const LEAST_MOVE_SAMPLES = 25;
const MOST_IDLE_SAMPLES = 40;
/** Share of moves that are ramps instead of steps. */
const RAMP_SHARE = 0.45;
/** Share of throttle moves that go to the closed stop or to the open one: corners that a space-filling design never hits. */
const CLOSED_SHARE = 0.12;
const OPEN_SHARE = 0.08;

/** Inputs that move together, with the share of moves; a tip-in moves the throttle alone, a spark sweep the timing alone. */
const GROUPS: readonly { share: number; keys: readonly (keyof EngineInput)[] }[] = [
  { share: 0.46, keys: ['speedRpm', 'sparkDegBtdc', 'throttlePercent', 'wastegatePercent'] },
  { share: 0.2, keys: ['throttlePercent'] },
  { share: 0.1, keys: ['sparkDegBtdc'] },
  { share: 0.1, keys: ['speedRpm'] },
  { share: 0.06, keys: ['wastegatePercent'] },
  { share: 0.08, keys: ['throttlePercent', 'wastegatePercent'] },
];

export interface Sequence {
  inputs: EngineInput[];
  /** Design points that the sequence visits. */
  points: number[];
}

function pickGroup(random: Random): readonly (keyof EngineInput)[] {
  let left = random.uniform();
  for (const group of GROUPS) {
    left -= group.share;
    if (left < 0) return group.keys;
  }
  return GROUPS[0]?.keys ?? [];
}

/** Cuts `total` samples into `parts` random moves, none shorter than LEAST_MOVE_SAMPLES. */
function cut(total: number, parts: number, random: Random): number[] {
  const free = total - parts * LEAST_MOVE_SAMPLES;
  const marks = Array.from({ length: parts - 1 }, () => random.integer(0, free)).sort((a, b) => a - b);
  const edges = [0, ...marks, free];
  return Array.from({ length: parts }, (_, i) => LEAST_MOVE_SAMPLES + (edges[i + 1] ?? 0) - (edges[i] ?? 0));
}

function moveTo(point: DesignPoint, first: boolean, samples: number, random: Random): Move {
  // The first move leaves idle for the design point as a whole; later ones may keep inputs back.
  const keys = first ? GROUPS[0]?.keys ?? [] : pickGroup(random);
  const target: Partial<EngineInput> = {};
  for (const key of keys) target[key] = point.input[key];
  if (target.throttlePercent !== undefined) {
    const u = random.uniform();
    if (u < CLOSED_SHARE) target.throttlePercent = 0;
    else if (u < CLOSED_SHARE + OPEN_SHARE) target.throttlePercent = 100;
  }
  const ramp = random.uniform() < RAMP_SHARE;
  return { target, samples, rampSamples: ramp ? random.integer(10, samples) : 0 };
}

/** Visits every point once a pass, in a new order each pass, POINTS_PER_SEQUENCE to a sequence. */
export function excitation(points: readonly DesignPoint[], passes: number, seed: number): Sequence[] {
  const random = new Random(seed);
  const out: Sequence[] = [];
  for (let pass = 0; pass < passes; pass++) {
    const order = random.shuffled(points);
    for (let at = 0; at + POINTS_PER_SEQUENCE <= order.length; at += POINTS_PER_SEQUENCE) {
      const visited = order.slice(at, at + POINTS_PER_SEQUENCE);
      const idle = random.integer(1, MOST_IDLE_SAMPLES);
      const lengths = cut(EXCITATION_SAMPLES - idle, POINTS_PER_SEQUENCE, random);
      const moves = visited.map((p, i) => moveTo(p, i === 0, lengths[i] ?? 0, random));
      out.push({ inputs: profile(idle, moves), points: visited.map((p) => p.index) });
    }
  }
  return out;
}
