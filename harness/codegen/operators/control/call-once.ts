import type { Operator } from '../../../model/graph.ts';
import type { HiddenState, LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { scopeOf } from '../../subgraph.ts';
import { need } from '../refusal.ts';
import { arenaOf } from './calls.ts';

/** CALL_ONCE: a graph that runs at the first invocation after a reset. */
export const callOnce: OperatorGenerator = { op: 'CALL_ONCE', supports: 'graphs without inputs and outputs', types: ['any'], plan };

function plan(operator: Operator, context: PlanContext): LayerPlan {
  need(operator.inputs.length === 0 && operator.outputs.length === 0, 'it has inputs or outputs');
  const called = context.subgraph(Number(operator.options['init_subgraph_index']));
  const { graph } = called.context;
  need(graph.inputs.length === 0 && graph.outputs.length === 0, 'the graph has inputs or outputs');
  const scratchBytes = called.memory.arenaBytes;
  return {
    scratchBytes,
    emit: (emitted) => {
      const code = emitted.code(called);
      const { hidden, ...scope } = scopeOf([code]);
      const done: HiddenState = { symbol: `${emitted.name}_called_${operator.index}`, name: 'CALL_ONCE has run', dtype: 'bool', shape: [1], startByte: 0 };
      return {
        comment: [`  graph ${called.index}, at the first invocation after a reset`],
        body: [`if (${done.symbol}[0] == 0) {`, `  ${done.symbol}[0] = 1;`, `  ${code.run}(${arenaOf(emitted, operator, scratchBytes)});`, '}'],
        state: [],
        ...scope,
        hidden: [...hidden, done],
      };
    },
  };
}
