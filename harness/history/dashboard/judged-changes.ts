import type { Baseline, LayerRow, MetricPoint } from '../history.ts';
import { judge, worstFirst } from '../regressions/judge.ts';
import { judgedNow, type Change, type JudgedSeries, type Place } from '../regressions/judgement.ts';
import { layerThatChanged } from '../regressions/layer-change.ts';
import { shortKey, type Cell } from './cell.ts';
import type { ChangeData, PlaceData, RegressionData, RegressionsData } from './site-data.ts';

/** Runs on either side of a change of a noisy figure whose layers are looked at. */
const SIDE_RUNS = 3;

export interface JudgedCellsOptions {
  /** Only this branch; absent: the main line. */
  readonly branch: string | undefined;
  readonly baselines: readonly Baseline[];
  /** Keys of the runs of pull requests. */
  readonly pullRequests: ReadonlySet<string>;
}

/** What has become worse or better, judged a case on a device at a time, as `hil history regressions` does it of all. */
export class JudgedCells {
  readonly #options: JudgedCellsOptions;
  readonly #open: { readonly change: Change; readonly data: RegressionData }[] = [];
  #series = 0;
  #judged = 0;

  constructor(options: JudgedCellsOptions) {
    this.#options = options;
  }

  /** @param points of the cell @param layers of its newest runs @param gone its open regressions are of nobody any more */
  judge(cell: Cell, points: readonly MetricPoint[], layers: readonly LayerRow[], gone: boolean): ChangeData[] {
    const { branch, baselines, pullRequests } = this.#options;
    const own = points.filter((point) => point.suite === cell.suite && point.case === cell.case && point.device === cell.device);
    const { series, changes } = judge(own, { ...(branch === undefined ? {} : { branch }), baselines, pullRequests });
    this.#series += series.length;
    this.#judged += series.filter(judgedNow).length;
    for (const change of changes) {
      if (change.kind !== 'open' || gone) continue;
      const last = own.findLast((point) => point.metric === change.metric && point.likeness === change.likeness);
      const state = series.find((one) => one.metric === change.metric && one.likeness === change.likeness)?.state ?? 'current';
      if (last !== undefined) this.#open.push({ change, data: regressionOf(change, last.quality, evidenceOf({ ...change, layer: layerOf(change, own, layers) }, state)) });
    }
    return changes.map((change): ChangeData => ({
      metric: change.metric, run: shortKey(change.firstBad.run), direction: change.direction, state: change.kind === 'improved' ? 'better' : change.kind, before: change.from, after: change.to,
      lastGood: placeOf(change.lastGood), evidence: evidenceOf(change, 'current'),
    }));
  }

  /** All that is open, the largest first; and why there is nothing, where nothing could be judged. */
  data(): Omit<RegressionsData, 'count'> {
    const note = this.#judged > 0 ? '' : this.#series > 0 ? 'no figure of now has been measured often enough yet (twice where it repeats exactly, 15 times where it varies)' : 'no run of the main branch has a figure';
    return { note, series: this.#judged, open: this.#open.sort((a, b) => worstFirst(a.change, b.change)).map(({ data }) => data) };
  }
}

const placeOf = ({ run, runId, commit, startedAtMs }: Place): PlaceData => ({ run: shortKey(run), id: runId, atMs: startedAtMs, commit });

function regressionOf({ suite, case: name, device, metric, unit, from, to, ratio, lastGood, firstBad }: Change, quality: RegressionData['quality'], evidence: string): RegressionData {
  return { suite, case: name, device, metric, unit, quality, before: from, after: to, ratio, lastGood: placeOf(lastGood), firstBad: placeOf(firstBad), evidence };
}

function layerOf(change: Change, points: readonly MetricPoint[], layers: readonly LayerRow[]): Change['layer'] {
  if (change.metric !== 'latency') return null;
  const runs = points.filter((point) => point.metric === 'latency' && point.likeness === change.likeness).map(({ run }) => run);
  const side = change.exact ? 1 : SIDE_RUNS;
  const [good, bad] = [runs.indexOf(change.lastGood.run), runs.indexOf(change.firstBad.run)];
  const rowsOf = (keys: readonly string[]): LayerRow[] => layers.filter(({ run }) => keys.includes(run));
  return layerThatChanged(rowsOf(runs.slice(Math.max(0, good + 1 - side), good + 1)), rowsOf(runs.slice(bad, bad + side)));
}

const SUSPECTS: Readonly<Record<Change['suspect'], string>> = { code: '', inputs: 'the image is the same: inputs, suite or bench changed', bench: 'commit and image are the same: suspect the bench' };
const percent = (share: number): string => `${(100 * share).toFixed(Math.abs(share) < 0.1 ? 1 : 0)} %`;

/** How sure it is, and what came with it, in a few words. */
function evidenceOf({ confidence: { how, p, size, sigmas, shape, before, after }, from, suspect, layer, markers, accepted }: Change, state: JudgedSeries['state']): string {
  const sure = how === 'exact' ? 'repeats exactly, so any change is one'
    : [how === 'returned' ? 'as large as one before it that was undone' : `p ${p === null ? 'not known' : p < 0.0001 ? '< 0.0001' : p.toFixed(4)}`, from === 0 ? '' : `95 %: ${percent(size.low / from)} to ${percent(size.high / from)}`,
      sigmas === null ? '' : `${sigmas.toFixed(1)} σ`, `${before} figures before, ${after} since`, shape === 'drift' ? 'rather a drift than a step' : ''].filter((part) => part !== '').join(', ');
  return [sure, layer === null ? '' : `${percent(layer.share)} of it in layer #${layer.layer} ${layer.op}`, markers.join(', '), SUSPECTS[suspect], accepted === null ? '' : `accepted: ${accepted.reason}`,
    state === 'superseded' ? 'figures since are not comparable with it' : state === 'missing' ? 'newer runs have no such figure' : ''].filter((part) => part !== '').join('; ');
}
