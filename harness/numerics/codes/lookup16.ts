import { clamp, sat16 } from '../fixed-point.ts';
import { roundHalfAway } from '../multiplier.ts';

/** Steps of a table of an int16 function; one entry more ends the last of them. */
const STEPS = 512;

/**
 * A function as 513 int16 values, each moved by half the error that a straight line makes in the middle of its step; every
 * operation in float32. (TFLM kernels/internal/common.h, LUTPopulateInt16)
 * @param f correctly rounded to float32
 * @param input output scale and zero point of the codes
 */
export function populate16(f: (x: number) => number, input: { scale: number; zeroPoint: number }, output: { scale: number; zeroPoint: number }): Int16Array {
  const r = Math.fround;
  const edge = (codes: { scale: number; zeroPoint: number }, code: number): number => r(codes.scale * (code - codes.zeroPoint));
  const [least, greatest] = [edge(input, -32768), edge(input, 32767)];
  const step = r(r(greatest - least) / STEPS);
  const inverse = r(65536 / r(edge(output, 32767) - edge(output, -32768)));
  const at = (x: number): number => r(f(x) * inverse);
  const entry = (i: number): number => {
    const x = r(least + r(i * step));
    const value = roundHalfAway(at(x));
    const between = roundHalfAway(r(r(at(r(least + r((i + 1) * step))) + value) / 2));
    const middle = roundHalfAway(at(r(x + r(step / 2))));
    return clamp(r(value - roundHalfAway(r(r(between - middle) / 2))), -32768, 32767);
  };
  return Int16Array.from({ length: STEPS + 1 }, (_, i) => (i < STEPS ? entry(i) : sat16(roundHalfAway(at(greatest)))));
}

/** The function at an int16 value, interpolated. (LUTLookup) */
export function lookup16(value: number, table: Int16Array): number {
  const i = 256 + (value >> 7);
  const [base, next] = [table[i] as number, table[i + 1] as number];
  return base + (((next - base) * (value & 127) + 64) >> 7);
}

/** exp over [-10, 0] and 1 / (1 + x) over [0, 1], both Q0.15: all that SOFTMAX of int16 knows of them. (softmax_common.cc) */
export const EXP16_TABLE: Int16Array = populate16((x) => Math.fround(Math.exp(x)), { scale: Math.fround(10 / 65535), zeroPoint: 32767 }, { scale: Math.fround(2 / 65535), zeroPoint: 0 });
export const RECIPROCAL16_TABLE: Int16Array =
  populate16((x) => Math.fround(1 / Math.fround(1 + x)), { scale: Math.fround(1 / 65535), zeroPoint: -32768 }, { scale: Math.fround(2 / 65535), zeroPoint: 0 });
