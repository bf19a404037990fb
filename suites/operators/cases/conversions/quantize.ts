import type { DType } from '../../../../harness/model/graph.ts';
import type { OperatorCase } from '../../case.ts';
import { ALL_CODES, CODES16, single } from '../functions/graph.ts';

/** Ties and their neighbours at a scale of 1 / 8, then the ends and beyond them, up to what an int32 holds. */
const REALS = [
  ...Array.from({ length: 64 }, (_, i) => (i - 32) / 16), ...Array.from({ length: 64 }, (_, i) => Math.fround((i - 32) / 16 + (i % 2 === 0 ? 1e-7 : -1e-7))),
  -0, 1e-45, -1e-39, 15.9374, 15.9375, 15.9376, -16, -16.0625, 16.1, 4095.9375, 4096, -4096.0625, 1e5, -1e5, 2e7, -2e7,
];

const fromFloat: readonly OperatorCase[] = (['int8', 'int16'] as const).flatMap((dtype) =>
  [[0.125, 0], [0.125, -128], [0.125, 127], [0.1, 3], [0.0235, -7], [1, 0], [7.3, 1]].map(([scale = 1, zeroPoint = 0], i) =>
    single(`quantize-float32-${dtype}-${i}`, 'QUANTIZE', { dtype: 'float32' }, { dtype, scale, zeroPoint: dtype === 'int16' && i > 2 ? 0 : zeroPoint }, [REALS.length], {}, { samples: 1, inputs: [[REALS]] })));

const PAIRS: readonly (readonly [DType, DType])[] = [
  ['int8', 'int8'], ['int8', 'uint8'], ['uint8', 'int8'], ['int8', 'int16'], ['int8', 'int32'], ['int16', 'int8'], ['int16', 'int16'], ['int16', 'int32'], ['int32', 'int8'], ['int32', 'int16'],
];

const CODES32 = [-(2 ** 30), -16777217, -70001, -65536, -1000, -129, -128, -1, 0, 1, 2, 127, 128, 1000, 65535, 70001, 16777217, 2 ** 30];

function codesOf(dtype: DType, factor: number): readonly number[] {
  if (dtype === 'int8') return ALL_CODES;
  if (dtype === 'uint8') return ALL_CODES.map((code) => code + 128);
  if (dtype === 'int16') return CODES16;
  // Left shifts must stay in int32.
  return CODES32.filter((code) => Math.abs(code) * Math.max(1, factor) < 2 ** 30);
}

/** 2^k times something between 1/2 and 1 for many k, so that every shift occurs; zero points at the ends. */
const FACTORS = [...Array.from({ length: 41 }, (_, i) => (0.51 + (i % 7) * 0.07) * 2 ** (i - 31)), 1, 0.5, 2, 1e-12];

const rescaling: readonly OperatorCase[] = PAIRS.flatMap(([from, to]) => FACTORS.flatMap((factor, i) => {
  // Each pair takes a third of the factors, and all of those at the end.
  if (i < 41 && i % 3 !== PAIRS.findIndex(([a, b]) => a === from && b === to) % 3) return [];
  const zero = (dtype: DType, k: number): number => ((dtype === 'int8' ? [-128, 0, 127, 5] : dtype === 'uint8' ? [0, 128, 255, 133] : dtype === 'int16' && k % 8 === 7 ? [-32768, 32767, 100, -100] : [0, 0, 0, 0])[k % 4] ?? 0);
  const codes = codesOf(from, factor);
  return [single(`quantize-${from}-${to}-${i}`, 'QUANTIZE', { dtype: from, scale: factor, zeroPoint: zero(from, i) }, { dtype: to, scale: 1, zeroPoint: zero(to, i + (i >> 2)) }, [codes.length], {}, { samples: 1, inputs: [[codes]] })];
}));

const sizes: readonly OperatorCase[] = [1, 3, 5, 17].map((size) => single(`quantize-int8-size-${size}`, 'QUANTIZE', { dtype: 'int8', scale: 0.5, zeroPoint: 1 }, { dtype: 'int8', scale: 0.3, zeroPoint: -9 }, [size]));

export const quantize: readonly OperatorCase[] = [...fromFloat, ...rescaling, ...sizes];
