import type { Operator, Tensor } from '../../../model/graph.ts';
import type { EmitContext, LayerCode, LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { scopeOf } from '../../subgraph.ts';
import { describe } from '../refusal.ts';
import { allOutputs, arenaOf, copies, inputsFrom, inputsOf, needCondition, needCopyable, outputsOf } from './calls.ts';

/** WHILE: a graph for the condition, one for the body; between turns the values are in the operator's outputs. */
export const whileOperator: OperatorGenerator = { op: 'WHILE', supports: 'graphs whose inputs and outputs have the types and sizes of the operator\'s', types: ['any'], plan };

function plan(operator: Operator, context: PlanContext): LayerPlan {
  const inputs = inputsFrom(context, operator, 0);
  const outputs = allOutputs(context, operator);
  const test = context.subgraph(Number(operator.options['cond_subgraph_index']));
  const body = context.subgraph(Number(operator.options['body_subgraph_index']));
  const [goesOn] = outputsOf(test);
  needCondition(goesOn);
  needCopyable(inputs, outputs, 'inputs to outputs');
  needCopyable(outputs, inputsOf(test), 'inputs of the condition');
  needCopyable(outputs, inputsOf(body), 'inputs of the body');
  needCopyable(outputsOf(body), outputs, 'outputs of the body');
  const scratchBytes = Math.max(test.memory.arenaBytes, body.memory.arenaBytes);
  const emit = (emitted: EmitContext): LayerCode => {
    const arena = arenaOf(emitted, operator, scratchBytes);
    const [testCode, bodyCode] = [emitted.code(test), emitted.code(body)];
    const inTest = (tensor: Tensor): string => testCode.operand(tensor, arena);
    const inBody = (tensor: Tensor): string => bodyCode.operand(tensor, arena);
    const turn = [
      ...copies(inputsOf(test), inTest, outputs, emitted.pointer),
      `${testCode.run}(${arena});`,
      `if (*${inTest(goesOn)} == 0) {`, '  break;', '}',
      ...copies(inputsOf(body), inBody, outputs, emitted.pointer),
      `${bodyCode.run}(${arena});`,
      ...copies(outputs, emitted.pointer, outputsOf(body), inBody),
    ];
    return {
      comment: [...inputs.map((tensor) => describe('input', tensor)), ...outputs.map((tensor) => describe('output', tensor)), `  graph ${body.index} while graph ${test.index} holds`],
      body: [...copies(outputs, emitted.pointer, inputs, emitted.operand), 'for (;;) {', ...turn.map((line) => `  ${line}`), '}'],
      state: [],
      ...scopeOf([testCode, bodyCode]),
    };
  };
  return { scratchBytes, emit };
}
