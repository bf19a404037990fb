import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import type { Operator } from '../../../model/graph.ts';
import { BYTES_PER_ELEMENT } from '../../../model/graph.ts';
import { describe, inputTensor, need, outputTensor } from '../refusal.ts';

/** RESHAPE: the same bytes under another shape; a copy only where the memory plan could not share the buffer. */
export const reshape: OperatorGenerator = { op: 'RESHAPE', supports: 'any type', types: ['int8', 'int16', 'int32', 'bool', 'float32'], plan };

function plan(operator: Operator, { graph }: PlanContext): LayerPlan {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  need(input.dtype === output.dtype, `${input.dtype} to ${output.dtype}: the types must be equal`);
  need(input.elements === output.elements, 'input and output differ in size');
  const comment = [describe('input', input), describe('output', output)];
  return {
    scratchBytes: 0,
    view: true,
    emit(context) {
      if (context.plan.sameBuffer(input.index, output.index)) {
        return { comment: [...comment, '  nothing to do: both are the same bytes of the arena'], body: [], state: [], headers: [] };
      }
      const bytes = output.elements * BYTES_PER_ELEMENT[output.dtype];
      return { comment, body: [`memcpy(${context.pointer(output)}, ${context.operand(input)}, ${bytes});`], state: [], headers: [] };
    },
  };
}
