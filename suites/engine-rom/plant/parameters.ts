/**
 * Fixed parameters of the engine: a 1.8 l four-cylinder, four-stroke, port-injected, intercooled turbo engine.
 *
 * The values are typical of such engines, not a fit to one product. Ranges they were chosen from:
 * - J. B. Heywood, "Internal Combustion Engine Fundamentals", 2nd ed., 2018 (ch. 6 gas exchange, ch. 13 friction).
 * - L. Guzzella, C. H. Onder, "Introduction to Modeling and Control of Internal Combustion Engine Systems", 2nd ed., 2010 (ch. 2).
 * - L. Eriksson, L. Nielsen, "Modeling and Control of Engines and Drivelines", 2014 (ch. 7 and 8).
 */

/** Specific gas constant of air, J/(kg K). */
export const GAS_CONSTANT_AIR_J_PER_KGK = 287;
/** Specific gas constant of stoichiometric exhaust gas, J/(kg K). */
export const GAS_CONSTANT_EXHAUST_J_PER_KGK = 290;
/** Ratio of specific heats of air. */
export const GAMMA_AIR = 1.4;
/** Ratio of specific heats of exhaust gas at about 1000 K. */
export const GAMMA_EXHAUST = 1.33;
/** Isobaric heat capacity of air, J/(kg K). */
export const HEAT_CAPACITY_AIR_J_PER_KGK = 1005;
/** Isobaric heat capacity of exhaust gas, J/(kg K). */
export const HEAT_CAPACITY_EXHAUST_J_PER_KGK = 1170;

export const AMBIENT_PRESSURE_PA = 101_325;
export const AMBIENT_TEMPERATURE_K = 298;
/** After the intercooler and in the manifold, K; held constant (isothermal filling). */
export const CHARGE_TEMPERATURE_K = 318;

export const DISPLACEMENT_M3 = 1.8e-3;
export const COMPRESSION_RATIO = 9.5;
/** Crank revolutions of one working cycle (four-stroke). */
export const REVOLUTIONS_PER_CYCLE = 2;

/** Pipes and intercooler between compressor and throttle. */
export const BOOST_VOLUME_M3 = 6e-3;
/** Plenum and runners between throttle and inlet valves. */
export const MANIFOLD_VOLUME_M3 = 3.5e-3;
export const EXHAUST_VOLUME_M3 = 3e-3;

export const THROTTLE_BORE_M = 0.05;
/** Angle of the closed plate to the bore's cross-section, deg. */
export const THROTTLE_CLOSED_ANGLE_DEG = 2;
export const THROTTLE_DISCHARGE_COEFFICIENT = 0.8;
/** Effective area that stays open round the closed plate, m2. */
export const THROTTLE_LEAK_AREA_M2 = 8e-6;

/** Air-to-fuel ratio of the closed lambda loop (stoichiometric petrol), kg/kg. */
export const AIR_FUEL_RATIO = 14.7;
/** Lower heating value of petrol, J/kg. */
export const FUEL_HEATING_VALUE_J_PER_KG = 44e6;

/** Rotor of the turbocharger: shaft and both wheels, kg m2. */
export const TURBO_INERTIA_KGM2 = 2.2e-5;
/** Bearing friction and windage torque per shaft speed, N m s/rad. */
export const TURBO_FRICTION_NMS_PER_RAD = 6e-6;
export const COMPRESSOR_RADIUS_M = 0.0255;
export const TURBINE_RADIUS_M = 0.0225;
/** Effective (isentropic) flow area of the turbine, m2. */
export const TURBINE_AREA_M2 = 3.3e-4;
/** Effective area of the fully open wastegate, m2. */
export const WASTEGATE_AREA_M2 = 7e-4;
/** Boost at which the wastegate's spring gives way whatever the command is, and the rise that opens it fully, Pa (absolute). */
export const SPRING_OPENS_PA = 175_000;
export const SPRING_SPAN_PA = 40_000;
/** Back pressure of catalyst and silencer: pascal per (kg/s) squared. */
export const TAILPIPE_LOSS_PA_S2_PER_KG2 = 1.3e6;
