import type { Operand, OperatorContext } from '../../context.ts';
import type { Subgraph } from '../../graphs.ts';

/** Greatest number of turns of a loop: one that does not end must not make hil wait for ever. */
export const MOST_TURNS = 1_000_000;

/** Inputs and outputs of a called graph as operands, in order. */
export interface CalledGraph {
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Operand[];
  run(): void;
}

/** Graph `index`, called by an operator. @throws reference.unsupported */
export function calledGraph(context: OperatorContext, index: number): CalledGraph {
  const { graph, tensors, run }: Subgraph = context.subgraph(index);
  const operands = (list: readonly number[]): Operand[] => list.map((tensor) => ({ tensor: graph.tensors[tensor], data: tensors[tensor] }) as Operand);
  return { inputs: operands(graph.inputs), outputs: operands(graph.outputs), run };
}

/**
 * Copies operands to operands one by one. (TFLM micro/kernels/kernel_util.cc, CopyOpInputsToSubgraphInputs and the like)
 * @throws reference.unsupported where number, types or sizes differ
 */
export function copying(context: OperatorContext, from: readonly Operand[], to: readonly Operand[], what: string): () => void {
  context.require(from.length === to.length, `${what}: ${from.length} tensors to ${to.length}`);
  from.forEach(({ tensor }, i) => {
    const other = (to[i] as Operand).tensor;
    context.require(tensor.dtype === other.dtype && tensor.elements === other.elements && tensor.dtype !== 'resource',
      `${what}: ${tensor.dtype} [${tensor.shape.join()}] to ${other.dtype} [${other.shape.join()}]`);
  });
  return () => from.forEach(({ data }, i) => ((to[i] as Operand).data as Int8Array).set(data as Int8Array));
}

/** Inputs of the operator from `first` on. */
export const inputsFrom = (context: OperatorContext, first: number): Operand[] => context.operator.inputs.slice(first).map((_, i) => context.input(first + i, 'input'));

/** The one element that decides. @throws reference.unsupported where it is no single bool */
export function condition(context: OperatorContext, operand: Operand | undefined): Uint8Array {
  context.require(operand !== undefined && operand.tensor.dtype === 'bool' && operand.tensor.elements === 1, 'the condition is no single bool');
  return operand.data as Uint8Array;
}
