import type { ModelDescription } from '../../harness/model/writer/index.ts';

/** Where the values of a case come from. */
export type OracleName = 'tflm' | 'litert';

/** One small graph, and what to feed it. */
export interface OperatorCase {
  /** Unique, kebab-case, beginning with the operator: 'add-broadcast-rows'. */
  readonly name: string;
  /** Schema name of the operator that the graph is about. */
  readonly op: string;
  readonly model: ModelDescription;
  /** Invocations, one after the other without a reset. Default 3. */
  readonly samples?: number;
  /** Values of every input for every sample, where seeded random ones would not do: inputs[sample][input], as the tensor's codes. */
  readonly inputs?: readonly (readonly ArrayLike<number>[])[];
  /** Whose reference kernels say what is right: 'litert' for operators that TFLM does not have. Default 'tflm'. */
  readonly oracle?: OracleName;
  /** Why the oracle can't run this graph; without it every case must have been compared with the oracle. */
  readonly noOracle?: string;
  /** float32 outputs only: greatest distance from the oracle's values in units in the last place. Default 0, bit for bit. */
  readonly ulp?: number;
}
