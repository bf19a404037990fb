import type { Baseline, MetricPoint, RunRow } from '../history.ts';
import { shortKey, type Cell } from './cell.ts';
import { RunTable, Texts } from './run-table.ts';
import type { ChangeData, MetricData, SeriesData } from './site-data.ts';

/** Runs of a case on a device that its trends show; older ones are in the history. */
const MOST_RUNS = 5000;

export interface SeriesFacts {
  readonly runs: ReadonlyMap<string, RunRow>;
  readonly baselines: readonly Baseline[];
  readonly changes: readonly ChangeData[];
}

interface Column { readonly first: MetricPoint; readonly at: number[]; readonly values: number[]; readonly likeness: [number, number][]; readonly model: [number, number][]; readonly generator: [number, number][] }

/** @param points of the cell, oldest first; points of others (a name with * or ? matches more) are left out */
export function seriesOf(cell: Cell, points: readonly MetricPoint[], facts: SeriesFacts): SeriesData {
  const own = points.filter((point) => point.suite === cell.suite && point.case === cell.case && point.device === cell.device && facts.runs.has(point.run) && Number.isFinite(point.value));
  const keys = [...new Set(own.map(({ run }) => run))];
  const kept = new Set(keys.slice(-MOST_RUNS));
  const texts = new Texts();
  const runs = new RunTable(texts);
  const columns = new Map<string, Column>();
  for (const point of own) {
    if (!kept.has(point.run)) continue;
    // One line never has two units or qualities; what a device tells may change.
    const name = JSON.stringify([point.metric, point.unit, point.quality]);
    const column = columns.get(name) ?? { first: point, at: [], values: [], likeness: [], model: [], generator: [] };
    columns.set(name, column);
    const place = column.at.push(runs.place(facts.runs.get(point.run)!)) - 1;
    column.values.push(point.value);
    change(column.likeness, place, likenessPlace(texts, point.likeness, point.likenessText));
    change(column.model, place, texts.place(point.modelSha256));
    change(column.generator, place, texts.place(point.generator));
  }
  return {
    runs: runs.rows, metrics: [...columns.values()].map(metricOf).sort((a, b) => order(a.metric) - order(b.metric) || (a.metric < b.metric ? -1 : 1)), leftOut: keys.length - kept.size, changes: facts.changes,
    baselines: facts.baselines.filter((one) => one.suite === cell.suite && one.case === cell.case && one.device === cell.device)
      .map(({ metric, likeness, value, unit, acceptedAt, run, reason, by }) => ({ metric, likeness: texts.place(likeness), value, unit, atMs: Date.parse(acceptedAt), run: shortKey(run), reason, by })),
    texts: texts.list,
  };
}

/** The hash and what it stands for, as one text: equal words of two tools may still be two tools. */
function likenessPlace(texts: Texts, likeness: string, text: string): number {
  return texts.place(`${likeness} ${text}`);
}

function change(list: [number, number][], place: number, text: number): void {
  if (list.at(-1)?.[1] !== text) list.push([place, text]);
}

function metricOf({ first, at, values, likeness, model, generator }: Column): MetricData {
  return { metric: first.metric, unit: first.unit, quality: first.quality, exact: first.exact, better: first.better, at, values, likeness, model, generator };
}

const FIRST = ['latency', 'energy', 'mismatched', 'flash', 'ram', 'arena', 'stack'];
function order(metric: string): number {
  const place = FIRST.indexOf(metric);
  return place < 0 ? FIRST.length : place;
}
