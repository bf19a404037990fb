import type { DType, Graph, Model, Operator, Tensor } from '../model/graph.ts';
import type { ResourceVariable } from '../model/variables.ts';
import type { OperatorRounding } from '../numerics/index.ts';
import type { ConstantPool } from './constants.ts';
import type { MemoryPlan, OperatorMemory } from './plan/index.ts';
import type { Target } from './targets/target.ts';

/** What an operator's generator knows before memory is planned. */
export interface PlanContext {
  readonly model: Model;
  /** The graph of the operator. */
  readonly graph: Graph;
  readonly target: Target;
  /** How the profile rounds this operator; always the requantisation 'double', which the kernels compute. */
  rounding(operator: Operator): OperatorRounding;
  /** Another graph of the model, for operators that call it. Throws Refusal where there is none, or where it calls itself. */
  subgraph(index: number): GraphPlan;
  /** The variable that a resource tensor of this graph names; null where it is none, or nothing assigns it. */
  variable(tensor: number): ResourceVariable | null;
}

/** A graph that operators call, read and planned. Its tensors live in an arena that the caller lends it, as scratch memory. */
export interface GraphPlan {
  readonly index: number;
  readonly context: PlanContext;
  /** One an operator. */
  readonly plans: readonly LayerPlan[];
  readonly memory: MemoryPlan;
}

/** State of the network that is no tensor of the main graph. */
export interface HiddenState {
  /** C array of the type's elements. */
  readonly symbol: string;
  /** Untrusted text. */
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Every byte of it at the start, -128 to 127. */
  readonly startByte: number;
}

/** What a layer needs at file scope. */
export interface FileScope {
  /** Kernel headers (firmware/kernels) that the body or the units use. */
  readonly headers: readonly string[];
  /** Written before the layers, in order of first use. */
  readonly units?: readonly CodeUnit[];
  readonly hidden?: readonly HiddenState[];
}

/** A graph that operators call, as C. */
export interface GraphCode extends FileScope {
  /** Name of the function `void f(int8_t *arena)` that runs it. */
  readonly run: string;
  /** Address of one of its tensors, constants included; `arena` is the expression that run() is given. */
  operand(tensor: Tensor, arena: string): string;
}

/** What an operator's generator gets to work with once every tensor has its place. */
export interface EmitContext extends PlanContext {
  /** Of the whole network, whichever graph the operator is in. */
  readonly network: NetworkScope;
  /** Prefix of every global symbol of the graph. */
  readonly name: string;
  readonly plan: MemoryPlan;
  readonly constants: ConstantPool;
  /** C expression for the address of an activation or state, typed by its dtype (`int8_t *`, `int16_t *`, `float *`, ...). */
  pointer(tensor: Tensor): string;
  /** As pointer(), for something that is only read, constants included: those are added to the pool as they are in the model. */
  operand(tensor: Tensor): string;
  /** C expression of type `int8_t *`: the scratch memory that the operator's plan asked for, aligned to 16 bytes. */
  scratch(operator: Operator): string;
  /** The C of a graph that the operator calls. */
  code(subgraph: GraphPlan): GraphCode;
  /** The memory of a variable. */
  variableState(variable: ResourceVariable): HiddenState;
}

export interface NetworkScope {
  /** Prefix of every global symbol. */
  readonly name: string;
  readonly constants: ConstantPool;
  /** Macro before a function that works on the arena; see files/source.ts. */
  readonly layerMacro: string;
}

/** A static function or table at file scope; the same name twice in a network is written once. */
export interface CodeUnit {
  readonly name: string;
  readonly text: string;
}

/** What an operator's generator makes: the inside of one layer function. */
export interface LayerCode extends FileScope {
  /** Lines for the comment above the function, safe for C. */
  readonly comment: readonly string[];
  /** C statements, unindented. */
  readonly body: readonly string[];
  /** State tensors that the layer changes, in the order of its taps after the outputs. */
  readonly state: readonly number[];
  /** Copies of activations that the layer leaves elsewhere, shown as taps like its outputs: what a variable holds now. */
  readonly copies?: readonly { readonly tensor: number; readonly pointer: string }[];
}

/** An operator that has been read and checked: all that is left is to write it. */
export interface LayerPlan extends OperatorMemory {
  emit(context: EmitContext): LayerCode;
}

/** One file an operator under operators/. */
export interface OperatorGenerator {
  /** Schema name, e.g. 'FULLY_CONNECTED'. */
  readonly op: string;
  /** What of it is supported, one line, e.g. 'int8, int16, float32; any broadcast of up to 5 dimensions'. */
  readonly supports: string;
  /** Element types of the first input for which there is C, as they appear in the table of the docs. */
  readonly types: readonly string[];
  /** Throws Refusal (operators/refusal.ts) where the operator is of a form that the kernels can't compute exactly. */
  plan(operator: Operator, context: PlanContext): LayerPlan;
}
