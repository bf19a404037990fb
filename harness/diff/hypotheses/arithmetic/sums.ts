import type { Operator, Tensor } from '../../../model/index.ts';
import { activationRange, broadcastIndices, broadcastLoops, isFixedPoint, quantizeMultiplier, REQUANTISE, roundingOf, roundingProfile } from '../../../numerics/index.ts';
import type { OperatorRounding } from '../../../numerics/index.ts';
import type { TensorData } from '../../../reference/index.ts';
import type { LayerEvidence, LayerSample } from '../../evidence.ts';
import type { Cause } from '../causes.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { wrapTo } from './activations.ts';
import { between } from './product/product.ts';
import { codesOf } from './what-if/codes.ts';
import type { CodesOf } from './what-if/codes.ts';

type Operand = CodesOf & { readonly tensor: Tensor };

interface ZeroPoints {
  readonly a: number;
  readonly b: number;
  readonly y: number;
}

/** ADD, SUB or MUL of int8 with all that a hypothesis changes. */
interface Sum {
  readonly zeroPoints: ZeroPoints;
  readonly output: Operand;
  /** Takes a value with its zero point to the code that is stored. */
  readonly limit: (value: number) => number;
  values(sample: LayerSample, zeroPoints: ZeroPoints, store: (value: number) => number): ReadonlyMap<number, TensorData> | null;
}

/** As the reference computes them (reference/operators/elementwise: sum.ts, multiply.ts); null for other layers. */
function readSum({ model, profile, layer }: LayerEvidence): Sum | null {
  const graph = model.subgraphs[0];
  const operator = graph?.operators[layer.covers[0] ?? -1];
  if (graph === undefined || operator === undefined || layer.covers.length !== 1 || !['ADD', 'SUB', 'MUL'].includes(operator.name)) return null;
  const [a, b, y] = [operator.inputs[0], operator.inputs[1], operator.outputs[0]].map((index) => operandOf(graph.tensors[index ?? -1]));
  const rounding = roundingOf(roundingProfile(profile), operator.name);
  if (a == null || b == null || y == null || !isFixedPoint(rounding.requantise)) return null;
  const range = activationRange(Number(operator.options.fused_activation_function ?? 0), y.scale, y.zeroPoint, ...y.type);
  if (range === null) return null;
  const combine = combiner(operator, a, b, y, rounding);
  const loops = broadcastLoops([a.tensor.shape, b.tensor.shape], y.tensor.shape);
  const [left, right] = [broadcastIndices(loops, 0), broadcastIndices(loops, 1)];
  return {
    zeroPoints: { a: a.zeroPoint, b: b.zeroPoint, y: y.zeroPoint }, output: y, limit: between(range.least, range.greatest),
    values: (sample, zero, store) => {
      const [x, z] = [a, b].map(({ tensor }) => (tensor.data === null ? sample.inputs.get(tensor.index) : new Int8Array(Uint8Array.from(tensor.data).buffer)));
      if (x === undefined || z === undefined) return null;
      const codes = new Int32Array(y.tensor.elements);
      for (let i = 0; i < codes.length; i++) codes[i] = store(combine(Number(x[left[i] as number]) - zero.a, Number(z[right[i] as number]) - zero.b) + zero.y);
      return new Map<number, TensorData>([[y.tensor.index, codes]]);
    },
  };
}

function operandOf(tensor: Tensor | undefined): Operand | null {
  const codes = tensor?.dtype === 'int8' ? codesOf(tensor) : null;
  return tensor === undefined || codes === null ? null : { ...codes, tensor };
}

/** From codes without their zero points to a code of the output without its. */
function combiner({ name }: Operator, a: Operand, b: Operand, y: Operand, { requantise, scales }: OperatorRounding): (x: number, z: number) => number {
  const formula = isFixedPoint(requantise) ? REQUANTISE[requantise] : REQUANTISE.double;
  const by = (real: number): ((sum: number) => number) => {
    const { multiplier, shift } = quantizeMultiplier(real);
    return (sum) => formula(sum, multiplier, shift);
  };
  if (name === 'MUL') {
    const toOutput = by((a.scale * b.scale) / y.scale);
    return (x, z) => toOutput(x * z);
  }
  const rounded = scales === 'double' ? (x: number): number => x : Math.fround;
  const twice = rounded(2 * Math.max(a.scale, b.scale));
  const [left, right, toOutput] = [by(rounded(a.scale / twice)), by(rounded(b.scale / twice)), by(rounded(twice / rounded(2 ** 20 * y.scale)))];
  const sign = name === 'ADD' ? 1 : -1;
  return (x, z) => toOutput(left(x * 2 ** 20) + sign * right(z * 2 ** 20));
}

interface Variant {
  readonly text: string;
  readonly zeroPoints?: Partial<ZeroPoints>;
  readonly store?: (value: number) => number;
}

/** A hypothesis about sums and products of two tensors. */
const hypothesis = (cause: Cause, variants: (sum: Sum) => readonly Variant[]): Hypothesis => ({
  name: `${cause} of a sum`,
  *candidates(evidence) {
    const sum = readSum(evidence);
    if (sum === null) return;
    const all = variants(sum);
    for (const { text, zeroPoints, store = sum.limit } of all) {
      yield { cause, text, alternatives: all.length, predict: (sample: LayerSample) => sum.values(sample, { ...sum.zeroPoints, ...zeroPoints }, store) };
    }
  },
});

/** Zero points of the operands times a factor: each alone, then both. */
const operands = (factor: number, what: string) => ({ zeroPoints: { a, b } }: Sum): Variant[] => [
  ...(a === 0 ? [] : [{ text: `the zero point of the first input was ${what}`, zeroPoints: { a: factor * a } }]),
  ...(b === 0 ? [] : [{ text: `the zero point of the second input was ${what}`, zeroPoints: { b: factor * b } }]),
  ...(a === 0 || b === 0 ? [] : [{ text: `the zero points of both inputs were ${what}`, zeroPoints: { a: factor * a, b: factor * b } }]),
];

/** The output's, while the bounds of the activation are right. */
const result = (factor: number, what: string) => ({ zeroPoints: { y } }: Sum): Variant[] =>
  (y === 0 ? [] : [{ text: `the zero point of the output was ${what}`, zeroPoints: { y: factor * y } }]);

const wrapped = hypothesis('output.wrapped', ({ output, limit }) => {
  const wrap = wrapTo(output.type);
  return [{ text: 'the result is not limited: it wraps around', store: wrap }, { text: 'the result wraps around before it is limited', store: (value) => limit(wrap(value)) }];
});

export const sums: readonly Hypothesis[] = [
  hypothesis('zero-point.input', operands(0, 'ignored')), hypothesis('zero-point.input-sign', operands(-1, 'added instead of subtracted')), hypothesis('zero-point.doubled', operands(2, 'subtracted twice')),
  hypothesis('zero-point.output', result(0, 'not added')), hypothesis('zero-point.output-sign', result(-1, 'subtracted instead of added')), hypothesis('zero-point.doubled', result(2, 'added twice')),
  wrapped,
];
