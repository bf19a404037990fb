import type { Operator, Tensor } from '../../../model/graph.ts';
import type { EmitContext, LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { describe, inputTensor, need, outputTensor } from '../refusal.ts';
import { codePattern, tensorPattern, type Pattern } from './pattern.ts';
import { constantOf, needSameType, needShape, needType } from './read.ts';
import { alignmentOf, elementBytes, unitOf } from './strided.ts';

/** One value everywhere. */
export const fill: OperatorGenerator = { op: 'FILL', supports: 'int8, int32, float32; constant dimensions', types: ['int8', 'int32', 'float32'], plan: planFill };
export const zerosLike: OperatorGenerator = { op: 'ZEROS_LIKE', supports: 'int8, int32, int64, float32', types: ['int8', 'int32', 'int64', 'float32'], plan: planZeros };

/** The input's shape as values: constants. */
export const shape: OperatorGenerator = { op: 'SHAPE', supports: 'any type to int32', types: ['int8', 'int16', 'int32', 'int64', 'bool', 'float32'], plan: planShape };

/** The shape to which two shapes can be broadcast. */
export const broadcastArgs: OperatorGenerator = { op: 'BROADCAST_ARGS', supports: 'int32, int64', types: ['int32', 'int64'], plan: planBroadcastArgs };

function planFill(operator: Operator, { graph }: PlanContext): LayerPlan {
  const value = inputTensor(graph, operator, 1);
  const output = outputTensor(graph, operator);
  needType(value, fill.types);
  needSameType(value, output);
  need(value.shape.length === 0, 'the value is no scalar');
  needShape(output, constantOf(graph, operator, 0, 'the dimensions', ['int32', 'int64']));
  return filled(output, [describe('value', value)], (context) => tensorPattern(context, value));
}

function planZeros(operator: Operator, { graph }: PlanContext): LayerPlan {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  needType(input, zerosLike.types);
  needSameType(input, output);
  need(input.elements === output.elements, 'input and output differ in size');
  return filled(output, [], () => codePattern(0, 4));
}

function filled(output: Tensor, comment: readonly string[], patternOf: (context: EmitContext) => Pattern): LayerPlan {
  const bytes = output.elements * elementBytes(output);
  return {
    scratchBytes: 0,
    emit: (context) => {
      const { statements, expression } = patternOf(context);
      const unit = unitOf(alignmentOf(output), [bytes]);
      return { comment: [...comment, describe('output', output)], body: [...statements, `nn_fill(${context.pointer(output)}, ${bytes}, ${expression}, ${unit});`], state: [], headers: ['nn_fill.h'] };
    },
  };
}

function planShape(operator: Operator, { graph }: PlanContext): LayerPlan {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  needType(output, ['int32']);
  needShape(output, [input.shape.length]);
  return {
    scratchBytes: 0,
    emit: (context) => ({
      comment: [describe('input', input), describe('output', output)],
      body: input.shape.map((size, axis) => `${context.pointer(output)}[${axis}] = ${size};`), state: [], headers: [],
    }),
  };
}

function planBroadcastArgs(operator: Operator, { graph }: PlanContext): LayerPlan {
  const [a, b] = [inputTensor(graph, operator, 0), inputTensor(graph, operator, 1)];
  const output = outputTensor(graph, operator);
  needType(a, broadcastArgs.types);
  needSameType(a, b);
  needSameType(a, output);
  need([a, b].every((tensor) => tensor.shape.length === 1), 'a shape is no vector');
  needShape(output, [Math.max(a.elements, b.elements)]);
  return {
    scratchBytes: 0,
    emit: (context) => {
      // The shorter shape counts as if it had ones in front.
      const at = (tensor: Tensor, i: number): string => (i < output.elements - tensor.elements ? '1' : `${context.operand(tensor)}[${i - (output.elements - tensor.elements)}]`);
      const body = Array.from({ length: output.elements }, (_, i) => {
        const [x, y] = [at(a, i), at(b, i)];
        return `${context.pointer(output)}[${i}] = ${x === '1' ? y : y === '1' ? x : `${x} == 1 ? ${y} : ${x}`};`;
      });
      return { comment: [describe('shape', a), describe('shape', b), describe('output', output)], body, state: [], headers: [] };
    },
  };
}
