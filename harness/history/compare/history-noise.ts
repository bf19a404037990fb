import type { History, MetricPoint } from '../history.ts';
import { noiseAround } from '../regressions/scores.ts';
import type { Noise } from './compare-figures.ts';
import type { Where } from './comparison.ts';

/** Fewer tell too little of how much a figure differs by itself. */
const LEAST_POINTS = 9;
const MOST_POINTS = 100;
/** Of the difference of two runs; 6 of 100 000 such differences of normal noise are larger. */
const SIGMAS = 4;

/**
 * What figures differ by from run to run, out of the history: 4 robust standard deviations of the differences of neighbouring runs of
 * the same likeness, which a lasting change of level does not widen.
 * @param wanted the cases in question; only theirs are read
 */
export async function historyNoise(history: History, wanted: readonly Where[]): Promise<Noise> {
  const series = new Map<string, number[]>();
  for (const where of new Map(wanted.map((one) => [JSON.stringify(one), one])).values()) {
    // Globs: a name with a mark in it also means others, which are told apart here.
    const points = await history.points({ suite: where.suite, case: where.case, device: where.device });
    for (const point of points) if (!point.exact && !point.dirty) collect(series, point);
  }
  return (where, { metric, likeness }) => {
    const values = series.get(key({ ...where, metric, likeness }))?.slice(-MOST_POINTS) ?? [];
    if (values.length < LEAST_POINTS) return null;
    return SIGMAS * noiseAround(values.slice(1).map((value, at) => value - (values[at] ?? value)), 0);
  };
}

function collect(series: Map<string, number[]>, point: MetricPoint): void {
  const name = key(point);
  const values = series.get(name);
  if (values === undefined) series.set(name, [point.value]);
  else values.push(point.value);
}

const key = ({ suite, case: name, device, metric, likeness }: Where & { readonly metric: string; readonly likeness: string }): string => JSON.stringify([suite, name, device, metric, likeness]);
