import type { LayerEvidence } from '../evidence.ts';
import { coordinates, differenceOf } from '../tensor-tally.ts';
import { accumulatorsOf } from './accumulator.ts';
import { differenceHistogram } from './histogram.ts';
import { mapOf } from './map.ts';
import { patternWords } from './pattern/index.ts';
import { countAtTies } from './ties.ts';
import { mostWrong, type WrongElements, type WrongSample } from './wrong-elements.ts';

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
  /** Of the wrong elements, those whose reference accumulator lies on a rounding tie (ties.ts says how near); null where the operator has none, or there are too many to form again. */
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
  /** Sizes of the axes, in elements. */
  readonly rows: number; readonly columns: number; readonly channels: number;
  /** Elements of the axis in one bin, for each of the three. */
  readonly binned: readonly [number, number, number];
  /** ceil(rows / binned[0]) rows of ceil(columns / binned[1]) bins each: wrong elements of all channels. */
  readonly plane: readonly (readonly number[])[];
  /** ceil(channels / binned[2]) bins: wrong elements of all rows and columns. */
  readonly perChannel: readonly number[];
}

/**
 * Never throws, whatever the values are.
 * @returns null where no element of the evidence is wrong
 */
export function whereWrong(evidence: LayerEvidence): Where | null {
  const found = mostWrong(evidence);
  if (found === null) return null;
  const sums = accumulatorsOf(evidence, found.tensor);
  const element = (wrong: WrongSample, flat: number): WhereElement => ({
    ...placeOf(wrong), index: coordinates(flat, found.shape), expected: Number(wrong.expected[flat]), got: Number(wrong.got[flat]), accumulator: sums?.at(wrong.sample, flat) ?? null,
  });
  const first = found.samples.find(({ flat }) => flat.length > 0) as WrongSample;
  const worst = worstOf(found);
  return {
    tensor: found.tensor, shape: found.shape, samples: found.samples.length, wrong: found.wrong,
    pattern: patternWords(evidence, found), histogram: differenceHistogram(found),
    first: element(first, first.flat[0] as number), worst: element(worst.wrong, worst.flat),
    map: mapOf(found), atTies: countAtTies(evidence, found, sums),
  };
}

function placeOf({ sample: { at } }: WrongSample): { sequence: string; sample: number; step: number } {
  return { sequence: at.sequence, sample: at.sample, step: at.step };
}

/** The element that is furthest off; a NaN is further off than any number. */
function worstOf({ samples }: WrongElements): { wrong: WrongSample; flat: number } {
  let worst: { wrong: WrongSample; flat: number } | null = null;
  let most = -1;
  for (const wrong of samples) {
    for (const flat of wrong.flat) {
      const difference = Math.abs(differenceOf(wrong.expected[flat], wrong.got[flat]));
      if (difference <= most || Number.isNaN(most)) continue;
      worst = { wrong, flat };
      most = difference;
    }
  }
  return worst as { wrong: WrongSample; flat: number };
}
