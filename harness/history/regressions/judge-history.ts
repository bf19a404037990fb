import type { History, LayerRow, RunFilter, RunRow } from '../history.ts';
import { judge } from './judge.ts';
import type { Change, Judgement } from './judgement.ts';
import { layerThatChanged } from './layer-change.ts';

export interface JudgeHistoryOptions {
  readonly metric?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (line: string) => void;
  /** Whether layers are asked for what changed in them, which takes two queries a change of latency. Default: true. */
  readonly layers?: boolean;
}

/** More open changes of latency are told without their layers. */
const MOST_WITH_LAYERS = 100;
/** Points of a noisy figure on either side whose layers are looked at. */
const SIDE_RUNS = 3;

export interface HistoryJudgement extends Judgement {
  /** Open changes that `sinceMs`, `commit` and `run` leave out. */
  readonly openElsewhere: number;
  /** Newer runs of the judged branches than the newest judged figure, all without any: the bench failed, or nothing was built. */
  readonly newerWithoutFigures: number;
}

/**
 * Judges what the history has. The filter means series (suite, case, device, generator, model, verdict, bench, branch, until); `sinceMs`, `commit`
 * and `run` mean the changes that are told: all figures before are still what they are judged against.
 * @throws HilError 'bench' history.*; the signal's reason
 */
export async function judgeHistory(history: History, filter: RunFilter, options: JudgeHistoryOptions = {}): Promise<HistoryJudgement> {
  const { sinceMs, commit, run, limit: _limit, branch, ...meant } = filter;
  options.onProgress?.('reading the figures');
  const [points, runs, baselines] = [await history.points(meant), await history.runs(meant), await history.baselines()];
  // Who asks for the branch of a pull request means its runs.
  const pullRequests = new Set(branch !== undefined ? [] : runs.filter(({ source }) => source.pullRequest !== null).map(({ key }) => key));
  const judgement = judge(points, {
    ...(branch === undefined ? {} : { branch }), ...(options.metric === undefined ? {} : { metric: options.metric }), baselines, pullRequests,
    onSeries: (done, all) => {
      options.signal?.throwIfAborted();
      if (done % 100 === 0) options.onProgress?.(`judging ${done} of ${all} figures`);
    },
  });
  const told = judgement.changes.filter(({ firstBad }) => (sinceMs === undefined || firstBad.startedAtMs >= sinceMs)
    && (commit === undefined || firstBad.commit?.startsWith(commit.toLowerCase()) === true) && (run === undefined || firstBad.runId === run || firstBad.run.startsWith(run.toLowerCase())));
  const counter = runsBetween(runs, pullRequests);
  const changes: Change[] = [];
  for (const [at, change] of told.entries()) {
    options.signal?.throwIfAborted();
    const layer = options.layers !== false && change.metric === 'latency' && change.kind === 'open' && at < MOST_WITH_LAYERS ? await layerOf(history, change, points.filter((point) => point.metric === 'latency' && point.likeness === change.likeness && isOf(change)(point))) : null;
    changes.push({ ...change, layer, runsBetween: counter(change) });
  }
  const branches = new Set(judgement.series.map((one) => one.branch));
  const newestMs = Math.max(...judgement.series.map(({ last }) => last.startedAtMs));
  const newer = runs.filter(({ key, startedAtMs, source }) => startedAtMs > newestMs && !source.dirty && !pullRequests.has(key) && branches.has(source.branch));
  return { ...judgement, changes, newerWithoutFigures: newer.length, openElsewhere: judgement.changes.filter(({ kind }) => kind === 'open').length - changes.filter(({ kind }) => kind === 'open').length };
}

const isOf = (change: Change) => ({ suite, case: name, device }: { readonly suite: string; readonly case: string; readonly device: string }): boolean =>
  suite === change.suite && name === change.case && device === change.device;

async function layerOf(history: History, change: Change, points: readonly { readonly run: string }[]): Promise<Change['layer']> {
  const side = change.exact ? 1 : SIDE_RUNS;
  const good = points.findIndex(({ run }) => run === change.lastGood.run);
  const bad = points.findIndex(({ run }) => run === change.firstBad.run);
  const rowsOf = async (own: readonly { readonly run: string }[]): Promise<LayerRow[]> => (await Promise.all(own.map(({ run }) => history.layers({ run })))).flat().filter(isOf(change));
  return layerThatChanged(await rowsOf(points.slice(Math.max(0, good + 1 - side), good + 1)), await rowsOf(points.slice(bad, bad + side)));
}

/** Runs that were to give the figure between the last good and the first bad one, and did not. */
function runsBetween(runs: readonly RunRow[], pullRequests: ReadonlySet<string>): (change: Change) => number {
  const bySuite = Map.groupBy(runs.filter(({ key, source }) => !pullRequests.has(key) && !source.dirty), ({ suite }) => suite);
  return ({ suite, device, lastGood, firstBad }) => {
    const own = bySuite.get(suite) ?? [];
    const branch = own.find(({ key }) => key === firstBad.run)?.source.branch ?? null;
    return own.filter(({ startedAtMs, devices, source }) => startedAtMs > lastGood.startedAtMs && startedAtMs < firstBad.startedAtMs && source.branch === branch && devices.includes(device)).length;
  };
}
