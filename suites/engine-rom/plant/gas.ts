/**
 * Isentropic compressible flow through a restriction.
 *
 * Source: Heywood, app. C (flow through a restriction); Eriksson & Nielsen, sec. 7.2 (linearised near pressure ratio 1).
 */

/** Above this pressure ratio the flow function is replaced by a straight line to zero. */
export const LINEAR_PRESSURE_RATIO = 0.95;

/**
 * Flow function Psi of the downstream-to-upstream pressure ratio, dimensionless:
 *
 *   Psi(r) = sqrt(2 g / (g - 1) * (r^(2/g) - r^((g+1)/g))),   r not below the critical ratio (choked there).
 *
 * Its slope is infinite at r = 1, which no explicit integrator survives; hence the straight line above LINEAR_PRESSURE_RATIO.
 * No flow runs backwards: r above 1 gives 0.
 */
export function flowFunction(pressureRatio: number, gamma: number): number {
  if (pressureRatio >= 1) return 0;
  const critical = (2 / (gamma + 1)) ** (gamma / (gamma - 1));
  if (pressureRatio > LINEAR_PRESSURE_RATIO) {
    return (isentropic(LINEAR_PRESSURE_RATIO, gamma) * (1 - pressureRatio)) / (1 - LINEAR_PRESSURE_RATIO);
  }
  return isentropic(Math.max(pressureRatio, critical), gamma);
}

function isentropic(r: number, gamma: number): number {
  return Math.sqrt(((2 * gamma) / (gamma - 1)) * (r ** (2 / gamma) - r ** ((gamma + 1) / gamma)));
}

export interface Restriction {
  /** Effective area (geometric area times discharge coefficient). */
  areaM2: number;
  upstreamPa: number;
  downstreamPa: number;
  upstreamK: number;
  gasConstantJPerKgK: number;
  gamma: number;
}

/** Mass flow in kg/s: A * p_up / sqrt(R T_up) * Psi(p_down / p_up). */
export function orificeFlowKgPerS(r: Restriction): number {
  const perArea = r.upstreamPa / Math.sqrt(r.gasConstantJPerKgK * r.upstreamK);
  return r.areaM2 * perArea * flowFunction(r.downstreamPa / r.upstreamPa, r.gamma);
}
