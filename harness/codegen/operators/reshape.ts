import type { EmitContext, LayerCode, OperatorGenerator } from '../context.ts';
import type { Operator } from '../../model/graph.ts';
import { describe, inputTensor, need, outputTensor } from './refusal.ts';

/** RESHAPE: the same bytes under another shape; a copy only where the memory plan could not share the buffer. */
export const reshape: OperatorGenerator = { op: 'RESHAPE', kernel: null, emit };

function emit(operator: Operator, context: EmitContext): LayerCode {
  const input = inputTensor(context.graph, operator, 0);
  const output = outputTensor(context.graph, operator);
  need(input.dtype === 'int8' && output.dtype === 'int8', `${input.dtype} to ${output.dtype}; only int8 is supported`);
  need(input.data === null && !input.isVariable, 'the input is a constant or a state');
  need(input.elements === output.elements, 'input and output differ in size');
  const comment = [describe('input', input), describe('output', output)];
  if (context.plan.sameBuffer(input.index, output.index)) {
    return { comment: [...comment, '  nothing to do: both are the same bytes of the arena'], body: [], state: [] };
  }
  return { comment, body: [`memcpy(${context.pointer(output)}, ${context.pointer(input)}, ${output.elements});`], state: [] };
}
