import { HilError } from '../../../errors.ts';
import type { OperatorContext, OperatorReference } from '../../context.ts';
import { calledGraph, condition, copying, inputsFrom, MOST_TURNS } from './calls.ts';

/** Runs the body while the condition holds, the values kept in the operator's outputs between turns. (TFLM micro/kernels/while.cc) */
export const whileOperator: OperatorReference = {
  name: 'WHILE',
  supports: `graphs whose inputs and outputs have the types and sizes of the operator's, at most ${MOST_TURNS} turns`,
  prepare(context: OperatorContext) {
    const { index, options } = context.operator;
    const outputs = context.outputs();
    const test = calledGraph(context, Number(options.cond_subgraph_index));
    const body = calledGraph(context, Number(options.body_subgraph_index));
    const goesOn = condition(context, test.outputs[0]);
    const start = copying(context, inputsFrom(context, 0), outputs, 'inputs to outputs');
    const ask = copying(context, outputs, test.inputs, 'inputs of the condition');
    const enter = copying(context, outputs, body.inputs, 'inputs of the body');
    const leave = copying(context, body.outputs, outputs, 'outputs of the body');
    const holds = (): boolean => {
      ask();
      test.run();
      return goesOn[0] !== 0;
    };
    return () => {
      start();
      for (let turn = 0; holds(); turn++) {
        if (turn === MOST_TURNS) throw new HilError('config', 'reference.while', `operator ${index} WHILE: no end after ${MOST_TURNS} turns`, { facts: { operator: index } });
        enter();
        body.run();
        leave();
      }
    };
  },
};
