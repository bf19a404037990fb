import type { OperatorCase } from '../../case.ts';
import { ALL_CODES, CODES16, FLOATS, single, type Side } from './graph.ts';

const int8 = (scale: number, zeroPoint: number): Side => ({ dtype: 'int8', scale, zeroPoint });
const int16 = (scale: number): Side => ({ dtype: 'int16', scale });
const float32: Side = { dtype: 'float32' };

/** Every code once; one sample is all there is. */
const everyCode = (name: string, op: string, from: Side, to: Side, options: Record<string, number> = {}): OperatorCase =>
  single(name, op, from, to, [2, 8, 16], options, { samples: 1, inputs: [[ALL_CODES]] });
const codes16 = (name: string, op: string, from: Side, to: Side, options: Record<string, number> = {}): OperatorCase =>
  single(name, op, from, to, [CODES16.length], options, { samples: 1, inputs: [[CODES16]] });

/** Scales from those at which everything saturates to those at which nothing happens. */
const CURVE_SCALES: readonly number[] = [2 ** -27, 1e-6, 0.001, 0.0123, 2 ** -5, 0.0471, 0.1, 0.2, 0.5, 1, 3.3, 17];
const ZERO_POINTS: readonly number[] = [-128, -5, 0, 127];

const curves: readonly OperatorCase[] = ['LOGISTIC', 'TANH'].flatMap((op) => {
  const output = op === 'LOGISTIC' ? int8(1 / 256, -128) : int8(1 / 128, 0);
  return [
    ...CURVE_SCALES.map((scale, i) => everyCode(`${op.toLowerCase()}-int8-scale-${i}`, op, int8(scale, ZERO_POINTS[i % 4] as number), output)),
    ...[2 ** -12, 2 ** -11, 2 ** -12 * 1.0005, 2 ** -10, 2 ** -15, 2 ** -20, 0.0001, 0.00031, 0.001, 0.01, 0.1, 1, 2.6, 5].map((scale, i) =>
      codes16(`${op.toLowerCase()}-int16-scale-${i}`, op, int16(scale), int16(2 ** -15))),
  ];
});

/** Input and output of operators that rescale: equal, and factors from 2^-20 to beyond saturation. */
const PAIRS: readonly (readonly [number, number, number, number])[] = [
  [0.1, -128, 0.1, -128], [0.1, 0, 0.1, 0], [0.1, 127, 0.1, -128], [0.0235, -3, 0.0471, 12], [0.5, 10, 0.013, -60], [1, -128, 2 ** -10, 127], [0.001, 5, 1, 0], [1e-6, 1, 1, 3], [3, 0, 0.02, -100],
];
const rescaling = (op: string, label: string, options: Record<string, number> = {}): readonly OperatorCase[] => [
  ...PAIRS.map(([si, zi, so, zo], i) => everyCode(`${label}-int8-${i}`, op, int8(si, zi), int8(so, zo), options)),
  ...PAIRS.map(([si, , so], i) => codes16(`${label}-int16-${i}`, op, int16(si / 256), int16(so / 256), options)),
];

const leaky = [0.01, 0.3, 1, 1.7, 0, -0.5, -1.3].flatMap((alpha, i) => rescaling('LEAKY_RELU', `leaky-relu-alpha-${i}`, { alpha }).filter((_, k) => i < 2 || k % 3 === i % 3));

/** Codes for which factors formed in float32, as TFLM did until October 2026, give other results than those in double. */
const leakyFactors: readonly OperatorCase[] = ([
  [0.000633842428214848, 0.0008582872105762362, 0.24483317136764526, [-13945, 15887]], [0.00811236072331667, 0.000784977397415787, 0.12833352386951447, [-24592, 1834]],
  [0.00697091082111001, 0.0005127924960106611, 0.586359977722168, [-3602, 2324]],
] as const).map(([from, to, alpha, codes], i) =>
  single(`leaky-relu-int16-factors-${i}`, 'LEAKY_RELU', int16(from), int16(to), [2], { alpha }, { samples: 1, inputs: [[codes]] }));

const hardSwish = [0.0235, 0.05, 0.3, 2, 0.0001, 1e-5, 3e-7, 10].flatMap((scale, i) => [
  everyCode(`hard-swish-int8-${i}`, 'HARD_SWISH', int8(scale, ZERO_POINTS[i % 4] as number), int8(scale * 0.9, -110)),
  everyCode(`hard-swish-int8-${i}-coarse`, 'HARD_SWISH', int8(scale, ZERO_POINTS[(i + 1) % 4] as number), int8(scale * (i + 2) * 7, 127)),
]);

const elu = PAIRS.map(([si, zi, so, zo], i) => everyCode(`elu-int8-${i}`, 'ELU', int8(si, zi), int8(so, zo)));

/** Codes from the zero point on: below it there is no root. */
const roots = ([[0.1, -128, 0.01], [0.02, -10, 0.1], [4, -100, 0.004], [1, -128, 1 / 127], [1e-4, 100, 3], [0.003, 127, 0.1]] as const).map(([si, zi, so], i) =>
  single(`rsqrt-int8-${i}`, 'RSQRT', int8(si, zi), int8(so, ([-128, 0, 5, -128, -128, 0] as const)[i] as number), [256], {}, { samples: 1, inputs: [[ALL_CODES.map((code) => Math.max(code, zi))]] }));

/** Units in the last place by which values of the C library, which TFLM calls, may differ. */
const ULP: Readonly<Record<string, number>> = { COS: 1, ELU: 1, EXP: 1, LOG: 1, LOGISTIC: 2, SIN: 1, TANH: 1 };

const floats: readonly OperatorCase[] = [
  'ABS', 'CEIL', 'COS', 'ELU', 'EXP', 'FLOOR', 'HARD_SWISH', 'LEAKY_RELU', 'LOG', 'LOGISTIC', 'NEG', 'RELU', 'RELU6', 'ROUND', 'RSQRT', 'SIN', 'SQRT', 'SQUARE', 'TANH',
].map((op) => single(`${op.toLowerCase().replaceAll('_', '-')}-float32`, op, float32, float32, [2, 64], op === 'LEAKY_RELU' ? { alpha: -0.3 } : {}, {
  inputs: [[FLOATS], [FLOATS.map((x) => Math.fround(x / 7))], [FLOATS.map((_, i) => Math.fround((i - 64) / 8 + i / 1000))], [FLOATS.map((_, i) => Math.fround((i - 64) * 1e-21))]],
  samples: 4,
  ...(ULP[op] === undefined ? {} : { ulp: ULP[op] }),
}));

/** Clamps that TFLM has only fused into other operators. */
const clamps = (['RELU_N1_TO_1', 'RELU_0_TO_1'] as const).flatMap((op) => {
  const label = op.toLowerCase().replaceAll('_', '-');
  return [
    ...[...PAIRS, [1 / 128, 0, 1 / 128, 0], [0.007, 127, 0.013, -128], [2 ** -24, 5, 2 ** -30, -5], [0.4, 0, 0.4, 126]].map(([si, zi, so, zo], i) =>
      ({ ...everyCode(`${label}-int8-${i}`, op, int8(si as number, zi as number), int8(so as number, zo as number)), oracle: 'litert' as const })),
    single(`${label}-float32`, op, float32, float32, [2, 64], {}, { inputs: [[FLOATS], [FLOATS.map((x) => Math.fround(x / 20))]], samples: 3, oracle: 'litert' }),
  ];
});

/** Sizes around what a kernel unrolls. */
const sizes = [1, 3, 5, 15, 16, 17, 33].map((size) => single(`tanh-int8-size-${size}`, 'TANH', int8(0.03, 4), int8(1 / 128, 0), [1, size]));

export const unary: readonly OperatorCase[] = [
  ...curves, ...rescaling('RELU', 'relu'), ...rescaling('RELU6', 'relu6'), ...rescaling('ABS', 'abs'), ...leaky, ...leakyFactors, ...hardSwish, ...elu, ...roots, ...clamps, ...floats, ...sizes,
];
