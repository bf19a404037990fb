import type { ModelDescription, OperatorDescription, TensorDescription } from '../../../model/writer/index.ts';

/** One operator of a random graph as plain numbers, which fast-check can shrink; 0 is always the simplest choice. */
export interface Step {
  /** Which operator, modulo their number. */
  readonly op: number;
  /** Which of the tensors so far are read, counted from the last one. */
  readonly inputs: readonly [number, number];
  /** Choices of the operator: kernel size, stride, axis, ... */
  readonly choices: readonly [number, number, number, number];
  /** Of scales, zero points and constants. */
  readonly seed: number;
}

/** An int8 activation of four dimensions. */
export interface Activation {
  readonly name: string;
  readonly shape: readonly [number, number, number, number];
  readonly scale: number;
  readonly zeroPoint: number;
}

export type Shape4 = Activation['shape'];

/** No tensor of a random graph is larger, so that thousands of them are quick. */
export const MAX_ELEMENTS = 600;

/** Collects the tensors and operators of a graph. */
export class GraphBuilder {
  readonly #tensors: TensorDescription[] = [];
  readonly #operators: OperatorDescription[] = [];
  readonly #activations: Activation[] = [];

  /** Names of the operators that were added, for statistics. */
  get operators(): readonly string[] {
    return this.#operators.map(({ op }) => String(op));
  }

  /** The activation that was made `back` before the last one, modulo their number. */
  pick(back: number): Activation {
    const { length } = this.#activations;
    return this.#activations[length - 1 - (back % length)] as Activation;
  }

  activation(shape: Shape4, scale: number, zeroPoint: number): Activation {
    const activation = { name: `a${this.#activations.length}`, shape, scale: Math.fround(scale), zeroPoint };
    this.#tensors.push({ name: activation.name, dtype: 'int8', shape, quantisation: { scale, zeroPoint } });
    this.#activations.push(activation);
    return activation;
  }

  /** A tensor that only the next operator reads, or that nothing reads. */
  hidden(tensor: Omit<TensorDescription, 'name'>): string {
    const name = `t${this.#tensors.length}`;
    this.#tensors.push({ ...tensor, name });
    return name;
  }

  ints(...data: readonly number[]): string {
    return this.hidden({ dtype: 'int32', shape: [data.length], data });
  }

  scalar(value: number): string {
    return this.hidden({ dtype: 'int32', shape: [], data: [value] });
  }

  add(op: string, inputs: OperatorDescription['inputs'], outputs: OperatorDescription['outputs'], options: OperatorDescription['options'] = {}): void {
    this.#operators.push({ op, inputs, outputs, options });
  }

  /** The graph, of which the last activation and one other are outputs. */
  model(): ModelDescription {
    const made = this.#activations.slice(1).map(({ name }) => name);
    const outputs = [...new Set([made.at(-1), made[Math.floor(made.length / 2)]])].filter((name) => name !== undefined);
    return { tensors: this.#tensors, operators: this.#operators, inputs: ['a0'], outputs };
  }
}

/** Seeded numbers for one step. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Uniform in [0, 1): mulberry32 (Tommy Ettinger, public domain). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  }

  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  real(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  zeroPoint(): number {
    return this.pick([0, 0, -128, 127, -3, 5, this.below(256) - 128]);
  }

  /** int8 weights, symmetric. */
  weights(n: number): number[] {
    return Array.from({ length: n }, () => this.below(255) - 127);
  }
}
