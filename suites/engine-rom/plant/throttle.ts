/** Throttle plate: effective area and air mass flow. Source: Heywood, sec. 7.6 (throttle plate geometry); Guzzella & Onder, sec. 2.3.2. */

import { orificeFlowKgPerS } from './gas.ts';
import {
  CHARGE_TEMPERATURE_K,
  GAMMA_AIR,
  GAS_CONSTANT_AIR_J_PER_KGK,
  THROTTLE_BORE_M,
  THROTTLE_CLOSED_ANGLE_DEG,
  THROTTLE_DISCHARGE_COEFFICIENT,
  THROTTLE_LEAK_AREA_M2,
} from './parameters.ts';

const RAD_PER_DEG = Math.PI / 180;

/**
 * Effective area in m2. The plate turns linearly from its closed angle a0 (0 %) to 90 deg (100 %):
 *
 *   A = Cd * pi D^2 / 4 * (1 - cos a / cos a0) + A_leak
 */
export function throttleAreaM2(throttlePercent: number): number {
  const closed = THROTTLE_CLOSED_ANGLE_DEG * RAD_PER_DEG;
  const angle = closed + (Math.PI / 2 - closed) * (throttlePercent / 100);
  const bore = (Math.PI * THROTTLE_BORE_M ** 2) / 4;
  return THROTTLE_DISCHARGE_COEFFICIENT * bore * (1 - Math.cos(angle) / Math.cos(closed)) + THROTTLE_LEAK_AREA_M2;
}

/** Air mass flow through the throttle, kg/s, from the boost pipe into the manifold. */
export function throttleFlowKgPerS(throttlePercent: number, boostPa: number, manifoldPa: number): number {
  return orificeFlowKgPerS({
    areaM2: throttleAreaM2(throttlePercent),
    upstreamPa: boostPa,
    downstreamPa: manifoldPa,
    upstreamK: CHARGE_TEMPERATURE_K,
    gasConstantJPerKgK: GAS_CONSTANT_AIR_J_PER_KGK,
    gamma: GAMMA_AIR,
  });
}
