import { HilError } from '../../../errors.ts';
import { INT16_FUNCTIONS, INT8_FUNCTIONS, tabulate8 } from '../../../numerics/codes/index.ts';
import { FLOAT32_FUNCTIONS } from '../../../numerics/index.ts';
import type { Kernel, Operand, OperatorContext, OperatorReference } from '../../context.ts';
import { codeForm, supported } from '../code-form.ts';

/** An operator that makes one element of one element, by the functions of numerics: of the types for which there are some. */
export function unary(name: string): OperatorReference {
  const types = [
    ...(INT8_FUNCTIONS[name] === undefined ? [] : ['int8']), ...(INT16_FUNCTIONS[name] === undefined ? [] : ['int16']),
    ...(FLOAT32_FUNCTIONS[name] === undefined && name !== 'LEAKY_RELU' ? [] : ['float32']),
  ];
  const supports = types.join(', ');
  return { name, supports, prepare: (context) => prepare(context, name, supports) };
}

function prepare(context: OperatorContext, name: string, supports: string): Kernel {
  const input = context.input(0, 'input');
  const output = context.output();
  context.require(input.tensor.dtype === output.tensor.dtype, `input is ${input.tensor.dtype}, output ${output.tensor.dtype}`);
  context.require(input.data.length === output.data.length, 'input and output differ in size');
  const [int8, int16, float32] = [INT8_FUNCTIONS[name], INT16_FUNCTIONS[name], floatFunction(context, name)];
  if (input.data instanceof Int8Array && int8 !== undefined) {
    const table = supported(context, () => int8(codeForm(context, input, output)));
    return ofInt8(context, tabulate8(table), undefinedCodes(table), input.data, output);
  }
  if (input.data instanceof Int16Array && int16 !== undefined) return each(input.data, output.data as Int16Array, supported(context, () => int16(codeForm(context, input, output))));
  if (input.data instanceof Float32Array && float32 !== undefined) return each(input.data, output.data as Float32Array, float32);
  return context.refuse(`input is ${input.tensor.dtype}, not ${supports}`);
}

/** LEAKY_RELU is the one with an option: (TFLM kernels/internal/reference/leaky_relu.h, LeakyRelu) */
function floatFunction({ operator }: OperatorContext, name: string): ((x: number) => number) | undefined {
  const alpha = Math.fround(operator.options['alpha'] as number);
  return name === 'LEAKY_RELU' ? (x) => (x > 0 ? x : Math.fround(x * alpha)) : FLOAT32_FUNCTIONS[name];
}

function each(from: Int16Array | Float32Array, to: Int16Array | Float32Array, f: (x: number) => number): Kernel {
  return () => {
    for (let i = 0; i < from.length; i++) to[i] = f(from[i] as number);
  };
}

/** Codes for which the function has no value. */
const undefinedCodes = (f: (code: number) => number): readonly boolean[] => Array.from({ length: 256 }, (_, i) => Number.isNaN(f(i - 128)));

function ofInt8({ operator: { index, name } }: OperatorContext, table: Int8Array, undefinedAt: readonly boolean[], from: Int8Array, output: Operand): Kernel {
  const to = output.data as Int8Array;
  return () => {
    for (let i = 0; i < from.length; i++) {
      const at = (from[i] as number) + 128;
      if (undefinedAt[at] === true) {
        throw new HilError('config', 'reference.domain', `operator ${index} ${name}: TFLM ends the inference at code ${from[i]} of element ${i}, which is below zero`, { facts: { operator: index, element: i } });
      }
      to[i] = table[at] as number;
    }
  };
}
