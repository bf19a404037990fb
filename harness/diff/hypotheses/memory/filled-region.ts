import type { TensorData } from '../../../reference/runner.ts';
import type { LayerEvidence, LayerSample } from '../../evidence.ts';
import type { Cause } from '../causes.ts';
import type { Candidate } from '../hypothesis.ts';
import { emptyLike, expectedBut, sameElements, tensorOf, wrongElements, wrongTensors } from './elements.ts';
import { isBatched } from './moved/index.ts';
import { regionsAround, type Region } from './region.ts';

/** What may stand where something else should. */
export interface Filling {
  readonly cause: Cause;
  /** Half sentence: "hold the poison 0xa5". */
  readonly text: string;
  /** Fillings of this kind that were tried. */
  readonly alternatives: number;
  /** Of a tensor in a sample, as many elements as it has; null where it is not known. */
  of(sample: LayerSample, tensor: number): TensorData | null;
}

/** What the region of a fit shows, for demands beyond that it fits. */
export interface Fit {
  readonly region: Region;
  readonly tensor: number;
  /** Samples that the filling says something of. */
  readonly samples: readonly LayerSample[];
  /** Flat indices of the elements that are wrong in any of them. */
  readonly elements: readonly number[];
  /** Wrong elements, over these samples. */
  readonly wrong: number;
  /** Different values among them. */
  readonly values: number;
  /** Of the right values in their place. */
  readonly rightValues: number;
}

/**
 * The candidate that one filling stands in one region of each wrong tensor: the simplest region that fits.
 * @param isTelling further demands; a fit that does not meet them is none
 */
export function filled(evidence: LayerEvidence, filling: Filling, isTelling: (fit: Fit) => boolean): Candidate | null {
  const regions = new Map<number, Region>();
  for (const tensor of wrongTensors(evidence)) {
    const region = regionOf(evidence, filling, tensor, isTelling);
    if (region === null) return null;
    regions.set(tensor, region);
  }
  if (regions.size === 0) return null;
  const [shown] = [...regions.values()];
  const alternatives = [...regions.values()].reduce((product, region) => product * region.alternatives, filling.alternatives);
  return { cause: causeOf(evidence, filling, regions), text: `${shown?.text} ${filling.text}`, alternatives, byValue: true, predict: (sample) => predict(sample, filling, regions) };
}

function predict(sample: LayerSample, filling: Filling, regions: ReadonlyMap<number, Region>): ReadonlyMap<number, TensorData> | null {
  const changed = new Map<number, TensorData>();
  for (const [tensor, region] of regions) {
    const right = sample.expected.get(tensor);
    const other = right === undefined ? null : filling.of(sample, tensor);
    if (right === undefined || other === null || other.length !== right.length) return null;
    // What stands there may be of a wider type than the tensor has.
    const data = emptyLike(other.BYTES_PER_ELEMENT > right.BYTES_PER_ELEMENT ? other : right);
    for (let i = 0; i < data.length; i++) (data as Int8Array)[i] = (region.contains(i) ? other[i] : right[i]) as number;
    changed.set(tensor, data);
  }
  return expectedBut(sample, changed);
}

function regionOf(evidence: LayerEvidence, filling: Filling, tensor: number, isTelling: (fit: Fit) => boolean): Region | null {
  const { shape } = tensorOf(evidence, tensor);
  const spoken = evidence.samples.filter((sample) => filling.of(sample, tensor) !== null);
  const wrong = wrongElements(spoken, tensor);
  const elements = spoken[0]?.expected.get(tensor)?.length ?? 0;
  if (wrong.length === 0) return null;
  for (const region of regionsAround(wrong, shape, elements)) {
    const fit = fitOf(spoken, filling, tensor, region, wrong);
    if (fit !== null && isTelling(fit)) return region;
  }
  return null;
}

/** null where the device shows something else in the region. */
function fitOf(samples: readonly LayerSample[], filling: Filling, tensor: number, region: Region, elements: readonly number[]): Fit | null {
  const values = new Set<unknown>();
  const rightValues = new Set<unknown>();
  let wrong = 0;
  for (const sample of samples) {
    const predicted = predict(sample, filling, new Map([[tensor, region]]))?.get(tensor);
    const got = sample.got.get(tensor);
    const right = sample.expected.get(tensor);
    if (predicted === undefined || got === undefined || right === undefined || !sameElements(predicted, got)) return null;
    for (let i = 0; i < got.length; i++) {
      if (Object.is(got[i], right[i])) continue;
      wrong++;
      values.add(got[i]);
      rightValues.add(right[i]);
    }
  }
  return { region, tensor, samples, elements, wrong, values: values.size, rightValues: rightValues.size };
}

/** Whole batches but the first that are not what they should be: the layer works on the first alone. */
function causeOf(evidence: LayerEvidence, { cause }: Filling, regions: ReadonlyMap<number, Region>): Cause {
  const others = [...regions].every(([tensor, { axis, first, last }]) => {
    const { shape } = tensorOf(evidence, tensor);
    return axis === 0 && first === 1 && last === (shape[0] as number) - 1 && isBatched(shape, evidence);
  });
  return others ? 'batch.ignored' : cause;
}
