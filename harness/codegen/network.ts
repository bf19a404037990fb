import { HilError } from '../errors.ts';
import { roundingOf, roundingProfile, type OperatorRounding } from '../numerics/index.ts';
import type { Graph, Model, Operator, Tensor } from '../model/graph.ts';
import { checkGraph, refuseOperator } from './check.ts';
import { ConstantPool } from './constants.ts';
import type { EmitContext, LayerCode } from './context.ts';
import { generatorOf } from './operators/index.ts';
import { Refusal, need } from './operators/refusal.ts';
import { planMemory, type MemoryPlan } from './plan/index.ts';

export interface NetworkLayer {
  readonly operator: Operator;
  readonly code: LayerCode;
  /** Tensors shown to tap(): the operator's outputs, then its state. */
  readonly taps: readonly { readonly tensor: Tensor; readonly role: 'output' | 'state' }[];
}

/** A model turned into layers of C, before it is written as files. */
export interface Network {
  readonly name: string;
  /** Upper-case name, prefix of the macros. */
  readonly macro: string;
  readonly model: Model;
  readonly graph: Graph;
  readonly profile: string;
  readonly plan: MemoryPlan;
  readonly constants: ConstantPool;
  readonly layers: readonly NetworkLayer[];
  /** Kernel headers that the layers call. */
  readonly kernels: readonly string[];
  /** The tensor of an index that the graph is known to have. */
  tensor(index: number): Tensor;
  /** C expression for the address of an activation or state. */
  pointer(tensor: Tensor): string;
}

/** Turns a model into layers of C. Throws HilError config where an operator or its form is not supported. */
export function buildNetwork(model: Model, name: string, profileName: string): Network {
  const profile = roundingProfile(profileName);
  const graph = model.subgraphs[0];
  if (graph === undefined) throw new HilError('config', 'codegen.empty', 'The model has no subgraph.');
  checkGraph(graph);
  const plan = planMemory(graph);
  const constants = new ConstantPool(name);
  const macro = name.toUpperCase();
  const pointer = (tensor: Tensor): string => {
    need(tensor.data === null, `tensor ${tensor.index} is constant where an activation is expected`);
    return tensor.isVariable ? `${name}_t${tensor.index}` : `${macro}_T${tensor.index}`;
  };
  const rounding = (operator: Operator): OperatorRounding => {
    const found = roundingOf(profile, operator.name);
    need(found.requantise === 'double', `the kernels do not round as '${found.requantise}'`);
    return found;
  };
  const context: EmitContext = { graph, plan, constants, rounding, pointer };
  const tensor = (index: number): Tensor => {
    const found = graph.tensors[index];
    if (found === undefined) throw new HilError('config', 'codegen.tensor', `The model has no tensor ${index}.`);
    return found;
  };
  const kernels = new Set(['nn_fixed_point.h']);
  const layers = graph.operators.map((operator): NetworkLayer => {
    const generator = generatorOf(operator.name);
    if (generator === undefined) return refuseOperator(operator.index, operator.name, 'there is no generator for it');
    try {
      const code = generator.emit(operator, context);
      if (generator.kernel !== null) kernels.add(generator.kernel);
      const taps = [
        ...operator.outputs.map((index) => ({ tensor: tensor(index), role: 'output' as const })),
        ...code.state.map((index) => ({ tensor: tensor(index), role: 'state' as const })),
      ];
      return { operator, code, taps };
    } catch (error) {
      if (error instanceof Refusal) return refuseOperator(operator.index, operator.name, error.message);
      throw error;
    }
  });
  const taps = layers.reduce((sum, layer) => sum + layer.taps.length, 0);
  if (taps > 0xffff) throw new HilError('config', 'codegen.taps', `The model has ${taps} taps; 65535 is the limit.`);
  return { name, macro, model, graph, profile: profile.name, plan, constants, layers, kernels: [...kernels], tensor, pointer };
}
