import type { Operator, Tensor } from '../../../model/graph.ts';
import type { ResourceVariable } from '../../../model/variables.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { describe, inputTensor, need, outputTensor } from '../refusal.ts';

/** VAR_HANDLE: no code, the variable is known when the C is written. */
export const varHandle: OperatorGenerator = {
  op: 'VAR_HANDLE', supports: 'variables of any type', types: ['any'],
  plan: () => ({ scratchBytes: 0, emit: () => ({ comment: ['  names a variable: nothing to do'], body: [], state: [], headers: [] }) }),
};

/** READ_VARIABLE: a copy. */
export const readVariable: OperatorGenerator = {
  op: 'READ_VARIABLE', supports: 'variables that something assigns, of the type and size of the output', types: ['any'],
  plan(operator, context): LayerPlan {
    const output = outputTensor(context.graph, operator);
    const variable = variableOf(operator, context, output);
    return {
      scratchBytes: 0,
      emit(emitted) {
        const memory = emitted.variableState(variable);
        return { comment: [describe('output', output)], body: [`memcpy(${emitted.pointer(output)}, ${memory.symbol}, ${variable.bytes}u);`], state: [], headers: [], hidden: [memory] };
      },
    };
  },
};

/** ASSIGN_VARIABLE: a copy; the variable is shown as the value that it holds now. */
export const assignVariable: OperatorGenerator = {
  op: 'ASSIGN_VARIABLE', supports: 'values of one type and size for a variable', types: ['any'],
  plan(operator, context): LayerPlan {
    const value = inputTensor(context.graph, operator, 1);
    const variable = variableOf(operator, context, value);
    return {
      scratchBytes: 0,
      emit(emitted) {
        const memory = emitted.variableState(variable);
        return {
          comment: [describe('value', value)], body: [`memcpy(${memory.symbol}, ${emitted.operand(value)}, ${variable.bytes}u);`], state: [], headers: [], hidden: [memory],
          copies: value.data === null && !value.isVariable ? [{ tensor: value.index, pointer: memory.symbol }] : [],
        };
      },
    };
  },
};

/** The variable that input 0 names. Throws Refusal where there is none, or where `tensor` is not of its type and size. */
function variableOf(operator: Operator, context: PlanContext, tensor: Tensor): ResourceVariable {
  const variable = context.variable(operator.inputs[0] ?? -1);
  need(variable !== null, `tensor ${operator.inputs[0]} is no handle of a variable that is assigned in a graph with its handle`);
  const { value } = variable;
  need(tensor.dtype === value.dtype && tensor.elements === value.elements,
    `${tensor.dtype} [${tensor.shape.join(', ')}] for a variable of ${value.dtype} [${value.shape.join(', ')}]`);
  return variable;
}
