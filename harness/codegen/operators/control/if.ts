import type { Operator, Tensor } from '../../../model/graph.ts';
import type { EmitContext, GraphCode, GraphPlan, LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { scopeOf } from '../../subgraph.ts';
import { describe, inputTensor } from '../refusal.ts';
import { allOutputs, arenaOf, copies, inputsFrom, inputsOf, needCondition, needCopyable, outputsOf } from './calls.ts';

/** IF: one of two graphs, on copies of the inputs. */
export const ifOperator: OperatorGenerator = { op: 'IF', supports: 'graphs whose inputs and outputs have the types and sizes of the operator\'s', types: ['bool'], plan };

function plan(operator: Operator, context: PlanContext): LayerPlan {
  const condition = inputTensor(context.graph, operator, 0);
  needCondition(condition);
  const inputs = inputsFrom(context, operator, 1);
  const outputs = allOutputs(context, operator);
  const branches = ['then_subgraph_index', 'else_subgraph_index'].map((option) => context.subgraph(Number(operator.options[option])));
  for (const branch of branches) {
    needCopyable(inputs, inputsOf(branch), 'inputs of a branch');
    needCopyable(outputsOf(branch), outputs, 'outputs of a branch');
  }
  const scratchBytes = Math.max(...branches.map(({ memory }) => memory.arenaBytes));
  const branch = (emitted: EmitContext, graph: GraphPlan, { run, operand }: GraphCode): string[] => {
    const arena = arenaOf(emitted, operator, scratchBytes);
    const inside = (tensor: Tensor): string => operand(tensor, arena);
    return [
      ...copies(inputsOf(graph), inside, inputs, emitted.operand), `${run}(${arena});`, ...copies(outputs, emitted.pointer, outputsOf(graph), inside),
    ].map((line) => `  ${line}`);
  };
  return {
    scratchBytes,
    emit(emitted) {
      const codes = branches.map((graph) => emitted.code(graph));
      const [yes = [], no = []] = branches.map((graph, i) => branch(emitted, graph, codes[i] as GraphCode));
      return {
        comment: [describe('condition', condition), ...inputs.map((tensor) => describe('input', tensor)), ...outputs.map((tensor) => describe('output', tensor)),
          `  graph ${branches.map(({ index }) => index).join(' or ')}`],
        body: [`if (*${emitted.operand(condition)} != 0) {`, ...yes, '} else {', ...no, '}'],
        state: [],
        ...scopeOf(codes),
      };
    },
  };
}
