import { HilError } from '../errors.ts';
import { roundingOf, roundingProfile, type OperatorRounding } from '../numerics/index.ts';
import type { Graph, Model, Operator, Tensor } from '../model/graph.ts';
import { checkGraph, refuseOperator } from './check.ts';
import { ConstantPool } from './constants.ts';
import type { EmitContext, LayerCode, LayerPlan, PlanContext } from './context.ts';
import { generatorOf } from './operators/index.ts';
import { Refusal, need } from './operators/refusal.ts';
import { planMemory, type MemoryPlan } from './plan/index.ts';
import { targetOf, type Target } from './targets/target.ts';

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
  readonly target: Target;
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
export function buildNetwork(model: Model, name: string, profileName: string, core: string | null): Network {
  const { context, plans, graph } = planLayers(model, profileName, core);
  const plan = planMemory(graph, plans);
  const constants = new ConstantPool(name);
  const macro = name.toUpperCase();
  const emitContext = emitContextOf(context, name, plan, constants);
  const tensor = (index: number): Tensor => {
    const found = graph.tensors[index];
    if (found === undefined) throw new HilError('config', 'codegen.tensor', `The model has no tensor ${index}.`);
    return found;
  };
  const layers = graph.operators.map((operator, index): NetworkLayer => {
    const code = refusing(operator, () => (plans[index] as LayerPlan).emit(emitContext));
    const outputs = operator.outputs.map((output) => ({ tensor: tensor(output), role: 'output' as const }));
    return { operator, code, taps: [...outputs, ...code.state.map((state) => ({ tensor: tensor(state), role: 'state' as const }))] };
  });
  const taps = layers.reduce((sum, layer) => sum + layer.taps.length, 0);
  if (taps > 0xffff) throw new HilError('config', 'codegen.taps', `The model has ${taps} taps; 65535 is the limit.`);
  const kernels = [...new Set(['nn_fixed_point.h', ...layers.flatMap(({ code }) => code.headers)])];
  const { target } = context;
  return { name, macro, model, graph, profile: profileName, target, plan, constants, layers, kernels, tensor, pointer: emitContext.pointer };
}

/**
 * Where every activation of the main graph would live in generated C, in-place layers and scratch memory included.
 *
 * Throws HilError config where an operator or its form is not supported.
 */
export function memoryOf(model: Model, core: string | null = null, profileName = 'tflm'): MemoryPlan {
  const { graph, plans } = planLayers(model, profileName, core);
  return planMemory(graph, plans);
}

/** Reads and checks every operator of the main graph. */
function planLayers(model: Model, profileName: string, core: string | null): { readonly graph: Graph; readonly context: PlanContext; readonly plans: readonly LayerPlan[] } {
  const profile = roundingProfile(profileName);
  const graph = model.subgraphs[0];
  if (graph === undefined) throw new HilError('config', 'codegen.empty', 'The model has no subgraph.');
  checkGraph(graph);
  const rounding = (operator: Operator): OperatorRounding => {
    const found = roundingOf(profile, operator.name);
    need(found.requantise === 'double', `the kernels do not round as '${found.requantise}'`);
    return found;
  };
  const context: PlanContext = { model, graph, target: targetOf(core), rounding };
  const plans = graph.operators.map((operator): LayerPlan => {
    const generator = generatorOf(operator.name);
    if (generator === undefined) return refuseOperator(operator.index, operator.name, 'there is no generator for it');
    return refusing(operator, () => generator.plan(operator, context));
  });
  return { graph, context, plans };
}

function emitContextOf(context: PlanContext, name: string, plan: MemoryPlan, constants: ConstantPool): EmitContext {
  const macro = name.toUpperCase();
  const pointer = (tensor: Tensor): string => {
    need(tensor.data === null, `tensor ${tensor.index} is constant where an activation is expected`);
    return tensor.isVariable ? `${name}_t${tensor.index}` : `${macro}_T${tensor.index}`;
  };
  return {
    ...context, name, plan, constants, pointer,
    operand: (tensor) => (tensor.data === null ? pointer(tensor) : constants.addTensor(tensor)),
    scratch: (operator) => `${macro}_SCRATCH${operator.index}`,
  };
}

/** Runs `work`; a Refusal becomes the HilError that names the operator. */
function refusing<T>(operator: Operator, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return refuseOperator(operator.index, operator.name, error.message);
    throw error;
  }
}
