import { BYTES_PER_ELEMENT, type Operator, type Tensor } from '../../../model/graph.ts';
import type { EmitContext, GraphPlan, PlanContext } from '../../context.ts';
import { inputTensor, need, outputTensor } from '../refusal.ts';

const tensorsOf = ({ context }: GraphPlan, indices: readonly number[]): Tensor[] => indices.map((index) => context.graph.tensors[index] as Tensor);

export const inputsOf = (plan: GraphPlan): Tensor[] => tensorsOf(plan, plan.context.graph.inputs);
export const outputsOf = (plan: GraphPlan): Tensor[] => tensorsOf(plan, plan.context.graph.outputs);

/** Inputs of an operator from slot `first` on. */
export const inputsFrom = ({ graph }: PlanContext, operator: Operator, first: number): Tensor[] => operator.inputs.slice(first).map((_, i) => inputTensor(graph, operator, first + i));
export const allOutputs = ({ graph }: PlanContext, operator: Operator): Tensor[] => operator.outputs.map((_, i) => outputTensor(graph, operator, i));

/** Throws Refusal unless the lists can be copied one by one. */
export function needCopyable(from: readonly Tensor[], to: readonly Tensor[], what: string): void {
  need(from.length === to.length, `${what}: ${from.length} tensors to ${to.length}`);
  from.forEach((tensor, i) => {
    const other = to[i] as Tensor;
    need(tensor.dtype === other.dtype && tensor.elements === other.elements && tensor.dtype !== 'resource',
      `${what}: ${tensor.dtype} [${tensor.shape.join(', ')}] to ${other.dtype} [${other.shape.join(', ')}]`);
  });
}

/** Throws Refusal unless the tensor is one bool. */
export function needCondition(tensor: Tensor | undefined): asserts tensor is Tensor {
  need(tensor !== undefined && tensor.dtype === 'bool' && tensor.elements === 1, 'the condition is no single bool');
}

/** C statements that copy tensors one by one; `to` and `from` give their addresses. */
export function copies(targets: readonly Tensor[], to: (tensor: Tensor) => string, sources: readonly Tensor[], from: (tensor: Tensor) => string): string[] {
  return targets.map((target, i) => `memcpy(${to(target)}, ${from(sources[i] as Tensor)}, ${target.elements * BYTES_PER_ELEMENT[target.dtype]}u);`);
}

/** The arena that an operator lends to the graphs it calls: its scratch memory. */
export function arenaOf(context: EmitContext, operator: Operator, bytes: number): string {
  // Graphs without activations work on constants and variables alone.
  return bytes === 0 ? '0' : context.scratch(operator);
}
