import type { CaseReport, LayerReport, Plot, Report } from '../report.ts';

/** Points of all plots together; more make a page slow and a CI artifact large, and no screen shows them. */
const MOST_POINTS = 300_000;
const MOST_LOG_LINES = 300;
const MOST_REASONS = 100;
/** Characters of base64 of all tensors together: of 30 layers with the largest that a report carries. */
const MOST_VALUES = 4_000_000;
/** Bins of all maps together. */
const MOST_BINS = 400_000;

/** The report as the page gets it. */
export interface PageReport extends Omit<Report, 'cases'> {
  readonly cases: readonly (Omit<CaseReport, 'layers'> & { readonly layers: readonly PageLayer[] })[];
}
/** valuesLeftOut, mapLeftOut: report.json has them. */
type PageLayer = LayerReport & { readonly valuesLeftOut?: true; readonly mapLeftOut?: true };

/** The report with what would make a page too large thinned out; report.json keeps all. Each cut is marked where it shows. */
export function boundForPage(report: Report): PageReport {
  const points = report.cases.reduce((sum, one) => sum + one.plots.reduce((inner, plot) => inner + pointsOf(plot), 0), 0);
  const stride = Math.max(1, Math.ceil(points / MOST_POINTS));
  const room: Room = { values: MOST_VALUES, bins: MOST_BINS };
  return { ...report, cases: report.cases.map((one) => boundCase(one, stride, room)) };
}

/** What is left of the limits that all cases share. */
interface Room { values: number; bins: number }

function boundCase(one: CaseReport, stride: number, room: Room): PageReport['cases'][number] {
  const log = one.log.length > MOST_LOG_LINES ? [`(${one.log.length - MOST_LOG_LINES} earlier lines: see report.json)`, ...one.log.slice(-MOST_LOG_LINES)] : one.log;
  const reasons = one.reasons.length > MOST_REASONS ? [...one.reasons.slice(0, MOST_REASONS), `${one.reasons.length - MOST_REASONS} more: see report.json`] : one.reasons;
  return { ...one, log, reasons, layers: one.layers.map((layer) => boundLayer(layer, room)), plots: stride === 1 ? one.plots : one.plots.map((plot) => thin(plot, stride)) };
}

function boundLayer(layer: LayerReport, room: Room): PageLayer {
  const { where } = layer;
  if (where === null) return layer;
  const values = (where.values?.expected.length ?? 0) + (where.values?.got.length ?? 0);
  const bins = where.map.perChannel.length + where.map.plane.reduce((sum, row) => sum + row.length, 0);
  const keepValues = values <= room.values;
  const keepMap = bins <= room.bins;
  if (keepValues) room.values -= values;
  if (keepMap) room.bins -= bins;
  return {
    ...layer, ...(keepValues ? {} : { valuesLeftOut: true }), ...(keepMap ? {} : { mapLeftOut: true }),
    where: { ...where, values: keepValues ? where.values : null, map: keepMap ? where.map : { ...where.map, plane: [], perChannel: [] } },
  };
}

function pointsOf(plot: Plot): number {
  return plot.series.reduce((sum, series) => sum + series.values.length, 0);
}

/** Keeps, of every `stride` steps, the one where a series is furthest from the first: that is what a reader looks for. */
function thin(plot: Plot, stride: number): Plot {
  const length = Math.max(0, ...plot.series.map((series) => series.values.length));
  const truth = plot.series[0]?.values ?? [];
  const kept: number[] = [];
  for (let from = 0; from < length; from += stride) {
    let worst = from;
    let largest = -1;
    for (let step = from; step < Math.min(from + stride, length); step++) {
      for (const series of plot.series.slice(1)) {
        const error = Math.abs(Number(series.values[step]) - Number(truth[step]));
        if (error > largest) { largest = error; worst = step; }
      }
    }
    kept.push(worst);
  }
  return { ...plot, title: `${plot.title} (every ${stride}th step, the worst of them)`, stepSeconds: plot.stepSeconds * stride,
    series: plot.series.map((series) => ({ name: series.name, values: kept.map((step) => series.values[step] ?? Number.NaN) })) };
}
