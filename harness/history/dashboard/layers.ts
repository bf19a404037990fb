import type { LayerRow, RunRow } from '../history.ts';
import type { Verdict } from '../../report/index.ts';
import type { Cell } from './cell.ts';
import { RunTable, Texts } from './run-table.ts';
import { LETTERS, type LayersData } from './site-data.ts';

/** Runs that a heat map can be scrolled over, and layers: more are no picture. */
export const LAYER_RUNS = 400;
const MOST_LAYERS = 400;

/** A run of the cell, also one without layers: a night in which nothing could be compared must show. */
export interface CellRun { readonly run: RunRow; readonly verdict: Verdict }

/** @param ran runs of the cell, oldest first @param rows its layers */
export function layersOf(cell: Cell, ran: readonly CellRun[], rows: readonly LayerRow[]): LayersData {
  const texts = new Texts();
  const table = new RunTable(texts);
  const kept = ran.slice(-LAYER_RUNS);
  const places = new Map(kept.map(({ run }) => [run.key, table.place(run)]));
  const layers = new Map<string, { readonly place: number; readonly head: readonly [number, string, string]; readonly cost: (number | null)[] }>();
  const wrong: LayersData['wrong'][number][] = [];
  const there = new Set<number>();
  let unit = '';
  const own = rows.filter((row) => row.suite === cell.suite && row.case === cell.case && row.device === cell.device).sort((a, b) => a.layer - b.layer);
  for (const row of own) {
    const at = places.get(row.run);
    if (at === undefined) continue;
    const name = JSON.stringify([row.layer, row.op, row.name]);
    if (!layers.has(name) && layers.size >= MOST_LAYERS) continue;
    const layer = layers.get(name) ?? { place: layers.size, head: [row.layer, row.op, row.name] as const, cost: Array.from({ length: kept.length }, () => null) };
    layers.set(name, layer);
    there.add(at);
    if (row.mismatched > 0 || (row.ownMismatched ?? 0) > 0 || row.compared === 0) wrong.push([at, layer.place, row.compared, row.mismatched, row.ownMismatched, row.maxAbsDiff]);
    if (row.cost !== null && Number.isFinite(row.cost)) {
      layer.cost[at] = row.cost;
      unit = row.unit;
    }
  }
  return {
    runs: table.rows, verdicts: kept.map(({ verdict }) => LETTERS[verdict]).join(''), layers: [...layers.values()].map(({ head }) => head), unit, wrong,
    cost: [...layers.values()].map(({ cost }) => cost), there: kept.map((_, at) => (there.has(at) ? '1' : '0')).join(''), leftOut: ran.length - kept.length, texts: texts.list,
  };
}
