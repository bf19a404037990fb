import type { Tensor } from '../../../model/index.ts';
import { roundHalfAway } from '../../../numerics/index.ts';
import type { TensorData } from '../../../reference/index.ts';
import type { Cause } from '../causes.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { codesOf } from './what-if/codes.ts';
import type { CodesOf } from './what-if/codes.ts';
import { whatIfHypothesis } from './what-if/layer.ts';
import type { CutLayer, WhatIf } from './what-if/layer.ts';

/** Operators whose fixed-point functions or tables others replace by float32. */
const FUNCTIONS: ReadonlySet<string> = new Set(['SOFTMAX', 'LOGISTIC', 'TANH', 'HARD_SWISH', 'ELU', 'LOG_SOFTMAX', 'L2_NORMALIZATION', 'RSQRT']);
/** Operators that are arithmetic, where float32 is another rounding. */
const ARITHMETIC: ReadonlySet<string> = new Set(['ADD', 'SUB', 'MUL', 'MEAN', 'SUM', 'LEAKY_RELU', 'PRELU', 'SQUARED_DIFFERENCE', 'BATCH_MATMUL', 'AVERAGE_POOL_2D', 'ABS', 'RELU', 'ADD_N']);

/** From a quotient value / scale to a whole number. */
const ROUNDINGS: readonly (readonly [string, (value: number) => number])[] = [
  ['rounded with ties away from zero', roundHalfAway],
  ['rounded with ties to even', (value) => (Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value))],
  ['rounded with ties upwards', (value) => Math.floor(value + 0.5)],
];
const CUTS: readonly (readonly [string, (value: number) => number])[] = [
  ['cut off towards zero', Math.trunc],
  ['cut off downwards', Math.floor],
];

/** The layer on dequantised values: every operand as float32, the result quantised again. */
function inFloat({ operators, graph }: CutLayer, names: ReadonlySet<string>, ways: typeof ROUNDINGS): WhatIf[] {
  if (!operators.every(({ name }) => names.has(name))) return [];
  const codes = new Map(graph.tensors.flatMap((tensor): [number, CodesOf][] => {
    const of = codesOf(tensor);
    return of === null ? [] : [[tensor.index, of]];
  }));
  const real = (tensor: Tensor, data: ArrayLike<number | bigint>): Float32Array => {
    const { scale, zeroPoint } = codes.get(tensor.index) as CodesOf;
    return Float32Array.from(data as ArrayLike<number>, (code) => scale * (code - zeroPoint));
  };
  return ways.map(([how, round]) => ({
    text: `computed in float32 and ${how}`, alternatives: ways.length,
    tensor: (tensor) => (codes.has(tensor.index) ? { ...tensor, dtype: 'float32', data: tensor.data === null ? null : new Uint8Array(real(tensor, elementsOf(tensor, tensor.data)).buffer) } : tensor),
    before: (tensor, data) => (codes.has(tensor.index) ? real(tensor, data as Int8Array) : data),
    after: (tensor, data) => {
      const of = codes.get(tensor.index);
      return of === undefined ? data.slice() : quantised(data as Float32Array, of, round);
    },
  }));
}

function elementsOf({ dtype }: Tensor, data: Uint8Array): ArrayLike<number> {
  const bytes = Uint8Array.from(data);
  return dtype === 'int8' ? new Int8Array(bytes.buffer) : dtype === 'int16' ? new Int16Array(bytes.buffer) : bytes;
}

const quantised = (values: Float32Array, { scale, zeroPoint, type: [least, greatest] }: CodesOf, round: (value: number) => number): TensorData =>
  Int32Array.from(values, (value) => Math.max(least, Math.min(greatest, round(Math.fround(value / scale)) + zeroPoint)));

/** SOFTMAX of beta 1 whatever the model says. */
const betaIgnored = ({ operators }: CutLayer): WhatIf[] => (operators.every(({ name, options }) => name !== 'SOFTMAX' || options.beta === 1) ? [] : [
  { text: 'beta is ignored', alternatives: 1, operator: (operator) => (operator.name === 'SOFTMAX' ? { ...operator, options: { ...operator.options, beta: 1 } } : operator) },
]);

/** 2 to the power of what e should be raised to. */
const otherBase = ({ operators }: CutLayer): WhatIf[] => (operators.every(({ name }) => name !== 'SOFTMAX') ? [] : [
  { text: 'powers of 2 instead of e', alternatives: 1, operator: (operator) => ({ ...operator, options: { ...operator.options, beta: Math.fround(Math.LN2 * Number(operator.options.beta)) } }) },
]);

/** One curve taken for the other. */
const SWAPPED: Readonly<Record<string, string>> = { LOGISTIC: 'TANH', TANH: 'LOGISTIC' };

const otherCurve = ({ operators }: CutLayer): WhatIf[] => (operators.every(({ name }) => SWAPPED[name] === undefined) ? [] : [
  { text: 'the table of another function', alternatives: 1, operator: (operator) => ({ ...operator, name: SWAPPED[operator.name] ?? operator.name }) },
]);

const hypothesis = (cause: Cause, variants: (layer: CutLayer) => WhatIf[]): Hypothesis => whatIfHypothesis(cause, variants);

export const functions: readonly Hypothesis[] = [
  hypothesis('table.other', (layer) => inFloat(layer, FUNCTIONS, ROUNDINGS)),
  hypothesis('table.other', (layer) => inFloat(layer, FUNCTIONS, CUTS)),
  hypothesis('table.other', betaIgnored),
  hypothesis('table.other', otherBase),
  hypothesis('table.other', otherCurve),
  hypothesis('rounding.float32', (layer) => inFloat(layer, ARITHMETIC, ROUNDINGS)),
  hypothesis('rounding.truncation', (layer) => inFloat(layer, ARITHMETIC, CUTS)),
];
