import type { Operator, Tensor } from '../../../model/index.ts';
import { activationRange, broadcastIndices, broadcastLoops, isFixedPoint, quantizeMultiplier, REQUANTISE, roundingOf, roundingProfile } from '../../../numerics/index.ts';
import type { OperatorRounding } from '../../../numerics/index.ts';
import type { TensorData } from '../../../reference/index.ts';
import type { LayerEvidence, LayerSample } from '../../evidence.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { wrapTo } from './activations.ts';
import { between } from './product/product.ts';
import { codesOf } from './what-if/codes.ts';
import type { CodesOf } from './what-if/codes.ts';

type Operand = CodesOf & { readonly tensor: Tensor };

/** Results of ADD, SUB or MUL of int8 before anything limits them. */
interface Unlimited {
  readonly output: Operand;
  readonly activation: number;
  values(sample: LayerSample): number[] | null;
}

/** As the reference computes them (reference/operators/elementwise: sum.ts, multiply.ts); null for other layers. */
function readUnlimited({ model, profile, layer }: LayerEvidence): Unlimited | null {
  const graph = model.subgraphs[0];
  const operator = graph?.operators[layer.covers[0] ?? -1];
  if (graph === undefined || operator === undefined || layer.covers.length !== 1 || !['ADD', 'SUB', 'MUL'].includes(operator.name)) return null;
  const [a, b, y] = [operator.inputs[0], operator.inputs[1], operator.outputs[0]].map((index) => operandOf(graph.tensors[index ?? -1]));
  const rounding = roundingOf(roundingProfile(profile), operator.name);
  if (a == null || b == null || y == null || !isFixedPoint(rounding.requantise)) return null;
  const combine = combiner(operator, a, b, y, rounding);
  const loops = broadcastLoops([a.tensor.shape, b.tensor.shape], y.tensor.shape);
  const [left, right] = [broadcastIndices(loops, 0), broadcastIndices(loops, 1)];
  return {
    output: y, activation: Number(operator.options.fused_activation_function ?? 0),
    values: (sample) => {
      const [x, z] = [a, b].map(({ tensor }) => (tensor.data === null ? sample.inputs.get(tensor.index) : new Int8Array(Uint8Array.from(tensor.data).buffer)));
      if (x === undefined || z === undefined) return null;
      return Array.from({ length: y.tensor.elements }, (_, i) => combine(Number(x[left[i] as number]), Number(z[right[i] as number])));
    },
  };
}

function operandOf(tensor: Tensor | undefined): Operand | null {
  const codes = tensor?.dtype === 'int8' ? codesOf(tensor) : null;
  return tensor === undefined || codes === null ? null : { ...codes, tensor };
}

function combiner({ name }: Operator, a: Operand, b: Operand, y: Operand, { requantise, scales }: OperatorRounding): (x: number, z: number) => number {
  const formula = isFixedPoint(requantise) ? REQUANTISE[requantise] : REQUANTISE.double;
  const by = (real: number): ((sum: number) => number) => {
    const { multiplier, shift } = quantizeMultiplier(real);
    return (sum) => formula(sum, multiplier, shift);
  };
  if (name === 'MUL') {
    const toOutput = by((a.scale * b.scale) / y.scale);
    return (x, z) => toOutput((x - a.zeroPoint) * (z - b.zeroPoint)) + y.zeroPoint;
  }
  const rounded = scales === 'double' ? (x: number): number => x : Math.fround;
  const twice = rounded(2 * Math.max(a.scale, b.scale));
  const [left, right, toOutput] = [by(rounded(a.scale / twice)), by(rounded(b.scale / twice)), by(rounded(twice / rounded(2 ** 20 * y.scale)))];
  const sign = name === 'ADD' ? 1 : -1;
  return (x, z) => toOutput(left((x - a.zeroPoint) * 2 ** 20) + sign * right((z - b.zeroPoint) * 2 ** 20)) + y.zeroPoint;
}

/** Sums and products of two tensors whose results nothing limits to their type. */
const wrapped: Hypothesis = {
  name: 'output.wrapped of a sum',
  *candidates(evidence) {
    const unlimited = readUnlimited(evidence);
    if (unlimited === null) return;
    const { output, activation, values } = unlimited;
    const range = activationRange(activation, output.scale, output.zeroPoint, ...output.type) ?? { least: output.type[0], greatest: output.type[1] };
    const [wrap, limit] = [wrapTo(output.type), between(range.least, range.greatest)];
    const ways = [['the result is not limited: it wraps around', wrap], ['the result wraps around before it is limited', (value: number) => limit(wrap(value))]] as const;
    for (const [text, store] of ways) {
      yield {
        cause: 'output.wrapped' as const, text, alternatives: ways.length, byValue: true,
        predict: (sample: LayerSample) => {
          const all = values(sample);
          return all === null ? null : new Map<number, TensorData>([[output.tensor.index, Int32Array.from(all, store)]]);
        },
      };
    }
  },
};

export const sums: readonly Hypothesis[] = [wrapped];
