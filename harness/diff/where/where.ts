import type { LayerEvidence } from '../evidence.ts';

/** Where in its tensors a layer is wrong by itself. Counted over the samples of the evidence, in the tensor with the most wrong elements. */
export interface Where {
  /** .tflite tensor index, its shape and the number of samples looked at. */
  readonly tensor: number;
  readonly shape: readonly number[];
  readonly samples: number;
  readonly wrong: number;
  /** Words for the pattern, most telling first: "only the last 3 channels", "every 4th element from 12"; [] where there is none. */
  readonly pattern: readonly string[];
  /** got - expected -> elements; at most 64 bins, the rest under "other". */
  readonly histogram: Readonly<Record<string, number>>;
  readonly first: WhereElement;
  readonly worst: WhereElement;
  /** Wrong elements by the last three axes (fewer where the tensor has fewer), summed over the others and the samples; large axes are binned. */
  readonly map: WhereMap;
  /** Of the wrong elements, those whose reference accumulator lies on a rounding tie; null where the operator has none. */
  readonly atTies: number | null;
}

export interface WhereElement {
  readonly sequence: string;
  readonly sample: number;
  readonly step: number;
  /** Row-major coordinates in the tensor's shape. */
  readonly index: readonly number[];
  readonly expected: number;
  readonly got: number;
  /** Integer sum that the reference requantises at this element, bias included (CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED); null elsewhere. */
  readonly accumulator: number | null;
}

export interface WhereMap {
  readonly rows: number; readonly columns: number; readonly channels: number;
  /** Elements of the axis in one bin, for each of the three. */
  readonly binned: readonly [number, number, number];
  /** [rows][columns] in bins, wrong elements of all channels. */
  readonly plane: readonly (readonly number[])[];
  /** [channels] in bins, wrong elements of all rows and columns. */
  readonly perChannel: readonly number[];
}

/** @returns null where no element of the evidence is wrong */
export function whereWrong(_evidence: LayerEvidence): Where | null {
  return null;
}
