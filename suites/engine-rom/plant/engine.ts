/**
 * The engine as five ordinary differential equations (mean-value: no crank angle, no single cylinder).
 *
 *   boost pipe        dp_b/dt  = R T / V_b  (m_compressor - m_throttle)
 *   intake manifold   dp_im/dt = R T / V_im (m_throttle - m_cylinders)
 *   exhaust manifold  dp_em/dt = R T / V_em (m_cylinders (1 + 1/AFR) - m_turbine - m_wastegate)
 *   turbo shaft       J dw/dt  = (P_turbine - P_compressor) / w - b w
 *   burning charge    dm_c/dt  = (m_trapped - m_c) / tau_induction
 *
 * and torque = (W_indicated - W_lost) / (4 pi). Engine speed is an input, as on a speed-controlled test bench, so the torque is
 * the brake torque at that speed, without the inertia of the crank train.
 *
 * Sources: Hendricks & Sorenson, SAE 900616 (mean-value structure, manifold filling); Guzzella & Onder, ch. 2; Eriksson & Nielsen, ch. 7, 8.
 */

import { cyclesPerS, chargePerCycleKg, inductionLagS } from './cylinder.ts';
import { exhaustTemperatureK, indicatedWorkJ } from './combustion.ts';
import { lostWorkJ } from './losses.ts';
import {
  AIR_FUEL_RATIO,
  AMBIENT_PRESSURE_PA,
  BOOST_VOLUME_M3,
  CHARGE_TEMPERATURE_K,
  EXHAUST_VOLUME_M3,
  GAS_CONSTANT_AIR_J_PER_KGK,
  GAS_CONSTANT_EXHAUST_J_PER_KGK,
  MANIFOLD_VOLUME_M3,
  TURBO_FRICTION_NMS_PER_RAD,
  TURBO_INERTIA_KGM2,
} from './parameters.ts';
import { throttleFlowKgPerS } from './throttle.ts';
import { compressorFlowKgPerS, compressorPowerW, tailpipePa, turbineFlowKgPerS, turbinePowerW, wastegateFlowKgPerS, wastegateOpening } from './turbo.ts';

/** The four inputs of the plant and of the model, in this order. */
export interface EngineInput {
  speedRpm: number;
  sparkDegBtdc: number;
  throttlePercent: number;
  wastegatePercent: number;
}

export interface EngineState {
  boostPa: number;
  manifoldPa: number;
  exhaustPa: number;
  turboRadPerS: number;
  chargeKg: number;
}

export interface Flows {
  compressorKgPerS: number;
  throttleKgPerS: number;
  cylinderKgPerS: number;
  turbineKgPerS: number;
  wastegateKgPerS: number;
  exhaustK: number;
  tailpipePa: number;
}

/** Least shaft speed by which power is divided to get torque, rad/s: keeps a standing rotor finite. */
const LEAST_SHAFT_RAD_PER_S = 500;
const CHARGE_RT = GAS_CONSTANT_AIR_J_PER_KGK * CHARGE_TEMPERATURE_K;
const FUEL_FACTOR = 1 + 1 / AIR_FUEL_RATIO;

/** A stopped engine: everything at ambient. Where every settling run starts. */
export function restState(): EngineState {
  return { boostPa: AMBIENT_PRESSURE_PA, manifoldPa: AMBIENT_PRESSURE_PA, exhaustPa: AMBIENT_PRESSURE_PA, turboRadPerS: 1000, chargeKg: 1e-3 };
}

export function flows(u: EngineInput, x: EngineState): Flows {
  const cylinder = chargePerCycleKg(u.speedRpm, x.manifoldPa, x.exhaustPa) * cyclesPerS(u.speedRpm);
  const exhaustK = exhaustTemperatureK(u.speedRpm, u.sparkDegBtdc, x.chargeKg);
  // The tailpipe has no volume of its own: its loss follows the gas that the engine puts out.
  const after = tailpipePa(cylinder * FUEL_FACTOR);
  return {
    compressorKgPerS: compressorFlowKgPerS(x.turboRadPerS, x.boostPa),
    throttleKgPerS: throttleFlowKgPerS(u.throttlePercent, x.boostPa, x.manifoldPa),
    cylinderKgPerS: cylinder,
    turbineKgPerS: turbineFlowKgPerS(x.exhaustPa, after, exhaustK),
    wastegateKgPerS: wastegateFlowKgPerS(wastegateOpening(u.wastegatePercent, x.boostPa), x.exhaustPa, after, exhaustK),
    exhaustK,
    tailpipePa: after,
  };
}

/** Rates of change of the states, each in its unit per second. */
export function derivative(u: EngineInput, x: EngineState): EngineState {
  const f = flows(u, x);
  const turbineW = turbinePowerW(x.turboRadPerS, x.exhaustPa, f.tailpipePa, f.exhaustK, f.turbineKgPerS);
  const compressorW = compressorPowerW(x.turboRadPerS, x.boostPa, f.compressorKgPerS);
  const shaftNm = (turbineW - compressorW) / Math.max(x.turboRadPerS, LEAST_SHAFT_RAD_PER_S) - TURBO_FRICTION_NMS_PER_RAD * x.turboRadPerS;
  const exhaustIn = f.cylinderKgPerS * FUEL_FACTOR;
  return {
    boostPa: (CHARGE_RT / BOOST_VOLUME_M3) * (f.compressorKgPerS - f.throttleKgPerS),
    manifoldPa: (CHARGE_RT / MANIFOLD_VOLUME_M3) * (f.throttleKgPerS - f.cylinderKgPerS),
    exhaustPa: ((GAS_CONSTANT_EXHAUST_J_PER_KGK * f.exhaustK) / EXHAUST_VOLUME_M3) * (exhaustIn - f.turbineKgPerS - f.wastegateKgPerS),
    turboRadPerS: shaftNm / TURBO_INERTIA_KGM2,
    chargeKg: (chargePerCycleKg(u.speedRpm, x.manifoldPa, x.exhaustPa) - x.chargeKg) / inductionLagS(u.speedRpm),
  };
}

/** Brake torque, Nm: work of a cycle over its crank angle of 4 pi. */
export function torqueNm(u: EngineInput, x: EngineState): number {
  const work = indicatedWorkJ(u.speedRpm, u.sparkDegBtdc, x.chargeKg) - lostWorkJ(u.speedRpm, x.manifoldPa, x.exhaustPa);
  return work / (4 * Math.PI);
}
