import { HilError } from '../errors.ts';
import { cTypeOf } from './c-types.ts';
import type { Graph } from '../model/graph.ts';
import { SUPPORTED_OPERATORS, generatorOf } from './operators/index.ts';

const refuse = (code: string, message: string, facts: Record<string, unknown>): never => {
  throw new HilError('config', code, message, { facts });
};

/**
 * Throws HilError config unless the main graph is one that can run as a straight sequence: as checkSequence(), and its outputs are
 * computed.
 */
export function checkGraph(graph: Graph): void {
  if (graph.operators.length === 0 || graph.inputs.length === 0 || graph.outputs.length === 0) {
    refuse('codegen.empty', 'The model has no operators, no inputs or no outputs.', {});
  }
  const written = checkSequence(graph);
  for (const index of graph.outputs) {
    if (!written.has(index) || graph.inputs.includes(index)) {
      refuse('codegen.output', `Output tensor ${index} of the model is an input, a constant or a state.`, { tensor: index });
    }
  }
}

/**
 * Throws HilError config unless every operator is known, every activation computed once and before its use, and of a type that C has.
 * Returns the inputs and whatever is computed.
 */
export function checkSequence(graph: Graph): ReadonlySet<number> {
  const written = new Set<number>();
  for (const index of graph.inputs) {
    const tensor = graph.tensors[index];
    if (tensor === undefined || tensor.data !== null || tensor.isVariable || written.has(index)) {
      refuse('codegen.input', `Input tensor ${index} of the model is a constant, a state, or listed twice.`, { tensor: index });
    }
    written.add(index);
  }
  for (const operator of graph.operators) {
    if (generatorOf(operator.name) === undefined) refuseOperator(operator.index, operator.name, 'there is no generator for it');
    for (const index of operator.inputs) {
      const tensor = graph.tensors[index];
      // The shape of a scalar is a constant without elements, and so without data.
      if (index < 0 || tensor === undefined || tensor.data !== null || tensor.isVariable || tensor.elements === 0) continue;
      if (!written.has(index)) refuse('codegen.order', `Operator ${operator.index} reads tensor ${index} before anything has computed it.`, { operator: operator.index, tensor: index });
    }
    for (const index of operator.outputs) {
      const tensor = graph.tensors[index];
      if (tensor === undefined || tensor.data !== null || tensor.isVariable || written.has(index)) {
        refuse('codegen.output', `Operator ${operator.index} writes tensor ${index}, which is a constant, a state, or written already.`, { operator: operator.index, tensor: index });
      }
      written.add(index);
    }
  }
  checkHandles(graph);
  for (const index of written) {
    const dtype = graph.tensors[index]?.dtype;
    // A resource is no data: it names a variable.
    if (dtype !== undefined && dtype !== 'resource' && cTypeOf(dtype) === null) refuse('codegen.dtype', `Tensor ${index} is ${dtype}; generated C can't compute that.`, { tensor: index, dtype });
  }
  for (const tensor of graph.tensors) {
    if (tensor.isVariable && tensor.data !== null) refuse('codegen.state', `State tensor ${tensor.index} is a constant.`, { tensor: tensor.index });
    if (tensor.isVariable && cTypeOf(tensor.dtype) === null) {
      refuse('codegen.dtype', `State tensor ${tensor.index} is ${tensor.dtype}; generated C can't hold that.`, { tensor: tensor.index, dtype: tensor.dtype });
    }
  }
  return written;
}

/** Handles of variables go from VAR_HANDLE to READ_VARIABLE and ASSIGN_VARIABLE of the same graph, and nowhere else. */
function checkHandles(graph: Graph): void {
  const isHandle = (index: number): boolean => graph.tensors[index]?.dtype === 'resource';
  const port = [...graph.inputs, ...graph.outputs].find(isHandle);
  if (port !== undefined) refuse('codegen.dtype', `Tensor ${port} is a handle of a variable; generated C can't take or give that.`, { tensor: port, dtype: 'resource' });
  for (const { index, name, inputs, outputs } of graph.operators) {
    const knows = name === 'VAR_HANDLE' || name === 'READ_VARIABLE' || name === 'ASSIGN_VARIABLE';
    if (!knows && [...inputs, ...outputs].some(isHandle)) refuseOperator(index, name, 'it works on a handle of a variable');
  }
}

/** Throws the HilError for an operator that can't be generated. */
export function refuseOperator(index: number, op: string, reason: string): never {
  throw new HilError('config', 'codegen.unsupported', `Operator ${index} (${op}) can't be generated as C: ${reason}.`, {
    hint: generatorOf(op) === undefined ? `Supported operators: ${SUPPORTED_OPERATORS.join(', ')}.` : `Supported of ${op}: ${generatorOf(op)?.supports ?? ''}.`,
    facts: { operator: index, op, reason, supported: SUPPORTED_OPERATORS },
  });
}
