/**
 * Air drawn into the cylinders (speed-density).
 *
 * Sources: Guzzella & Onder, sec. 2.3.3 (volumetric efficiency as a product of a speed and a pressure factor);
 * E. Hendricks, S. C. Sorenson, "Mean Value Modelling of Spark Ignition Engines", SAE 900616, 1990 (manifold filling).
 */

import {
  CHARGE_TEMPERATURE_K,
  COMPRESSION_RATIO,
  DISPLACEMENT_M3,
  GAMMA_EXHAUST,
  GAS_CONSTANT_AIR_J_PER_KGK,
  REVOLUTIONS_PER_CYCLE,
} from './parameters.ts';

/** Speed at which the inlet tuning fills best, rpm. */
const TUNED_SPEED_RPM = 3800;
const BEST_FILLING = 0.92;
/** Loss of filling per (1000 rpm)^2 away from the tuned speed. */
const FILLING_CURVATURE = 0.016;

/**
 * Volumetric efficiency related to manifold density, dimensionless:
 *
 *   eta_v = (eta_0 - c (N - N_0)^2) * (r_c - (p_em / p_im)^(1/g)) / (r_c - 1)
 *
 * The second factor is the room that the residual gas leaves; it shrinks as the throttle closes. Never below 0.05.
 */
export function volumetricEfficiency(speedRpm: number, manifoldPa: number, exhaustPa: number): number {
  const speed = BEST_FILLING - FILLING_CURVATURE * ((speedRpm - TUNED_SPEED_RPM) / 1000) ** 2;
  const residual = (COMPRESSION_RATIO - (exhaustPa / manifoldPa) ** (1 / GAMMA_EXHAUST)) / (COMPRESSION_RATIO - 1);
  return Math.max(speed * residual, 0.05);
}

/** Working cycles per second of the whole engine. */
export function cyclesPerS(speedRpm: number): number {
  return speedRpm / 60 / REVOLUTIONS_PER_CYCLE;
}

/** Air trapped in all cylinders in one cycle, kg: eta_v p_im V_d / (R T_im). */
export function chargePerCycleKg(speedRpm: number, manifoldPa: number, exhaustPa: number): number {
  const density = manifoldPa / (GAS_CONSTANT_AIR_J_PER_KGK * CHARGE_TEMPERATURE_K);
  return volumetricEfficiency(speedRpm, manifoldPa, exhaustPa) * density * DISPLACEMENT_M3;
}

/**
 * Time between the drawing-in of a charge and its torque, s: about one revolution from the middle of the intake stroke to the middle
 * of expansion. Modelled as a first-order lag (mean-value form of the induction-to-power-stroke delay, Guzzella & Onder, sec. 2.2).
 */
export function inductionLagS(speedRpm: number): number {
  return 60 / speedRpm;
}
