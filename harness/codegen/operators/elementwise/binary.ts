import type { DType, Operator, Tensor } from '../../../model/graph.ts';
import { broadcastLoops, broadcastShape, MAX_DIMENSIONS, type BroadcastLoop } from '../../../numerics/index.ts';
import type { CodeUnit, LayerPlan, PlanContext } from '../../context.ts';
import { cTypeOf } from '../../c-types.ts';
import { describe, inputTensor, need, outputTensor } from '../refusal.ts';

/** An operator of operands that broadcast to its output, and the loops over the output. */
export interface ElementwiseLayer {
  readonly operator: Operator;
  readonly operands: readonly Tensor[];
  readonly output: Tensor;
  /** Innermost first; at least one. */
  readonly loops: readonly BroadcastLoop[];
}

/** Throws Refusal where the operands do not broadcast to the output, beyond TFLM's number of dimensions, or for an empty output. */
export function readElementwise(operator: Operator, context: PlanContext, count: number): ElementwiseLayer {
  need(operator.inputs.length === count, `has ${operator.inputs.length} inputs, not ${count}`);
  const operands = operator.inputs.map((_, slot) => inputTensor(context.graph, operator, slot));
  const output = outputTensor(context.graph, operator);
  const shapes = operands.map(({ shape }) => shape);
  const shape = broadcastShape(shapes);
  need(shape !== null, `operands of shape ${shapes.map((one) => `[${one.join(', ')}]`).join(' and ')} do not broadcast`);
  const same = shape.length === output.shape.length && shape.every((size, axis) => size === output.shape[axis]);
  need(same || (output.elements === 1 && shape.every((size) => size === 1)), `the output has shape [${output.shape.join(', ')}], not [${shape.join(', ')}]`);
  need(shape.length <= MAX_DIMENSIONS, `${shape.length} dimensions; ${MAX_DIMENSIONS} at the most`);
  need(output.elements > 0, 'the output is empty');
  return { operator, operands, output, loops: broadcastLoops(shapes, output.shape) };
}

/** Two operands of one type, one of `types`; the output is of type `output`, or of theirs. Throws Refusal. */
export function readBinary(operator: Operator, context: PlanContext, types: readonly DType[], output?: DType): ElementwiseLayer & { readonly dtype: DType } {
  const layer = readElementwise(operator, context, 2);
  const [left, right] = layer.operands as [Tensor, Tensor];
  need(types.includes(left.dtype), `operands are ${left.dtype}, not ${types.join(', ')}`);
  need(right.dtype === left.dtype, `operands are ${left.dtype} and ${right.dtype}`);
  need(layer.output.dtype === (output ?? left.dtype), `the output is ${layer.output.dtype}, not ${output ?? left.dtype}`);
  return { ...layer, dtype: left.dtype };
}

/** How one element of the output is computed. */
export interface ElementFunction {
  /** Part of a C identifier; the same name has the same expression, for every pair of types. */
  readonly name: string;
  /** C expression of the output's type from the elements x0, x1, ... and, where there are any, from the parameters p. */
  readonly expression: string;
  /** C type of the parameters, and lines of their initialiser; none where the expression needs none. */
  readonly parameters?: { readonly type: string; readonly lines: readonly string[] };
  readonly headers?: readonly string[];
  /** More for the layer's comment. */
  readonly comment?: readonly string[];
}

/**
 * Plan of a layer that applies one function to all elements. The code is one static function a function and type, which runs along
 * the innermost loop, and the loops around it in the layer.
 */
export function planElementwise(layer: ElementwiseLayer, element: ElementFunction): LayerPlan {
  const { operands, output } = layer;
  const inPlace = operands.flatMap(({ elements }, input) => (elements === output.elements ? [{ output: 0, input }] : []));
  return {
    scratchBytes: 0,
    inPlace,
    emit: (context) => ({
      comment: [...operands.map((tensor, k) => describe(operands.length === 1 ? 'input' : `operand ${k}`, tensor)), describe('output', output), ...(element.comment ?? [])],
      body: layerBody(layer, element, operands.map((tensor) => context.operand(tensor)), context.pointer(output)),
      state: [],
      headers: ['nn_fixed_point.h', ...(element.headers ?? [])],
      units: [rowFunction(layer, element)],
    }),
  };
}

const cType = (tensor: Tensor): string => {
  const type = cTypeOf(tensor.dtype);
  need(type !== null, `tensor ${tensor.index} is ${tensor.dtype}`);
  return type;
};

const rowName = ({ operands, output }: ElementwiseLayer, { name }: ElementFunction): string => {
  const input = operands.at(-1)?.dtype ?? output.dtype;
  return `row_${name}_${input}${output.dtype === input ? '' : `_${output.dtype}`}`;
};

function rowFunction(layer: ElementwiseLayer, element: ElementFunction): CodeUnit {
  const name = rowName(layer, element);
  const { operands, output } = layer;
  const parameters = [
    ...(element.parameters === undefined ? [] : [`const ${element.parameters.type} *p`]),
    ...operands.flatMap((tensor, k) => [`const ${cType(tensor)} *in${k}`, `int32_t step${k}`]),
    `${cType(output)} *out`, 'int32_t count',
  ];
  const text = [
    `/* A row of ${name.slice(4).replaceAll('_', ' ')}; an operand with step 0 is one element for all. */`,
    `static void ${name}(${parameters.join(', ')})`,
    '{',
    '  for (int32_t i = 0; i < count; i++) {',
    ...operands.map((tensor, k) => `    const ${cType(tensor)} x${k} = *in${k};`),
    ...operands.map((_, k) => `    in${k} += step${k};`),
    `    out[i] = ${element.expression};`,
    '  }',
    '}',
  ];
  return { name, text: text.join('\n') };
}

function layerBody(layer: ElementwiseLayer, element: ElementFunction, inputs: readonly string[], outputPointer: string): string[] {
  const { loops, operands, output } = layer;
  const [row, ...outer] = loops as [BroadcastLoop, ...BroadcastLoop[]];
  const nest = outer.map((loop, k) => ({ ...loop, index: `i${k}` })).reverse();
  const call = (pointers: readonly string[], out: string): string =>
    `${rowName(layer, element)}(${[...(element.parameters === undefined ? [] : ['&layer']), ...pointers.map((pointer, k) => `${pointer}, ${row.strides[k]}`), out, row.extent].join(', ')});`;
  const head = element.parameters === undefined ? [] : [`static const ${element.parameters.type} layer = {`, ...element.parameters.lines.map((line) => `  ${line}`), '};'];
  if (nest.length === 0) return [...head, call(inputs, outputPointer)];

  const offset = (operand: number): string =>
    nest.map(({ index, strides }) => ({ index, stride: strides[operand] as number })).filter(({ stride }) => stride !== 0)
      .map(({ index, stride }) => ` + ${stride === 1 ? index : `${index} * ${stride}`}`).join('');
  return [
    ...head,
    ...operands.map((tensor, k) => `const ${cType(tensor)} *in${k} = ${inputs[k]};`),
    `${cType(output)} *out = ${outputPointer};`,
    ...nest.map(({ index, extent }, depth) => `${'  '.repeat(depth)}for (int32_t ${index} = 0; ${index} < ${extent}; ${index}++) {`),
    `${'  '.repeat(nest.length)}${call(operands.map((_, k) => `in${k}${offset(k)}`), 'out')}`,
    `${'  '.repeat(nest.length)}out += ${row.extent};`,
    ...nest.map((_, depth) => `${'  '.repeat(nest.length - 1 - depth)}}`),
  ];
}
