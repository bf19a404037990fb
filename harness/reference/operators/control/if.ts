import type { Kernel, OperatorContext, OperatorReference } from '../../context.ts';
import { calledGraph, condition, copying, inputsFrom } from './calls.ts';

/** Runs one of two graphs on copies of the other inputs. (TFLM micro/kernels/if.cc) */
export const ifOperator: OperatorReference = {
  name: 'IF',
  supports: 'graphs whose inputs and outputs have the types and sizes of the operator\'s',
  prepare(context: OperatorContext) {
    const chooses = condition(context, context.input(0, 'condition'));
    const inputs = inputsFrom(context, 1);
    const outputs = context.outputs();
    const branch = (option: string): Kernel => {
      const graph = calledGraph(context, Number(context.operator.options[option]));
      const enter = copying(context, inputs, graph.inputs, 'inputs of a branch');
      const leave = copying(context, graph.outputs, outputs, 'outputs of a branch');
      return () => {
        enter();
        graph.run();
        leave();
      };
    };
    const [yes, no] = [branch('then_subgraph_index'), branch('else_subgraph_index')];
    return () => (chooses[0] === 0 ? no() : yes());
  },
};
