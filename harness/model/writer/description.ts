import type { DType } from '../graph.ts';

/** What a test says about a model that it wants as bytes. Nothing is checked: wrong models are wanted too. */
export interface ModelDescription extends GraphDescription {
  /** Graphs 1, 2, ... for operators that call them; the model itself is graph 0. */
  readonly subgraphs?: readonly GraphDescription[];
  readonly description?: string;
  /** Schema version, default 3. */
  readonly version?: number;
  /** Constant data after the flatbuffer instead of inside (Buffer.offset and size of schema 3c). Default false. */
  readonly dataOutside?: boolean;
}

export interface GraphDescription {
  readonly tensors: readonly TensorDescription[];
  readonly operators: readonly OperatorDescription[];
  /** Tensor indices or names, as everywhere below. */
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly TensorRef[];
  /** Default 'main', or 'graph<n>' for graph n. */
  readonly name?: string;
}

/** A name means the first tensor of that name in its graph; an index is written as it is (also -1 and indices that do not exist). */
export type TensorRef = number | string;

export interface TensorDescription {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly quantisation?: {
    readonly scale: number | readonly number[];
    /** Default 0; one value holds for all channels. */
    readonly zeroPoint?: number | readonly number[];
    /** Default 0. */
    readonly axis?: number;
  };
  /** Constant: numbers are encoded as `dtype`, a typed array is taken byte by byte. */
  readonly data?: readonly number[] | ArrayBufferView;
  readonly isVariable?: boolean;
}

export interface OperatorDescription {
  /** 'FULLY_CONNECTED', a builtin code, or { custom: name }. */
  readonly op: string | number | { readonly custom: string };
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly TensorRef[];
  readonly intermediates?: readonly TensorRef[];
  /** By schema name; fields that are not given get the schema's default. */
  readonly options?: Readonly<Record<string, number | boolean | string | readonly number[]>>;
  /** Default 1. */
  readonly version?: number;
}
