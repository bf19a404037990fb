/** The numerics room: fixed-point primitives and the named rounding profiles. */
export { activationRange, floatActivationRange } from './activation-range.ts';
export { sigmoid16, sigmoid16Table, tanh16, tanh16Table } from './activation16.ts';
export type { Int16Function } from './activation16.ts';
export { broadcastIndices, broadcastLoops, broadcastShape, MAX_DIMENSIONS } from './broadcast.ts';
export type { BroadcastLoop } from './broadcast.ts';
export { expOnNegativeValues, oneOverOnePlusX } from './exponential.ts';
export { clamp, rdbp, sat16, sat32, saturatingShiftLeft, srdhm } from './fixed-point.ts';
export { frexp, quantizeMultiplier, roundHalfAway } from './multiplier.ts';
export type { QuantizedMultiplier } from './multiplier.ts';
export { roundingOf, roundingProfile, supportedProfiles } from './profiles.ts';
export type { OperatorRounding, RoundingProfile } from './profiles.ts';
export { isFixedPoint, REQUANTISE, REQUANTISE_REAL, requantiseDouble, requantiseWide } from './requantise.ts';
export type { FixedPointName, Requantise, RequantiseName, RequantiseReal } from './requantise.ts';
export { productMultiplier } from './scales.ts';
export type { ScaleArithmetic } from './scales.ts';
export { SIGMOID_TABLE } from './sigmoid-table.ts';
export { Padding, windowAxis } from './window.ts';
export type { WindowAxis } from './window.ts';
