import type { Report, RunSource, Verdict, Quality } from '../report/index.ts';

/**
 * Runs over time. One implementation over SQL (node:sqlite or PostgreSQL); everything else of this room reads through it.
 * Text in rows is untrusted. Times are ms since 1970 UTC.
 */
export interface History {
  /** For messages: the file, or the server without its password. */
  readonly where: string;
  /**
   * Lands a run; the same report twice is one run.
   * @returns its key @throws HilError 'bench' history.*
   */
  add(run: NewRun): Promise<{ readonly key: string; readonly added: boolean }>;
  /** Newest first. */
  runs(filter: RunFilter): Promise<RunRow[]>;
  /** Cases of the runs that the filter means, newest run first. */
  cases(filter: RunFilter): Promise<CaseRow[]>;
  /** Figures of the cases that the filter means, oldest first. @param metric exact name; absent: all */
  points(filter: RunFilter, metric?: string): Promise<MetricPoint[]>;
  /** Layers of the cases that the filter means, oldest run first. */
  layers(filter: RunFilter): Promise<LayerRow[]>;
  /** null: no such run. @param key whole, or its first 8 digits or more, or the run's id @throws HilError 'config' history.ambiguous */
  report(key: string): Promise<Report | null>;
  /** The newest first. */
  baselines(): Promise<Baseline[]>;
  /** @param baseline with its time where it comes from another history; else now */
  accept(baseline: Omit<Baseline, 'acceptedAt'> & { readonly acceptedAt?: string }): Promise<void>;
  /** Everything, for export: one object a run, oldest first; a report at a time is in memory. */
  export(filter: RunFilter): AsyncIterable<ExportedRun>;
  /**
   * Deletes runs that began before a time, but neither those that a baseline points at nor those in `keep`.
   * @param options.keep keys, see runsOfOpenRegressions() @returns how many; with `dry` how many it would
   */
  prune(beforeMs: number, options?: { readonly dry?: boolean; readonly keep?: ReadonlySet<string>; readonly signal?: AbortSignal }): Promise<{ readonly deleted: number; readonly kept: number }>;
  close(): Promise<void>;
}

export interface NewRun {
  readonly report: Report;
  /** Folder of the run on the computer that made it, absolute; null: not kept. */
  readonly dir: string | null;
}

/** One line of an export. Its key is that of the report, so that an import finds what is there already. */
export interface ExportedRun {
  readonly schema: 'hil-history/1';
  readonly key: string;
  readonly dir: string | null;
  readonly report: unknown;
  readonly baselines?: readonly Baseline[];
}

/** All that is given must hold. Text is compared exactly but where said. */
export interface RunFilter {
  /** Key, its first 8 digits or more, or the run's id. */
  readonly run?: string;
  /** Commit id or its first 4 digits or more. */
  readonly commit?: string;
  readonly branch?: string;
  readonly pullRequest?: number;
  /** Globs (* and ?). */
  readonly suite?: string;
  readonly case?: string;
  readonly device?: string;
  /** Name, or "name version". */
  readonly generator?: string;
  /** SHA-256 of the model or its first digits. */
  readonly model?: string;
  readonly verdict?: Verdict;
  readonly bench?: string;
  /** startedAt >= since, < until. */
  readonly sinceMs?: number;
  readonly untilMs?: number;
  /** The newest so many runs. */
  readonly limit?: number;
}

export interface RunRow {
  /** SHA-256 of the report's canonical bytes. */
  readonly key: string;
  readonly id: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly verdict: Verdict;
  readonly suite: string;
  readonly hilVersion: string;
  readonly source: RunSource;
  readonly dir: string | null;
  readonly devices: readonly string[];
  /** Cases by verdict, zeros left out. */
  readonly counts: Readonly<Partial<Record<Verdict, number>>>;
}

export interface CaseRow {
  readonly run: string;
  readonly runId: string;
  readonly startedAtMs: number;
  readonly commit: string | null;
  readonly suite: string;
  /** Place in the report. */
  readonly index: number;
  readonly name: string;
  readonly device: string;
  readonly deviceKind: string;
  readonly verdict: Verdict;
  readonly durationMs: number;
  /** The first. */
  readonly reason: string;
  readonly endCode: string | null;
  /** Attempts before it that ended in bench errors. */
  readonly retries: number;
  /** Wall time of those attempts together, ms; not in durationMs. */
  readonly lostMs: number;
  readonly modelSha256: string | null;
  readonly generator: string | null;
  readonly imageSha256: string | null;
  /** First layer that is wrong by itself, "#3 CONV_2D name"; null: none. */
  readonly culprit: string | null;
}

/** One figure of one case in one run. */
export interface MetricPoint {
  readonly run: string;
  readonly runId: string;
  readonly startedAtMs: number;
  readonly commit: string | null;
  readonly committedAtMs: number | null;
  readonly branch: string | null;
  readonly dirty: boolean;
  readonly suite: string;
  readonly case: string;
  readonly device: string;
  /** See metrics-of-case.ts: 'latency', 'flash', 'ram', 'arena', 'stack', 'energy', 'mismatched', 'counter:NAME', 'output:NAME:METRIC', ... */
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly quality: Quality;
  /** Repeats to the last digit where nothing has changed (instructions, bytes, elements): any change is one. */
  readonly exact: boolean;
  readonly better: 'lower' | 'higher';
  /** Hash of all that must be the same for two figures to be compared: device, core, clock, compiler, flags, quality, unit, source. */
  readonly likeness: string;
  /** What went into the hash, for people: "device qemu-m55; clock 25000000 Hz; arm-none-eabi-gcc 12.2.1 -O2". */
  readonly likenessText: string;
  /** For markers: what changed together with the figure. */
  readonly modelSha256: string | null;
  readonly generator: string | null;
  readonly imageSha256: string | null;
  readonly hilVersion: string;
}

export interface LayerRow {
  readonly run: string;
  readonly startedAtMs: number;
  readonly commit: string | null;
  readonly suite: string;
  readonly case: string;
  readonly device: string;
  readonly layer: number;
  readonly op: string;
  readonly name: string;
  readonly compared: number;
  readonly mismatched: number;
  /** By itself; null: not known. */
  readonly ownMismatched: number | null;
  readonly maxAbsDiff: number | null;
  readonly cost: number | null;
  readonly unit: string;
}

/** A figure that somebody has accepted: what is not worse than it is no regression, until the figure has been better in between. */
export interface Baseline {
  readonly suite: string;
  readonly case: string;
  readonly device: string;
  readonly metric: string;
  readonly likeness: string;
  readonly value: number;
  readonly unit: string;
  /** Run that has the figure. */
  readonly run: string;
  readonly commit: string | null;
  readonly reason: string;
  readonly by: string;
  readonly acceptedAt: string;
}
