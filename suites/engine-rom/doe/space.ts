/** The input space: ranges, and the fixed linear map between engineering units and the model's inputs. */

import type { EngineInput } from '../plant/engine.ts';

export interface Axis {
  key: keyof EngineInput;
  unit: string;
  low: number;
  high: number;
}

/** In the order of the model's four inputs. */
export const AXES = [
  { key: 'speedRpm', unit: 'rpm', low: 800, high: 6000 },
  { key: 'sparkDegBtdc', unit: 'deg BTDC', low: -5, high: 45 },
  { key: 'throttlePercent', unit: '%', low: 0, high: 100 },
  { key: 'wastegatePercent', unit: '%', low: 0, high: 100 },
] as const satisfies readonly Axis[];

/** Model units of one value: (x - centre) / half range, -1 at the low end and 1 at the high end. */
export function normaliseValue(value: number, axis: Axis): number {
  return (value - (axis.low + axis.high) / 2) / ((axis.high - axis.low) / 2);
}

/** The four model inputs of one sample. */
export function normalise(u: EngineInput): number[] {
  return AXES.map((axis) => normaliseValue(u[axis.key], axis));
}

/**
 * Exponent that packs points towards the closed throttle, where torque changes most per percent (the plate's area grows with the square
 * of its angle, and below 3000 rpm the engine is unthrottled beyond a third of the travel).
 */
export const THROTTLE_WARP = 1.6;
/** The same for the wastegate: near shut, a few percent decide how far the turbo runs up. */
export const WASTEGATE_WARP = 1.5;

/** A point of the unit cube in engineering units. */
export function fromUnitCube(point: readonly number[]): EngineInput {
  const value = (i: number, share: number): number => {
    const axis = AXES[i as 0 | 1 | 2 | 3];
    return axis.low + (axis.high - axis.low) * share;
  };
  const [speed = 0, spark = 0, throttle = 0, wastegate = 0] = point;
  return {
    speedRpm: value(0, speed),
    sparkDegBtdc: value(1, spark),
    throttlePercent: value(2, throttle ** THROTTLE_WARP),
    wastegatePercent: value(3, wastegate ** WASTEGATE_WARP),
  };
}
