import type { Graph, Model, Operator, Tensor } from '../model/graph.ts';
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
}

/** What an operator's generator gets to work with once every tensor has its place. */
export interface EmitContext extends PlanContext {
  /** Prefix of every global symbol of the network. */
  readonly name: string;
  readonly plan: MemoryPlan;
  readonly constants: ConstantPool;
  /** C expression for the address of an activation or state, typed by its dtype (`int8_t *`, `int16_t *`, `float *`, ...). */
  pointer(tensor: Tensor): string;
  /** As pointer(), for something that is only read, constants included: those are added to the pool as they are in the model. */
  operand(tensor: Tensor): string;
  /** C expression of type `int8_t *`: the scratch memory that the operator's plan asked for, aligned to 16 bytes. */
  scratch(operator: Operator): string;
}

/** A static function or table at file scope; the same name twice in a network is written once. */
export interface CodeUnit {
  readonly name: string;
  readonly text: string;
}

/** What an operator's generator makes: the inside of one layer function. */
export interface LayerCode {
  /** Lines for the comment above the function, safe for C. */
  readonly comment: readonly string[];
  /** C statements, unindented. */
  readonly body: readonly string[];
  /** State tensors that the layer changes, in the order of its taps after the outputs. */
  readonly state: readonly number[];
  /** Kernel headers (firmware/kernels) that the body or the units use. */
  readonly headers: readonly string[];
  /** Written before the layers, in order of first use. */
  readonly units?: readonly CodeUnit[];
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
