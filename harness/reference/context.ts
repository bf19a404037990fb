import { HilError } from '../errors.ts';
import type { DType, Graph, Operator, Tensor } from '../model/index.ts';
import { isFixedPoint, quantizeMultiplier, REQUANTISE, roundingOf } from '../numerics/index.ts';
import type { OperatorRounding, QuantizedMultiplier, Requantise, RoundingProfile } from '../numerics/index.ts';
import type { Engine } from './fast/engine.ts';
import type { ModelGraphs, Subgraph, VariableMemory } from './graphs.ts';
import type { TensorData } from './runner.ts';

/** Code of the error for an operator that has no reference; facts {operator, op, reason}. */
export const UNSUPPORTED = 'reference.unsupported';

/** A tensor and its memory. */
export interface Operand {
  readonly tensor: Tensor;
  readonly data: TensorData;
}

/** An operand whose codes have one scale and zero point. */
export interface QuantisedOperand<T extends TensorData> extends Operand {
  readonly data: T;
  readonly scale: number;
  readonly zeroPoint: number;
}

const QUANTISED = { int8: Int8Array, int16: Int16Array } as const;
type QuantisedArray = { int8: Int8Array; int16: Int16Array };

/** What an operator's prepare() works with; everything that it cannot run it refuses through here. */
export class OperatorContext {
  readonly operator: Operator;
  readonly rounding: OperatorRounding;
  /** Where the fast path runs; null where the plain one is asked for, or there is no other. */
  readonly engine: Engine | null;
  readonly #graph: Graph;
  readonly #tensors: readonly TensorData[];
  readonly #graphs: ModelGraphs;

  constructor(graph: Graph, operator: Operator, tensors: readonly TensorData[], profile: RoundingProfile, engine: Engine | null, graphs: ModelGraphs) {
    this.operator = operator;
    this.#graph = graph;
    this.#tensors = tensors;
    this.rounding = roundingOf(profile, operator.name);
    this.engine = engine;
    this.#graphs = graphs;
  }

  /** The profile's formula for this operator. @throws reference.unsupported where it is none of multiplier and shift */
  get requantise(): Requantise {
    const name = this.rounding.requantise;
    return isFixedPoint(name) ? REQUANTISE[name] : this.refuse(`rounds as '${name}', which has no fixed-point form`);
  }

  /** @throws HilError 'config' reference.unsupported, always */
  refuse(reason: string): never {
    const { index, name } = this.operator;
    throw new HilError('config', UNSUPPORTED, `operator ${index} ${name}: ${reason}`, { facts: { operator: index, op: name, reason } });
  }

  /** Refuses for this reason unless `condition` holds. */
  require(condition: boolean, reason: string): asserts condition {
    if (!condition) this.refuse(reason);
  }

  /** Input `position`, or null where the model omits it. */
  optionalInput(position: number): Operand | null {
    const index = this.operator.inputs[position] ?? -1;
    return index < 0 ? null : { tensor: this.#graph.tensors[index] as Tensor, data: this.#tensors[index] as TensorData };
  }

  input(position: number, role: string): Operand {
    return this.optionalInput(position) ?? this.refuse(`has no ${role} (input ${position})`);
  }

  /** The only output. */
  output(): Operand {
    this.require(this.operator.outputs.length === 1, `has ${this.operator.outputs.length} outputs, not 1`);
    return this.outputs()[0] as Operand;
  }

  /** All outputs, in order. */
  outputs(): Operand[] {
    return this.operator.outputs.map((index) => ({ tensor: this.#graph.tensors[index] as Tensor, data: this.#tensors[index] as TensorData }));
  }

  /** Values of a constant int32 or int64 input, e.g. axes or a shape. @throws reference.unsupported where it is computed or of another type */
  constantInts(position: number, role: string): number[] {
    const { tensor, data } = this.input(position, role);
    this.require(tensor.data !== null, `${role} is not constant`);
    this.require(tensor.dtype === 'int32' || tensor.dtype === 'int64', `${role} is ${tensor.dtype}, not int32 or int64`);
    return Array.from(data as Int32Array | BigInt64Array, Number);
  }

  /** Graph `index` of the model, with the memory that all its callers share. @throws reference.unsupported */
  subgraph(index: number): Subgraph {
    try {
      return this.#graphs.subgraph(index);
    } catch (error) {
      if (error instanceof HilError) this.refuse(error.message);
      throw error;
    }
  }

  /** The resource variable whose handle is input `position`. @throws reference.unsupported */
  variable(position: number): VariableMemory {
    const index = this.operator.inputs[position] ?? -1;
    return this.#graphs.variable(this.#graph, index) ?? this.refuse(`tensor ${index} is no handle of a variable that is assigned in a graph with its handle`);
  }

  /** Calls `work` whenever the runner is reset. */
  onReset(work: () => void): void {
    this.#graphs.onReset(work);
  }

  /** The operand as codes of `dtype` with one scale. @throws reference.unsupported */
  quantised<D extends DType & keyof QuantisedArray>(operand: Operand, dtype: D, role: string): QuantisedOperand<QuantisedArray[D]> {
    const { tensor, data } = operand;
    this.require(tensor.dtype === dtype && data instanceof QUANTISED[dtype], `${role} is ${tensor.dtype}, not ${dtype}`);
    this.require(tensor.quantisation?.scale.length === 1, `${role} has ${tensor.quantisation?.scale.length ?? 0} scales, not 1`);
    return { tensor, data: data as QuantisedArray[D], scale: tensor.quantisation.scale[0] as number, zeroPoint: tensor.quantisation.zeroPoint[0] as number };
  }

  /** Fixed-point form of a real multiplier. @throws reference.unsupported beyond what 32-bit kernels can shift */
  fixedPoint(real: number, what: string): QuantizedMultiplier {
    this.require(Number.isFinite(real), `multiplier ${what} is not finite`);
    const fixed = quantizeMultiplier(real);
    this.require(fixed.shift <= 30, `multiplier ${what} = ${real} is beyond 2^30`);
    return fixed;
  }
}

/** Runs an operator once on what its input tensors hold. */
export type Kernel = () => void;

/** One operator of the schema. */
export interface OperatorReference {
  readonly name: string;
  /** What of it is supported, one line, for messages. */
  readonly supports: string;
  /** Does everything that does not depend on activations. @throws HilError 'config' reference.unsupported */
  prepare(context: OperatorContext): Kernel;
}
