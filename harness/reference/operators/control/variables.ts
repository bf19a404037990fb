import type { Operand, OperatorContext, OperatorReference } from '../../context.ts';
import type { VariableMemory } from '../../graphs.ts';

/** Names a variable; nothing happens when it runs. (TFLM micro/kernels/var_handle.cc) */
export const varHandle: OperatorReference = {
  name: 'VAR_HANDLE',
  supports: 'variables of any type',
  prepare(context: OperatorContext) {
    context.require(context.output().tensor.dtype === 'resource', 'the output is no resource');
    return () => undefined;
  },
};

/** Copies a variable out. (TFLM micro/kernels/read_variable.cc) */
export const readVariable: OperatorReference = {
  name: 'READ_VARIABLE',
  supports: 'variables that something assigns, of the type and size of the output',
  prepare(context: OperatorContext) {
    const memory = context.variable(0);
    const target = bytesOf(context, memory, context.output());
    return () => target.set(memory.bytes);
  },
};

/** Copies a value into a variable. (TFLM micro/kernels/assign_variable.cc) */
export const assignVariable: OperatorReference = {
  name: 'ASSIGN_VARIABLE',
  supports: 'values of one type and size for a variable',
  prepare(context: OperatorContext) {
    const memory = context.variable(0);
    const source = bytesOf(context, memory, context.input(1, 'value'));
    return () => memory.bytes.set(source);
  },
};

/** The operand's bytes. @throws reference.unsupported where it is not of the variable's type and size */
function bytesOf(context: OperatorContext, { variable }: VariableMemory, { tensor, data }: Operand): Uint8Array {
  const { value } = variable;
  context.require(tensor.dtype === value.dtype && tensor.elements === value.elements,
    `${tensor.dtype} [${tensor.shape.join()}] for a variable of ${value.dtype} [${value.shape.join()}]`);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
