import type { CaseReport, Plot, Report } from '../report.ts';

/** Points of all plots together; more make a page slow and a CI artifact large, and no screen shows them. */
const MOST_POINTS = 300_000;
const MOST_LOG_LINES = 300;
const MOST_REASONS = 100;

/** The report with what would make a page too large thinned out; report.json keeps all. Each cut is marked where it shows. */
export function boundForPage(report: Report): Report {
  const points = report.cases.reduce((sum, one) => sum + one.plots.reduce((inner, plot) => inner + pointsOf(plot), 0), 0);
  const stride = Math.max(1, Math.ceil(points / MOST_POINTS));
  return { ...report, cases: report.cases.map((one) => boundCase(one, stride)) };
}

function boundCase(one: CaseReport, stride: number): CaseReport {
  const log = one.log.length > MOST_LOG_LINES ? [`(${one.log.length - MOST_LOG_LINES} earlier lines: see report.json)`, ...one.log.slice(-MOST_LOG_LINES)] : one.log;
  const reasons = one.reasons.length > MOST_REASONS ? [...one.reasons.slice(0, MOST_REASONS), `${one.reasons.length - MOST_REASONS} more: see report.json`] : one.reasons;
  return { ...one, log, reasons, plots: stride === 1 ? one.plots : one.plots.map((plot) => thin(plot, stride)) };
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
