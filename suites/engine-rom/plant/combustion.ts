/**
 * From the trapped charge to indicated work: ignition timing, combustion stability, exhaust temperature.
 *
 * Sources: Heywood, sec. 9.2 (MBT timing and the common curve of relative torque against retard), sec. 6.5 (exhaust temperature);
 * Hendricks & Sorenson, SAE 900616 (efficiency as a product of one-variable factors); Eriksson & Nielsen, sec. 7.9 (ignition efficiency).
 */

import {
  AIR_FUEL_RATIO,
  COMPRESSION_RATIO,
  CHARGE_TEMPERATURE_K,
  DISPLACEMENT_M3,
  FUEL_HEATING_VALUE_J_PER_KG,
  GAS_CONSTANT_AIR_J_PER_KGK,
} from './parameters.ts';

/** Charge of a cylinder volume filled at 100 kPa: makes the load a number near 1. */
const REFERENCE_CHARGE_KG = (100_000 * DISPLACEMENT_M3) / (GAS_CONSTANT_AIR_J_PER_KGK * CHARGE_TEMPERATURE_K);
/** Share of the ideal Otto efficiency that heat loss and burning time leave. */
const REAL_CYCLE_FACTOR = 0.78;
/** Ratio of specific heats of the burning mixture. */
const GAMMA_MIXTURE = 1.3;
/** Relative torque lost per squared degree away from MBT. */
const SPARK_CURVATURE_PER_DEG2 = 3.2e-4;
/** Smallest efficiency of a very late or very early spark. */
const SPARK_FLOOR = 0.2;
/** Load at which half the fuel burns (residual gas smothers the flame) and the width of the transition. */
const STABILITY_LOAD = 0.11;
const STABILITY_WIDTH = 0.025;

/** Trapped air over the air that fills the displacement at 100 kPa, dimensionless. */
export function relativeLoad(chargeKg: number): number {
  return chargeKg / REFERENCE_CHARGE_KG;
}

/** Ignition timing of greatest torque, deg BTDC: earlier with speed (less time), later with load (faster flame). */
export function mbtDegBtdc(speedRpm: number, load: number): number {
  const n = speedRpm / 1000;
  return 24 + 4.4 * n - 0.28 * n * n - 10 * (load - 0.4);
}

/** Torque relative to MBT torque: 1 - c (theta - theta_MBT)^2, not below a floor. */
export function sparkEfficiency(sparkDegBtdc: number, mbt: number): number {
  return Math.max(1 - SPARK_CURVATURE_PER_DEG2 * (sparkDegBtdc - mbt) ** 2, SPARK_FLOOR);
}

/** Share of the fuel that burns: falls where the closed throttle leaves mostly residual gas (partial burn, then misfire). */
export function burnedShare(load: number): number {
  return 1 / (1 + Math.exp(-(load - STABILITY_LOAD) / STABILITY_WIDTH));
}

/** Gross indicated work of one cycle of the whole engine, J: m_f q (1 - r_c^(1-g)) * factors. */
export function indicatedWorkJ(speedRpm: number, sparkDegBtdc: number, chargeKg: number): number {
  const load = relativeLoad(chargeKg);
  const otto = 1 - COMPRESSION_RATIO ** (1 - GAMMA_MIXTURE);
  const fuelJ = (chargeKg / AIR_FUEL_RATIO) * FUEL_HEATING_VALUE_J_PER_KG;
  const spark = sparkEfficiency(sparkDegBtdc, mbtDegBtdc(speedRpm, load));
  return fuelJ * otto * REAL_CYCLE_FACTOR * spark * burnedShare(load);
}

/**
 * Gas temperature in the exhaust manifold, K: rises with speed and load (less time and area per mass to lose heat) and with a spark
 * later than MBT (heat that did not become work); a misfiring engine blows out cool air.
 */
export function exhaustTemperatureK(speedRpm: number, sparkDegBtdc: number, chargeKg: number): number {
  const load = relativeLoad(chargeKg);
  const late = 1 - sparkEfficiency(sparkDegBtdc, mbtDegBtdc(speedRpm, load));
  const hot = 420 + 75 * (speedRpm / 1000) ** 0.8 + 130 * Math.min(load, 2) ** 0.7 + 350 * late;
  return 350 + hot * burnedShare(load);
}
