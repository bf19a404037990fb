import type { Graph, Operator, Tensor } from '../../../model/graph.ts';
import { constantInts, inputTensor, need, outputTensor } from '../refusal.ts';

interface Axis { readonly count: number; readonly step: number }

/** A reduction as few loops: neighbouring axes of one kind are one. */
export interface ReducedAxes {
  readonly input: Tensor;
  readonly output: Tensor;
  /** Three each, slowest first. */
  readonly kept: readonly Axis[];
  readonly reduced: readonly Axis[];
  /** Input elements that fall into one output element. */
  readonly count: number;
  /** Entries of the axes tensor, repeated ones included. */
  readonly listed: number;
}

/** Loops of each kind that the kernels have. */
const LOOPS = 3;

/** Reads input, output and axes of a reduction. Throws Refusal where axes and shapes do not fit, or need more loops than there are. */
export function readReducedAxes(graph: Graph, operator: Operator): ReducedAxes {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  const listed = inputTensor(graph, operator, 1);
  need(listed.dtype === 'int32', `the axes are ${listed.dtype}, not int32`);
  need(input.dtype === output.dtype, `${input.dtype} to ${output.dtype}: the types must be equal`);
  need(input.shape.length > 0 && input.elements > 0, 'the input is empty or a scalar');
  const { shape } = input;
  const axes = new Set(constantInts(listed, 'the axes').map((a) => (a < 0 ? a + shape.length : a)));
  for (const a of axes) need(a >= 0 && a < shape.length, `axis ${a} of ${shape.length}`);
  const loops = { kept: [] as Axis[], reduced: [] as Axis[] };
  let step = 1;
  let last: 'kept' | 'reduced' | null = null;
  for (let a = shape.length - 1; a >= 0; a--) {
    const count = shape[a] as number;
    if (count > 1) {
      const kind = axes.has(a) ? 'reduced' : 'kept';
      const before = kind === last ? loops[kind].shift() : undefined;
      loops[kind].unshift(before === undefined ? { count, step } : { count: count * before.count, step: before.step });
      last = kind;
    }
    step *= count;
  }
  need(Math.max(loops.kept.length, loops.reduced.length) <= LOOPS, `more than ${LOOPS} groups of reduced axes`);
  const count = loops.reduced.reduce((product, axis) => product * axis.count, 1);
  need(output.elements * count === input.elements, 'the output does not have the size that the axes leave');
  return { input, output, kept: padded(loops.kept), reduced: padded(loops.reduced), count, listed: listed.elements };
}

const padded = (axes: readonly Axis[]): Axis[] => [...Array.from({ length: LOOPS - axes.length }, () => ({ count: 1, step: 0 })), ...axes];
