/** Runs the plant: fixed-step Runge-Kutta of order four, sampled at 100 Hz. */

import type { EngineInput, EngineState } from './engine.ts';
import { derivative, restState, torqueNm } from './engine.ts';

export const SAMPLE_RATE_HZ = 100;
/** The fastest pole (manifolds at wide-open throttle) is near 1 ms; half of it keeps the explicit method stable. */
export const SUBSTEPS_PER_SAMPLE = 20;
const STEP_S = 1 / (SAMPLE_RATE_HZ * SUBSTEPS_PER_SAMPLE);
/** Long against the slowest state (the turbo shaft near idle, a few seconds). */
export const SETTLE_S = 40;

function add(x: EngineState, d: EngineState, h: number): EngineState {
  return {
    boostPa: x.boostPa + h * d.boostPa,
    manifoldPa: x.manifoldPa + h * d.manifoldPa,
    exhaustPa: x.exhaustPa + h * d.exhaustPa,
    turboRadPerS: x.turboRadPerS + h * d.turboRadPerS,
    chargeKg: x.chargeKg + h * d.chargeKg,
  };
}

/** One classical Runge-Kutta step of `stepS` seconds with the input held. */
export function rungeKutta(u: EngineInput, x: EngineState, stepS: number): EngineState {
  const a = derivative(u, x);
  const b = derivative(u, add(x, a, stepS / 2));
  const c = derivative(u, add(x, b, stepS / 2));
  const d = derivative(u, add(x, c, stepS));
  return add(add(add(add(x, a, stepS / 6), b, stepS / 3), c, stepS / 3), d, stepS / 6);
}

/** Advances one sample (10 ms) with the input held. */
export function advance(u: EngineInput, x: EngineState): EngineState {
  let state = x;
  for (let i = 0; i < SUBSTEPS_PER_SAMPLE; i++) state = rungeKutta(u, state, STEP_S);
  return state;
}

/** State after holding `u` for `seconds`, by default long enough to be steady. */
export function settle(u: EngineInput, from: EngineState = restState(), seconds: number = SETTLE_S): EngineState {
  let state = from;
  for (let i = 0; i < seconds * SAMPLE_RATE_HZ; i++) state = advance(u, state);
  return state;
}

export interface Trace {
  torqueNm: number[];
  states: EngineState[];
}

/** Plays `inputs` (one a sample) from `from`. Sample k is the torque at the end of the 10 ms in which input k was held. */
export function simulate(inputs: readonly EngineInput[], from: EngineState): Trace {
  const trace: Trace = { torqueNm: [], states: [] };
  let state = from;
  for (const u of inputs) {
    state = advance(u, state);
    trace.states.push(state);
    trace.torqueNm.push(torqueNm(u, state));
  }
  return trace;
}
