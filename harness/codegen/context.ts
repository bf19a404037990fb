import type { Graph, Operator, Tensor } from '../model/graph.ts';
import type { OperatorRounding } from '../numerics/index.ts';
import type { ConstantPool } from './constants.ts';
import type { MemoryPlan } from './plan/index.ts';

/** What an operator's generator gets to work with. */
export interface EmitContext {
  readonly graph: Graph;
  readonly plan: MemoryPlan;
  readonly constants: ConstantPool;
  /** How the profile rounds this operator; always the requantisation 'double', which the kernels compute. */
  rounding(operator: Operator): OperatorRounding;
  /** C expression of type `int8_t *` for an int8 activation or state, `int16_t *` for an int16 state. */
  pointer(tensor: Tensor): string;
}

/** What an operator's generator makes: the inside of one layer function. */
export interface LayerCode {
  /** Lines for the comment above the function, safe for C. */
  readonly comment: readonly string[];
  /** C statements, unindented. */
  readonly body: readonly string[];
  /** State tensors that the layer changes, in the order of its taps after the outputs. */
  readonly state: readonly number[];
}

/** One file an operator under operators/. */
export interface OperatorGenerator {
  /** Schema name, e.g. 'FULLY_CONNECTED'. */
  readonly op: string;
  /** Kernel header that the body calls, or null. */
  readonly kernel: string | null;
  /**
   * Throws Refusal (operators/refusal.ts) where the operator is of a form that the kernel can't compute exactly.
   */
  emit(operator: Operator, context: EmitContext): LayerCode;
}
