import type { Verdict, Quality } from '../../report/index.ts';

/**
 * What the page reads, each file a script that calls hilData(name, value). Names (of suites, cases, devices, ...) are values and
 * never keys: in a script a key "__proto__" would act. Times are ms since 1970 UTC; a run is named by the first 16 digits of its key.
 */
export interface StartData {
  readonly schema: 'hil-dashboard/1';
  readonly title: string;
  readonly madeAtMs: number;
  readonly hilVersion: string;
  /** The options that left runs out, as they were given. */
  readonly filters: readonly string[];
  readonly commitUrl: string | null;
  /** With {run}, {suite} and {key}; null: reports are in the site, as reports/<key>.html, for the runs in `reports`. */
  readonly reportUrl: string | null;
  readonly reports: readonly string[];
  readonly totals: { readonly runs: number; readonly cases: number; readonly firstMs: number; readonly lastMs: number; readonly reportsLeftOut: number };
  /** Newest first: the newest ones, and all that something here points at. */
  readonly runs: readonly RunData[];
  readonly newest: readonly string[];
  readonly grid: readonly GridData[];
  readonly cells: readonly CellData[];
  readonly benches: readonly BenchData[];
  readonly regressions: RegressionsData;
  readonly quarantines: readonly QuarantineData[];
  /** Newest first. */
  readonly months: readonly { readonly month: string; readonly runs: number }[];
}

export interface RunData {
  readonly key: string;
  readonly id: string;
  readonly atMs: number;
  readonly durationMs: number;
  readonly verdict: Verdict;
  readonly suite: string;
  readonly commit: string | null;
  readonly subject: string | null;
  readonly branch: string | null;
  readonly pullRequest: number | null;
  readonly dirty: boolean;
  readonly bench: string;
  readonly jobUrl: string | null;
  readonly devices: readonly string[];
  readonly counts: readonly (readonly [Verdict, number])[];
}

/** A suite on a device: its newest run there that is of no pull request. */
export interface GridData {
  readonly suite: string;
  readonly device: string;
  /** Worst of the newest verdict of each of its cases. */
  readonly verdict: Verdict;
  readonly counts: readonly (readonly [Verdict, number])[];
  readonly run: string;
  readonly atMs: number;
  /** Of each of the newest runs, oldest first, a letter: {@link LETTERS}. */
  readonly strip: string;
  /** Cases that were not in a run for long before the newest one. */
  readonly gone: number;
}

/** A case on a device. */
export interface CellData {
  readonly suite: string;
  readonly case: string;
  readonly device: string;
  readonly deviceKind: string;
  /** Names its files series-<file> and layers-<file>. */
  readonly file: string;
  readonly verdict: Verdict;
  readonly run: string;
  readonly atMs: number;
  readonly reason: string;
  readonly endCode: string | null;
  readonly culprit: string | null;
  /** The newest verdict that says something of the code under test (pass, fail or build-error); null: there never was one. */
  readonly decided: { readonly verdict: Verdict; readonly run: string; readonly atMs: number; readonly reason: string } | null;
  /** Where `decided` is red: the first run of this red time, and the last that passed before it; null: none did. */
  readonly red: { readonly first: string; readonly firstMs: number; readonly runs: number; readonly lastGood: string | null } | null;
  /** Bench errors since the newest verdict that is none. */
  readonly benchErrors: number;
  /** The same image of the same commit both passed and failed not long ago. */
  readonly flaky: { readonly passed: number; readonly failed: number; readonly commit: string | null; readonly image: string } | null;
  readonly strip: string;
  readonly layers: boolean;
  readonly metrics: readonly string[];
  /** Not run for long, while its suite ran on the device. */
  readonly gone: boolean;
}

/** How a bench and a device of it do their work, whatever they find. */
export interface BenchData {
  readonly bench: string;
  readonly device: string;
  /** [day as YYYY-MM-DD, cases, bench errors, repeated attempts, lost ms], days without cases left out, oldest first. */
  readonly days: readonly (readonly [string, number, number, number, number])[];
  readonly codes: readonly { readonly code: string; readonly count: number; readonly lastMs: number; readonly reason: string }[];
  readonly recent: readonly { readonly run: string; readonly atMs: number; readonly case: string; readonly code: string; readonly reason: string }[];
  readonly lastMs: number;
  readonly lastGoodMs: number | null;
}

export interface RegressionsData {
  /** Why nothing could be judged; '' where it was. */
  readonly note: string;
  readonly series: number;
  readonly count: number;
  /** The largest; all of them are in the file "regressions", as {open}. */
  readonly open: readonly RegressionData[];
}

/** As harness/history/regressions/ judges it; what is worse and was neither undone nor accepted. */
export interface RegressionData {
  readonly suite: string;
  readonly case: string;
  readonly device: string;
  readonly metric: string;
  readonly unit: string;
  readonly quality: Quality;
  readonly before: number;
  readonly after: number;
  /** Newer over older. */
  readonly ratio: number | null;
  readonly lastGood: PlaceData | null;
  readonly firstBad: PlaceData;
  /** How sure, in words. */
  readonly evidence: string;
}
export interface PlaceData { readonly run: string; readonly id: string; readonly atMs: number; readonly commit: string | null }

/** A change of one series, for the chart. */
export interface ChangeData {
  readonly metric: string;
  readonly run: string;
  readonly direction: 'worse' | 'better';
  readonly state: 'open' | 'accepted' | 'undone' | 'better';
  readonly before: number;
  readonly after: number;
  readonly lastGood: PlaceData | null;
  readonly evidence: string;
}

export interface QuarantineData {
  readonly kind: 'device' | 'case';
  readonly name: string;
  /** Of a case. */
  readonly suite: string | null;
  readonly device: string | null;
  readonly reason: string;
  /** YYYY-MM-DD, its last day; null: not told. */
  readonly until: string | null;
  readonly by: string | null;
  readonly from: string;
}

/** Figures of a case on a device. Columns, since there are thousands of them. */
export interface SeriesData {
  /** Oldest first; text by its place in `texts` (-1: none). flags: 1 files differed from the commit, 2 pull request. */
  readonly runs: readonly (readonly [key: string, id: string, atMs: number, commit: number, subject: number, branch: number, flags: number])[];
  readonly texts: readonly string[];
  readonly metrics: readonly MetricData[];
  readonly leftOut: number;
  readonly changes: readonly ChangeData[];
  readonly baselines: readonly { readonly metric: string; readonly likeness: number; readonly value: number; readonly unit: string; readonly atMs: number; readonly run: string; readonly reason: string; readonly by: string }[];
}
export interface MetricData {
  readonly metric: string;
  readonly unit: string;
  readonly quality: Quality;
  readonly exact: boolean;
  readonly better: 'lower' | 'higher';
  /** Places in `runs`. */
  readonly at: readonly number[];
  readonly values: readonly number[];
  /** By point, places in `texts`: [of the first point it holds for, text], for likeness, model, generator. */
  readonly likeness: readonly (readonly [number, number])[];
  readonly model: readonly (readonly [number, number])[];
  readonly generator: readonly (readonly [number, number])[];
}

/** Layers of a case on a device, over its newest runs. */
export interface LayersData {
  readonly runs: SeriesData['runs'];
  readonly texts: readonly string[];
  readonly verdicts: string;
  /** [index, operator, name] */
  readonly layers: readonly (readonly [number, string, string])[];
  readonly unit: string;
  /** [run, layer, compared, mismatched, own (null: not known), largest difference] of those that differ or were not compared. */
  readonly wrong: readonly (readonly [number, number, number, number, number | null, number | null])[];
  /** By layer: costs by run, null: none; [run] missing at the end: none. */
  readonly cost: readonly (readonly (number | null)[])[];
  /** By run, whether there are layers at all. */
  readonly there: string;
  readonly leftOut: number;
}

/** One letter a verdict, for strips. */
export const LETTERS: Readonly<Record<Verdict, string>> = { pass: 'p', fail: 'f', 'build-error': 'e', 'bench-error': 'b', skipped: 's', interrupted: 'i' };
