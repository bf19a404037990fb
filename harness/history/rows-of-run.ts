import { createHash } from 'node:crypto';
import { HilError } from '../errors.ts';
import type { CaseReport, LayerReport, Report, Verdict } from '../report/index.ts';
import { figuresOfCase, type Figure } from './metrics-of-case.ts';
import type { SqlValue } from './sql/database.ts';

/** PostgreSQL's indexes take entries of 2.7 kB at most, and nobody reads longer names. */
const MOST_NAME = 300;
const MOST_TEXT = 1000;

/** Untrusted text as both databases can hold it: no NUL, no half characters, bounded. */
export function storedText(text: string, most: number = MOST_TEXT): string {
  return text.slice(0, most).toWellFormed().replaceAll('\0', '\ufffd');
}
export const storedName = (text: string): string => storedText(text, MOST_NAME);
const orNull = <T>(value: T | null | undefined, convert: (value: T) => SqlValue): SqlValue => (value === null || value === undefined ? null : convert(value));

/** Counts as a column of whole numbers takes them. */
function whole(value: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(Math.round(value), -Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER) : 0;
}

const real = (value: number | null): SqlValue => (value === null || !Number.isFinite(value) ? null : value);

export const RUN_COLUMNS = ['key', 'run_id', 'started_at', 'duration_ms', 'verdict', 'suite', 'hil_version', 'commit_id', 'committed_at', 'subject', 'branch', 'dirty',
  'pull_request', 'job_url', 'bench', 'dir', 'devices', 'counts'] as const;

/** @throws HilError 'config' history.bad-run where the run does not tell when it was */
export function runRow(key: string, report: Report, dir: string | null): SqlValue[] {
  const { run, suite, verdict } = report;
  const startedAt = Date.parse(run.startedAt);
  if (Number.isNaN(startedAt)) throw new HilError('config', 'history.bad-run', `startedAt of the run is no time: ${JSON.stringify(run.startedAt.slice(0, 50))}`);
  const source = run.source ?? null;
  const counts: Partial<Record<Verdict, number>> = {};
  for (const one of report.cases) counts[one.verdict] = (counts[one.verdict] ?? 0) + 1;
  return [key, storedName(run.id), startedAt, real(run.durationMs) ?? 0, verdict, storedName(suite.name), storedName(run.hilVersion), orNull(source?.commit, storedName), orNull(source?.committedAt, storedName),
    orNull(source?.subject, storedText), orNull(source?.branch, storedName), source?.dirty === true ? 1 : 0, orNull(source?.pullRequest, whole), orNull(source?.jobUrl, storedText),
    storedName(source?.bench ?? ''), orNull(dir, (text) => storedText(text, 4096)), JSON.stringify(report.devices.map(({ id }) => storedName(id))), JSON.stringify(counts)];
}

export const CASE_COLUMNS = ['run', 'idx', 'name', 'device', 'device_kind', 'verdict', 'duration_ms', 'reason', 'end_code', 'retries', 'lost_ms', 'model_sha256', 'generator_name', 'generator', 'image_sha256', 'culprit'] as const;

export function caseRows(run: number, report: Report): SqlValue[][] {
  return report.cases.map((one, index) => [run, index, storedName(one.name), storedName(one.device), report.devices.find(({ id }) => id === one.device)?.kind ?? '', one.verdict,
    real(one.durationMs) ?? 0, storedText(one.reasons[0] ?? ''), orNull(one.endCode, storedName), one.attempts?.length ?? 0,
    (one.attempts ?? []).reduce((sum, { durationMs }) => sum + (real(durationMs) as number | null ?? 0), 0), orNull(one.model, ({ sha256 }) => storedName(sha256)),
    orNull(one.generator, ({ name }) => storedName(name)), orNull(one.generator, ({ name, version }) => storedName(`${name} ${version}`)), orNull(one.image, ({ sha256 }) => storedName(sha256)), culprit(one)]);
}

/** "#3 CONV_2D name" of the first layer that is wrong by itself. */
function culprit({ layers }: CaseReport): string | null {
  const found = layers.find(({ own }) => own !== null && own.mismatched > 0);
  return found === undefined ? null : storedName(`#${found.index} ${found.op} ${found.name}`.trim());
}

export const SERIES_COLUMNS = ['digest', 'suite', 'name', 'device', 'metric', 'unit', 'quality', 'exact', 'better', 'likeness', 'likeness_text'] as const;
export const POINT_COLUMNS = ['series', 'run', 'idx', 'value'] as const;

/** Figures with the series that each belongs to. */
export function pointsOf(report: Report): { readonly index: number; readonly series: readonly SqlValue[]; readonly value: number }[] {
  return report.cases.flatMap((one, index) => figuresOfCase(report, one).map((figure) => ({ index, series: seriesRow(report, one, figure), value: figure.value })));
}

function seriesRow(report: Report, one: CaseReport, figure: Figure): SqlValue[] {
  const facts = [storedName(report.suite.name), storedName(one.name), storedName(one.device), storedName(figure.metric), storedName(figure.unit), figure.quality, figure.exact ? 1 : 0, figure.better, figure.likeness, storedText(figure.likenessText)];
  return [digestOf(facts), ...facts];
}

export const LAYER_NAME_COLUMNS = ['digest', 'op', 'name', 'unit'] as const;
export const LAYER_COLUMNS = ['run', 'idx', 'layer', 'named', 'compared', 'mismatched', 'own_mismatched', 'max_abs_diff', 'cost'] as const;

/** A layer whose index has come already (a report from elsewhere may hold anything) is left out. */
export function layersOf(report: Report): { readonly index: number; readonly named: readonly SqlValue[]; readonly figures: readonly SqlValue[] }[] {
  return report.cases.flatMap(({ layers }, index) => {
    const seen = new Set<number>();
    return layers.filter(({ index: layer }) => !seen.has(whole(layer)) && seen.add(whole(layer)) !== undefined).map((layer) => ({ index, named: layerNameRow(layer), figures: layerFigures(layer) }));
  });
}

function layerNameRow({ op, name, cost }: LayerReport): SqlValue[] {
  const facts = [storedName(op), storedName(name), storedName(cost.unit)];
  return [digestOf(facts), ...facts];
}

function layerFigures({ index, compared, mismatched, own, maxAbsDiff, cost }: LayerReport): SqlValue[] {
  return [whole(index), whole(compared), whole(mismatched), own === null ? null : whole(own.mismatched), real(maxAbsDiff), real(cost.value)];
}

function digestOf(facts: readonly SqlValue[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
}
