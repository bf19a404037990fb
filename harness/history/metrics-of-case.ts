import { sharesImage, type CaseReport, type Quality, type Report } from '../report/index.ts';
import { likenessOf, type Likeness } from './likeness.ts';

/** One figure of a case. See MetricPoint for the meaning of the fields. */
export interface Figure extends Likeness {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly quality: Quality;
  readonly exact: boolean;
  readonly better: 'lower' | 'higher';
}

type Bare = Omit<Figure, 'likeness' | 'likenessText'> & { readonly source?: string };

/** Kinds of metrics (see suite.ts) of which more is better. */
const MORE_IS_BETTER: readonly string[] = ['top-1', 'cosine', 'nse'];

/**
 * The figures of a case that may be followed over time. None of a case that the bench failed, that was skipped, interrupted or not
 * built: whatever numbers it has, it has them by chance. No figure is NaN or infinite, and each metric is there once at most.
 */
export function figuresOfCase(report: Report, one: CaseReport): Figure[] {
  if (one.verdict !== 'pass' && one.verdict !== 'fail') return [];
  const simulated = report.devices.find(({ id }) => id === one.device)?.simulated ?? false;
  const bare = [...costs(one), ...memory(one, simulated), ...(ranToItsEnd(one) ? correctness(one) : []),
    figure('duration', one.durationMs, 'ms', 'measured', false)];
  const seen = new Set<string>();
  return bare.filter(({ metric, value }) => Number.isFinite(value) && !seen.has(metric) && seen.add(metric) !== undefined)
    .map(({ source, ...rest }) => ({ ...rest, ...likenessOf(report, one, { ...rest, ...(source === undefined ? {} : { source }) }) }));
}

/** A crash or a hang leaves some of the elements uncompared: their count says nothing. Old reports tell of it only by the fault. */
const ranToItsEnd = ({ endCode, fault, samples }: CaseReport): boolean => (endCode ?? null) === null && fault === null && samples > 0;

function figure(metric: string, value: number, unit: string, quality: Quality, exact: boolean, better: Figure['better'] = 'lower'): Bare {
  return { metric, value, unit, quality, exact, better };
}

/** Instructions that an emulator counts repeat to the last one; energy is computed from them. What a clock or a meter shows does not. */
const repeats = (quality: Quality): boolean => quality === 'modelled';

function costs({ latency, energy, counters }: CaseReport): Bare[] {
  return [
    ...(latency === null || latency.n === 0 ? [] : [figure('latency', latency.median, latency.unit, latency.quality, repeats(latency.quality) && latency.unit === 'instructions')]),
    ...(energy === null ? [] : [{ ...figure('energy', energy.value, energy.unit, energy.quality, repeats(energy.quality)), source: energy.source }]),
    ...counters.map(({ name, value, unit, quality }) => figure(`counter:${name}`, value, unit, quality, repeats(quality))),
  ];
}

/** The linker's map tells bytes; the stack is what the device was seen to use, and an interrupt of a board adds to it when it comes. */
function memory(one: CaseReport, simulated: boolean): Bare[] {
  const { memory: found } = one;
  if (found === null) return [];
  const bytes = (metric: string, value: number | null, exact = true): Bare[] => (value === null ? [] : [figure(metric, value, 'B', 'measured', exact)]);
  return [
    ...(sharesImage(one) ? [] : [...bytes('flash', found.flashBytes), ...bytes('ram', found.ramBytes), ...bytes('network-flash', found.networkFlashBytes), ...bytes('network-ram', found.networkRamBytes)]),
    ...bytes('arena', found.arenaBytes), ...bytes('stack', found.stackBytes, simulated), ...bytes('stack-bound', found.stackBoundBytes),
  ];
}

function correctness({ outputs, layers, samples }: CaseReport): Bare[] {
  const compared = outputs.reduce((sum, output) => sum + output.compared, 0) + layers.reduce((sum, { own }) => sum + (own?.compared ?? 0), 0);
  const mismatched = outputs.reduce((sum, output) => sum + output.mismatched, 0) + layers.reduce((sum, { own }) => sum + (own?.mismatched ?? 0), 0);
  // Where time was up before every sample was judged, the count depends on how fast the bench was.
  const whole = layers.every(({ own, mismatched: wrong }) => wrong === 0 || (own !== null && own.samples >= samples));
  return [
    ...(compared === 0 ? [] : [figure('mismatched', mismatched, 'elements', 'measured', whole)]),
    ...(layers.length === 0 ? [] : [figure('layers-wrong', layers.filter(({ own }) => (own?.mismatched ?? 0) > 0).length, 'layers', 'measured', whole)]),
    ...outputs.flatMap((output) => output.metrics.map(({ name, kind, value, unit, min }) => (
      figure(`output:${output.name}:${name}`, value, unit, 'measured', true, MORE_IS_BETTER.includes(kind) || (min ?? null) !== null ? 'higher' : 'lower')))),
  ];
}
