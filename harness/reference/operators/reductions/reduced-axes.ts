import type { OperatorContext } from '../../context.ts';

/** How the elements of an input fall together into those of an output. */
export interface ReducedAxes {
  /** Output element of every input element. */
  readonly target: Int32Array;
  /** Input elements that fall into one output element. */
  readonly count: number;
}

/**
 * Axes of a reduction, in input 1: negative ones count from the end, repeated ones count once.
 * (TFLM kernels/internal/reference/reduce.h, ResolveAxis and Reduce)
 * @throws HilError 'config' reference.unsupported
 */
export function readReducedAxes(context: OperatorContext): ReducedAxes {
  const { shape } = context.input(0, 'input').tensor;
  const axis = context.input(1, 'axes');
  context.require(axis.tensor.dtype === 'int32', `axes are ${axis.tensor.dtype}, not int32`);
  const axes = new Set(context.constantInts(1, 'axes').map((a) => (a < 0 ? a + shape.length : a)));
  context.require(shape.length > 0 && shape.every((n) => n > 0), `input [${shape.join()}] is empty or a scalar`);
  for (const a of axes) context.require(a >= 0 && a < shape.length, `axis ${a} of ${shape.length}`);
  const kept = shape.map((n, a) => (axes.has(a) ? 1 : n));
  const elements = kept.reduce((product, n) => product * n, 1);
  const output = context.output().tensor;
  context.require(output.elements === elements, `output of ${output.elements} elements, not ${elements}`);
  const inputs = shape.reduce((product, n) => product * n, 1);
  return { target: targets(shape, kept, inputs), count: inputs / elements };
}

function targets(shape: readonly number[], kept: readonly number[], inputs: number): Int32Array {
  const target = new Int32Array(inputs);
  const index = shape.map(() => 0);
  for (let i = 0; i < inputs; i++) {
    target[i] = kept.reduce((at, n, a) => at * n + (n === 1 ? 0 : (index[a] as number)), 0);
    for (let a = shape.length - 1; a >= 0; a--) {
      index[a] = (index[a] as number) + 1;
      if ((index[a] as number) < (shape[a] as number)) break;
      index[a] = 0;
    }
  }
  return target;
}
