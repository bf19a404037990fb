import { HilError } from '../errors.ts';
import type { RunFilter } from '../history/index.ts';
import type { Verdict } from '../report/index.ts';
import { wholeNumber } from './whole-number.ts';

/** The filter options of every command that reads the history, as the command line gives them; see commands/over-time.ts. */
export interface FilterOptions {
  readonly run?: string;
  readonly commit?: string;
  readonly branch?: string;
  readonly pullRequest?: string;
  readonly suite?: string;
  readonly case?: string;
  readonly device?: string;
  readonly generator?: string;
  readonly model?: string;
  readonly verdict?: Verdict;
  readonly bench?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit?: string;
}

const MOST_RUNS = 1_000_000;
const LEAST_COMMIT = 4;

/**
 * @param now for --since 30d
 * @throws HilError 'config' cli.* where an option says nothing that can be meant
 */
export function historyFilter(options: FilterOptions, now: Date = new Date()): RunFilter {
  const { run, commit, branch, pullRequest, suite, case: name, device, generator, model, verdict, bench, since, until, limit } = options;
  if (commit !== undefined) hexDigits('--commit', commit, LEAST_COMMIT, 64);
  if (model !== undefined) hexDigits('--model', model, 1, 64);
  const texts = { run, commit, branch, suite, case: name, device, generator, model, bench };
  for (const [option, text] of Object.entries(texts)) if (text === '') throw new HilError('config', 'cli.empty', `--${option}: expected something, got ""`);
  const sinceMs = since === undefined ? undefined : timeOf('--since', since, now);
  const untilMs = until === undefined ? undefined : timeOf('--until', until, now);
  if (sinceMs !== undefined && untilMs !== undefined && sinceMs >= untilMs) throw new HilError('config', 'cli.period', `--since ${since} is not before --until ${until}`);
  return given({
    ...texts, pullRequest: pullRequest === undefined ? undefined : wholeNumber('--pull-request', pullRequest, 1, 2 ** 31), verdict, sinceMs, untilMs,
    limit: limit === undefined ? undefined : wholeNumber('--limit', limit, 1, MOST_RUNS),
  });
}

/** Only what was said: an absent option asks nothing. */
function given(filter: { readonly [key in keyof RunFilter]-?: RunFilter[key] | undefined }): RunFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as RunFilter;
}

function hexDigits(option: string, text: string, least: number, most: number): void {
  if (!/^[0-9a-f]+$/i.test(text) || text.length < least || text.length > most) {
    throw new HilError('config', 'cli.digits', `${option}: expected ${least} to ${most} hex digits, got "${text}"`);
  }
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** Ms since 1970 UTC: of a day (its beginning, UTC), a time with its zone (UTC where it has none), or so long before `now`. */
export function timeOf(option: string, text: string, now: Date): number {
  const ago = /^(\d{1,6})([mhdw])$/.exec(text);
  if (ago !== null) return now.getTime() - Number(ago[1]) * (UNITS[ago[2] as string] as number);
  const written = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(text);
  const [, day = '', time = '00:00', zone = 'Z'] = written ?? [];
  const value = written === null ? Number.NaN : Date.parse(`${day}T${time}${zone.toUpperCase()}`);
  // Date.parse takes 31 February for 3 March.
  if (Number.isNaN(value) || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day) {
    throw new HilError('config', 'cli.time', `${option}: expected a day (2026-11-21), a time (2026-11-21T17:00Z) or so long ago (90m, 12h, 30d, 4w), got "${text}"`);
  }
  return value;
}
