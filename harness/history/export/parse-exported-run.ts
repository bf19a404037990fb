import { HilError } from '../../errors.ts';
import { fromFileForm, validateReport } from '../../report/index.ts';
import { canonicalReport } from '../canonical.ts';
import type { Baseline, NewRun } from '../history.ts';

/** More were never accepted of one run. */
const MOST_BASELINES = 10_000;
const MOST_DIR = 4096;
const TEXTS = ['suite', 'case', 'device', 'metric', 'likeness', 'unit', 'run', 'reason', 'by', 'acceptedAt'] as const;

export interface ParsedRun {
  readonly run: NewRun;
  readonly baselines: readonly Baseline[];
}

/**
 * A run out of a file from elsewhere: a line of an export, or a report. Nothing of it is believed: the report must be one by its schema,
 * its key is computed anew, and one that is told beside it must be that.
 * @param dir of a bare report: its folder
 * @throws HilError 'config' history.bad-run
 */
export function parseExportedRun(value: unknown, dir: string | null): ParsedRun {
  if (typeof value !== 'object' || value === null) throw bad('it is neither a run of a history nor a report');
  const line = value as Readonly<Record<string, unknown>>;
  if (line['schema'] === 'hil-report/1') return { run: { report: reportOf(value), dir }, baselines: [] };
  if (line['schema'] !== 'hil-history/1') throw bad(`its schema is ${shown(line['schema'])}, not hil-history/1 or hil-report/1`);
  const report = reportOf(line['report']);
  const { key } = canonicalReport(report);
  if (line['key'] !== key) throw bad(`its key is ${shown(line['key'])}, its report has ${key.slice(0, 16)}...: one of them was altered`);
  const from = line['dir'] ?? null;
  if (from !== null && (typeof from !== 'string' || from.length > MOST_DIR)) throw bad('its dir is no path');
  return { run: { report, dir: from }, baselines: baselinesOf(line['baselines'], key) };
}

function reportOf(value: unknown): NewRun['report'] {
  const [first] = validateReport(value);
  if (first !== undefined) throw bad(`its report is no hil-report/1: ${first}`);
  const report = fromFileForm(value);
  if (Number.isNaN(Date.parse(report.run.startedAt))) throw bad(`its startedAt is no time: ${shown(report.run.startedAt)}`);
  return report;
}

function baselinesOf(value: unknown, key: string): Baseline[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > MOST_BASELINES) throw bad('its baselines are no list');
  return value.map((one: unknown) => {
    const baseline = one as Readonly<Record<string, unknown>> | null;
    if (typeof baseline !== 'object' || baseline === null || TEXTS.some((name) => typeof baseline[name] !== 'string') || !Number.isFinite(baseline['value'])
      || (baseline['commit'] !== null && typeof baseline['commit'] !== 'string') || Number.isNaN(Date.parse(baseline['acceptedAt'] as string))) throw bad('a baseline of it is none');
    if (baseline['run'] !== key) throw bad('a baseline of it is of another run');
    const { suite, case: name, device, metric, likeness, unit, run, reason, by } = baseline as unknown as Baseline;
    return { suite, case: name, device, metric, likeness, value: baseline['value'] as number, unit, run, commit: baseline['commit'] as string | null, reason, by, acceptedAt: new Date(baseline['acceptedAt'] as string).toISOString() };
  });
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'not there').slice(0, 60);

function bad(why: string): HilError {
  return new HilError('config', 'history.bad-run', why);
}
