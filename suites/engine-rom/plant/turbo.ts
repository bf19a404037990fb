/**
 * Turbocharger: compressor, turbine and wastegate.
 *
 * Sources: Eriksson & Nielsen, sec. 8.6 (head and flow parameters of the compressor; parabolic speed lines), sec. 8.7 (turbine as an
 * orifice, blade speed ratio); Guzzella & Onder, sec. 2.4.3; Heywood, sec. 6.8.
 */

import { orificeFlowKgPerS } from './gas.ts';
import {
  AMBIENT_PRESSURE_PA,
  AMBIENT_TEMPERATURE_K,
  COMPRESSOR_RADIUS_M,
  GAMMA_AIR,
  GAMMA_EXHAUST,
  GAS_CONSTANT_AIR_J_PER_KGK,
  GAS_CONSTANT_EXHAUST_J_PER_KGK,
  HEAT_CAPACITY_AIR_J_PER_KGK,
  HEAT_CAPACITY_EXHAUST_J_PER_KGK,
  SPRING_OPENS_PA,
  SPRING_SPAN_PA,
  TAILPIPE_LOSS_PA_S2_PER_KG2,
  TURBINE_AREA_M2,
  TURBINE_RADIUS_M,
  WASTEGATE_AREA_M2,
} from './parameters.ts';

/** Head coefficient 2 cp T (Pi^k - 1) / U^2 at no flow. */
const HEAD_AT_NO_FLOW = 1.25;
/** Flow coefficient m / (rho pi r^2 U) at no head. */
const FLOW_AT_NO_HEAD = 0.24;
const COMPRESSOR_BEST_EFFICIENCY = 0.74;
const COMPRESSOR_LEAST_EFFICIENCY = 0.35;
/** Flow coefficient of best efficiency, and the distance that costs the whole of it. */
const BEST_FLOW_COEFFICIENT = 0.14;
const FLOW_COEFFICIENT_SPAN = 0.2;
const TURBINE_BEST_EFFICIENCY = 0.66;
const TURBINE_LEAST_EFFICIENCY = 0.2;
/** Blade speed over spouting speed at best turbine efficiency. */
const BEST_BLADE_SPEED_RATIO = 0.65;

const AIR_EXPONENT = (GAMMA_AIR - 1) / GAMMA_AIR;
const EXHAUST_EXPONENT = (GAMMA_EXHAUST - 1) / GAMMA_EXHAUST;

/** Specific work of loss-free compression from ambient, J/kg; negative below ambient. */
function idealHeadJPerKg(boostPa: number): number {
  return HEAT_CAPACITY_AIR_J_PER_KGK * AMBIENT_TEMPERATURE_K * ((boostPa / AMBIENT_PRESSURE_PA) ** AIR_EXPONENT - 1);
}

/**
 * Air flow of the compressor, kg/s. Each speed line is the parabola head = head_0 (1 - (flow / flow_0)^2), solved for the flow:
 *
 *   m = rho pi r^2 flow_0 sqrt(U^2 - 2 h / head_0)
 *
 * which also holds at standstill, where the wheel is a mere restriction. No flow (instead of surge) where the head is too high.
 */
export function compressorFlowKgPerS(shaftRadPerS: number, boostPa: number): number {
  const tip = COMPRESSOR_RADIUS_M * shaftRadPerS;
  const square = tip * tip - (2 * idealHeadJPerKg(boostPa)) / HEAD_AT_NO_FLOW;
  return rhoAreaKgPerM() * FLOW_AT_NO_HEAD * Math.sqrt(Math.max(square, 0));
}

function rhoAreaKgPerM(): number {
  return (AMBIENT_PRESSURE_PA / (GAS_CONSTANT_AIR_J_PER_KGK * AMBIENT_TEMPERATURE_K)) * Math.PI * COMPRESSOR_RADIUS_M ** 2;
}

/** Power that the compressor takes from the shaft, W: m h / eta. Zero below ambient pressure (no drive by suction). */
export function compressorPowerW(shaftRadPerS: number, boostPa: number, flowKgPerS: number): number {
  const coefficient = flowKgPerS / (rhoAreaKgPerM() * Math.max(COMPRESSOR_RADIUS_M * shaftRadPerS, 1));
  const efficiency = COMPRESSOR_BEST_EFFICIENCY * (1 - ((coefficient - BEST_FLOW_COEFFICIENT) / FLOW_COEFFICIENT_SPAN) ** 2);
  return (flowKgPerS * Math.max(idealHeadJPerKg(boostPa), 0)) / Math.max(efficiency, COMPRESSOR_LEAST_EFFICIENCY);
}

/** Pressure after turbine and wastegate, Pa: ambient plus the loss of the tailpipe. */
export function tailpipePa(flowKgPerS: number): number {
  return AMBIENT_PRESSURE_PA + TAILPIPE_LOSS_PA_S2_PER_KG2 * flowKgPerS * flowKgPerS;
}

/** Flow through the turbine wheel (areaM2 = TURBINE_AREA_M2) or another exhaust path, kg/s. */
function exhaustPathFlow(areaM2: number, exhaustPa: number, afterPa: number, exhaustK: number): number {
  return orificeFlowKgPerS({
    areaM2,
    upstreamPa: exhaustPa,
    downstreamPa: afterPa,
    upstreamK: exhaustK,
    gasConstantJPerKgK: GAS_CONSTANT_EXHAUST_J_PER_KGK,
    gamma: GAMMA_EXHAUST,
  });
}

export function turbineFlowKgPerS(exhaustPa: number, afterPa: number, exhaustK: number): number {
  return exhaustPathFlow(TURBINE_AREA_M2, exhaustPa, afterPa, exhaustK);
}

/**
 * Opening of the wastegate, 0..1: the command (0 % shut, 100 % open), plus the spring-loaded capsule that bounds the boost where the
 * command would let the turbo run away.
 */
export function wastegateOpening(wastegatePercent: number, boostPa: number): number {
  const command = wastegatePercent / 100;
  const spring = Math.min(Math.max((boostPa - SPRING_OPENS_PA) / SPRING_SPAN_PA, 0), 1);
  return command + (1 - command) * spring;
}

/** Flow that passes the turbine by, kg/s. */
export function wastegateFlowKgPerS(opening: number, exhaustPa: number, afterPa: number, exhaustK: number): number {
  return exhaustPathFlow(WASTEGATE_AREA_M2 * opening, exhaustPa, afterPa, exhaustK);
}

/** Power that the turbine gives to the shaft, W: m cp T (1 - (p_after / p_em)^k) eta(blade speed ratio). */
export function turbinePowerW(shaftRadPerS: number, exhaustPa: number, afterPa: number, exhaustK: number, flowKgPerS: number): number {
  if (exhaustPa <= afterPa) return 0;
  const drop = HEAT_CAPACITY_EXHAUST_J_PER_KGK * exhaustK * (1 - (afterPa / exhaustPa) ** EXHAUST_EXPONENT);
  const ratio = (TURBINE_RADIUS_M * shaftRadPerS) / Math.sqrt(2 * drop);
  const efficiency = TURBINE_BEST_EFFICIENCY * (1 - ((ratio - BEST_BLADE_SPEED_RATIO) / BEST_BLADE_SPEED_RATIO) ** 2);
  return flowKgPerS * drop * Math.max(efficiency, TURBINE_LEAST_EFFICIENCY);
}
