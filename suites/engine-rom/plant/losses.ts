/** Friction and pumping. Source: Heywood, sec. 13.2 and 13.6 (motoring mean effective pressure over speed); Guzzella & Onder, sec. 2.5.1. */

import { DISPLACEMENT_M3 } from './parameters.ts';

/**
 * Rubbing friction and accessories as a mean effective pressure, Pa, with Heywood's form a + b N + c N^2 (N in 1000 rpm). The constants are
 * lower than his for the whole motored engine (97, 15, 5 kPa), because gas exchange is counted apart here.
 */
export function frictionMepPa(speedRpm: number): number {
  const n = speedRpm / 1000;
  return 1000 * (72 + 10 * n + 4 * n * n);
}

/** Loss of flow through valves and ports as a mean effective pressure, Pa: with the square of mean gas speed. */
export function valveLossMepPa(speedRpm: number): number {
  return 900 * (speedRpm / 1000) ** 2;
}

/** Work lost to friction and gas exchange in one cycle, J: V_d (p_em - p_im + losses). Boost above back pressure gives work back. */
export function lostWorkJ(speedRpm: number, manifoldPa: number, exhaustPa: number): number {
  return DISPLACEMENT_M3 * (frictionMepPa(speedRpm) + valveLossMepPa(speedRpm) + exhaustPa - manifoldPa);
}
