import type { OperatorContext, OperatorReference } from '../../context.ts';
import { calledGraph } from './calls.ts';

/**
 * Runs a graph without inputs and outputs at the first invocation, which gives variables their first values.
 * (TFLM micro/kernels/call_once.cc) A reset makes it run again: the network is then as at power-up. TFLM's Reset() does not, and leaves
 * variables at their zero points, so that its answers after a reset depend on whether it was invoked before.
 */
export const callOnce: OperatorReference = {
  name: 'CALL_ONCE',
  supports: 'graphs without inputs and outputs',
  prepare(context: OperatorContext) {
    const { operator } = context;
    context.require(operator.inputs.length === 0 && operator.outputs.length === 0, 'inputs or outputs');
    const graph = calledGraph(context, Number(operator.options.init_subgraph_index));
    context.require(graph.inputs.length === 0 && graph.outputs.length === 0, 'the graph has inputs or outputs');
    let hasRun = false;
    context.onReset(() => {
      hasRun = false;
    });
    return () => {
      if (!hasRun) graph.run();
      hasRun = true;
    };
  },
};
