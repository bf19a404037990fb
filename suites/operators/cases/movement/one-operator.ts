import type { DType } from '../../../../harness/model/graph.ts';
import type { TensorDescription } from '../../../../harness/model/writer/index.ts';
import type { OperatorCase } from '../../case.ts';

type Shape = readonly number[];

/** A tensor of a case; `data` makes it a constant. */
export type Part = Omit<TensorDescription, 'name'>;

/** An activation; int8 codes get scale 0.1 and zero point -5, int16 scale 0.1, unless `quantisation` says otherwise. */
export function of(dtype: DType, shape: Shape, quantisation?: Required<TensorDescription>['quantisation']): Part {
  if (quantisation !== undefined) return { dtype, shape, quantisation };
  if (dtype === 'int8') return { dtype, shape, quantisation: { scale: 0.1, zeroPoint: -5 } };
  return dtype === 'int16' ? { dtype, shape, quantisation: { scale: 0.1 } } : { dtype, shape };
}

/** A constant int32 vector, or a scalar of a number. */
export const ints = (data: number | readonly number[]): Part =>
  (typeof data === 'number' ? { dtype: 'int32', shape: [], data: [data] } : { dtype: 'int32', shape: [data.length], data });

/** A constant with different values everywhere. */
export function constant(part: Part, seed = 1): Part {
  const length = part.shape.reduce((all, size) => all * size, 1);
  return { ...part, data: Array.from({ length }, (_, i) => ((i + seed) * 37) % 101 - 50) };
}

type Rest = Partial<Pick<OperatorCase, 'samples' | 'inputs' | 'noOracle' | 'oracle' | 'ulp'>> & { readonly options?: Readonly<Record<string, number | boolean | readonly number[]>> };

/** A graph of one operator: its inputs that are no constants are those of the graph. */
export function oneOperator(name: string, op: string, inputs: readonly Part[], outputs: readonly Part[], { options = {}, ...rest }: Rest = {}): OperatorCase {
  const ins = inputs.map((part, k) => ({ name: `x${k}`, ...part }));
  const outs = outputs.map((part, k) => ({ name: `y${k}`, ...part }));
  const fed = ins.filter(({ data }) => data === undefined);
  // A graph must have an input, even where its operator has constants only.
  const unused = fed.length === 0 ? [{ name: 'unused', ...of('int8', [1]) }] : [];
  return {
    name, op, ...rest,
    model: {
      tensors: [...ins, ...outs, ...unused],
      operators: [{ op, inputs: ins.map((tensor) => tensor.name), outputs: outs.map((tensor) => tensor.name), options }],
      inputs: [...fed, ...unused].map((tensor) => tensor.name),
      outputs: outs.map((tensor) => tensor.name),
    },
  };
}
