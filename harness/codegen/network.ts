import { HilError } from '../errors.ts';
import type { Graph, Model, Operator, Tensor } from '../model/graph.ts';
import { refuseOperator } from './check.ts';
import { ConstantPool } from './constants.ts';
import type { EmitContext, GraphPlan, HiddenState, LayerPlan, NetworkScope } from './context.ts';
import { joinHidden, type NetworkLayer, type NetworkTap } from './layers-shown.ts';
import { Refusal, need } from './operators/refusal.ts';
import type { MemoryPlan } from './plan/index.ts';
import { planModel } from './planning.ts';
import { bytesOfState, graphCode, stateOf } from './subgraph.ts';
import type { Target } from './targets/target.ts';

export type { NetworkLayer } from './layers-shown.ts';

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
  /** Memory that survives an invocation. */
  readonly state: readonly NetworkState[];
  readonly stateBytes: number;
  /** Kernel headers that the layers call. */
  readonly kernels: readonly string[];
  /** The tensor of an index that the graph is known to have. */
  tensor(index: number): Tensor;
  /** C expression for the address of an activation or state. */
  pointer(tensor: Tensor): string;
}

/** State of the network, with the tensor of the main graph where it is one. */
export interface NetworkState extends HiddenState {
  readonly tensor: Tensor | null;
}

/** Turns a model into layers of C. Throws HilError config where an operator or its form is not supported. */
export function buildNetwork(model: Model, name: string, profileName: string, core: string | null): Network {
  const main = planModel(model, profileName, core);
  const { graph, target } = main.context;
  const constants = new ConstantPool(name);
  const macro = name.toUpperCase();
  const emitContext = emitContextOf(main, { name, constants, layerMacro: `${macro}_LAYER` });
  const tensor = (index: number): Tensor => {
    const found = graph.tensors[index];
    if (found === undefined) throw new HilError('config', 'codegen.tensor', `The model has no tensor ${index}.`);
    return found;
  };
  const layers = joinHidden(graph.operators.map((operator, index): NetworkLayer => {
    const code = refusing(operator, () => (main.plans[index] as LayerPlan).emit(emitContext));
    const tap = (shown: number, role: NetworkTap['role'], pointer = emitContext.pointer(tensor(shown))): NetworkTap => ({ tensor: tensor(shown), role, pointer });
    const outputs = operator.outputs.filter((output) => tensor(output).dtype !== 'resource').map((output) => tap(output, 'output'));
    const copies = (code.copies ?? []).map((copy) => tap(copy.tensor, 'output', copy.pointer));
    return { operators: [operator], code, taps: [...outputs, ...copies, ...code.state.map((state) => tap(state, 'state'))] };
  }));
  const taps = layers.reduce((sum, layer) => sum + layer.taps.length, 0);
  if (taps > 0xffff) throw new HilError('config', 'codegen.taps', `The model has ${taps} taps; 65535 is the limit.`);
  const kernels = [...new Set(['nn_fixed_point.h', ...layers.flatMap(({ code }) => code.headers)])];
  const hidden = new Map(layers.flatMap(({ code }) => code.hidden ?? []).map((state) => [state.symbol, state]));
  const state = [
    ...graph.tensors.filter(({ isVariable }) => isVariable).map((each) => ({ ...stateOf(name, each), tensor: each })),
    ...[...hidden.values()].map((each) => ({ ...each, tensor: null })),
  ];
  const stateBytes = state.reduce((sum, each) => sum + bytesOfState(each), 0);
  return { name, macro, model, graph, profile: profileName, target, plan: main.memory, constants, layers, state, stateBytes, kernels, tensor, pointer: emitContext.pointer };
}

/**
 * Where every activation of the main graph would live in generated C, in-place layers and scratch memory included.
 *
 * Throws HilError config where an operator or its form is not supported.
 */
export function memoryOf(model: Model, core: string | null = null, profileName = 'tflm'): MemoryPlan {
  const plan = planModel(model, profileName, core).memory;
  // Variables are found while the C is written.
  const hides = model.subgraphs.length > 1 || model.subgraphs.some(({ operators }) => operators.some(({ name }) => name === 'VAR_HANDLE'));
  return hides ? { ...plan, stateBytes: buildNetwork(model, 'network', profileName, core).stateBytes } : plan;
}

function emitContextOf({ context, memory }: GraphPlan, network: NetworkScope): EmitContext {
  const { name, constants } = network;
  const macro = name.toUpperCase();
  const pointer = (tensor: Tensor): string => {
    need(tensor.data === null, `tensor ${tensor.index} is constant where an activation is expected`);
    return tensor.isVariable ? `${name}_t${tensor.index}` : `${macro}_T${tensor.index}`;
  };
  const own: EmitContext = {
    ...context, network, name, plan: memory, constants, pointer,
    operand: (tensor) => (tensor.data === null ? pointer(tensor) : constants.addTensor(tensor)),
    scratch: (operator) => `${macro}_SCRATCH${operator.index}`,
    code: (subgraph) => graphCode(subgraph, own),
    variableState: ({ index, name: shared, value, startByte }) => ({ symbol: `${name}_variable_${index}`, name: shared, dtype: value.dtype, shape: value.shape, startByte }),
  };
  return own;
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
