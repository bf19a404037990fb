/**
 * What hil knows of a .tflite: plain data, already verified, no flatbuffer left in it.
 * Field meanings follow the public TFLite schema (tensorflow/compiler/mlir/lite/schema/schema.fbs, Apache-2.0).
 */
export type DType =
  | 'float32' | 'float16' | 'float64' | 'int4' | 'int8' | 'uint8' | 'int16' | 'uint16'
  | 'int32' | 'uint32' | 'int64' | 'uint64' | 'bool' | 'string' | 'resource' | 'variant' | 'complex64' | 'complex128';

export interface Quantisation {
  /** float32 values, one (per tensor) or one a channel. */
  readonly scale: readonly number[];
  readonly zeroPoint: readonly number[];
  /** Axis of the channels where scale.length > 1, else 0. */
  readonly axis: number;
}

export interface Tensor {
  readonly index: number;
  /** Untrusted text. */
  readonly name: string;
  readonly dtype: DType;
  /** Static shape; every dimension >= 0. A scalar is []. */
  readonly shape: readonly number[];
  /** Number of elements. */
  readonly elements: number;
  readonly quantisation: Quantisation | null;
  /** Constant data, little-endian, exactly elements * size bytes; null for activations and state. */
  readonly data: Uint8Array | null;
  /** State that persists between invocations (LSTM, SVDF). */
  readonly isVariable: boolean;
}

/** Scalars of the operator's options table by their schema name (snake_case), defaults filled in; {} where there is none. */
export type OperatorOptions = Readonly<Record<string, number | boolean | string | readonly number[]>>;

export interface Operator {
  readonly index: number;
  /** Builtin code of the schema, e.g. 9. */
  readonly code: number;
  /** e.g. 'FULLY_CONNECTED'; 'CUSTOM' has customName; unknown codes are 'BUILTIN_<n>'. */
  readonly name: string;
  /** Untrusted text; '' for builtins. */
  readonly customName: string;
  readonly version: number;
  /** Tensor indices; -1 is an omitted optional input. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly intermediates: readonly number[];
  readonly options: OperatorOptions;
}

export interface Graph {
  readonly name: string;
  readonly tensors: readonly Tensor[];
  readonly operators: readonly Operator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

export interface Model {
  /** Lower-case hex of the file's bytes. */
  readonly sha256: string;
  readonly byteLength: number;
  readonly version: number;
  readonly description: string;
  /** subgraphs[0] is the main graph. */
  readonly subgraphs: readonly Graph[];
}

/** Bytes of one element; 0 for types without a fixed size (string, int4, ...). */
export const BYTES_PER_ELEMENT: Readonly<Record<DType, number>> = {
  float32: 4, float16: 2, float64: 8, int4: 0, int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4,
  int64: 8, uint64: 8, bool: 1, string: 0, resource: 4, variant: 0, complex64: 8, complex128: 16,
};
