import { toFileForm, type CaseReport, type Report } from '../report/index.ts';

/** One place where two reports differ; the values as JSON, shortened. */
export interface Difference {
  /** e.g. "cases[0].layers[1].own.mismatched" */
  readonly path: string;
  readonly recorded: string;
  readonly replayed: string;
}

/** What tells a replay from the run itself, and may differ: who ran it, when, where and with which command. */
const OF_THE_RUN: ReadonlySet<string> = new Set(['run.id', 'run.startedAt', 'run.command', 'run.hostFingerprint', 'run.hilVersion', 'run.source']);
const MOST_DIFFERENCES = 200;
const SHOWN_CHARACTERS = 160;

/**
 * Where two reports differ, beyond OF_THE_RUN; in the order of the file, at most 200.
 */
export function compareReports(recorded: Report, replayed: Report): Difference[] {
  const found: Difference[] = [];
  const walk = (a: unknown, b: unknown, path: string): void => {
    if (OF_THE_RUN.has(path) || found.length >= MOST_DIFFERENCES || Object.is(a, b)) return;
    if (isRecord(a) && isRecord(b) && Array.isArray(a) === Array.isArray(b)) {
      const list = Array.isArray(a);
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) walk(a[key], b[key], list ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);
      return;
    }
    found.push({ path, recorded: shown(a), replayed: shown(b) });
  };
  walk(toFileForm(recorded), toFileForm(replayed), '');
  return found;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function shown(value: unknown): string {
  const text = value === undefined ? '(absent)' : JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text;
}

/** Puts the recorded times into a replayed report: what the host's clock and the line said then cannot be had again. */
export function withRecordedTimes(replayed: Report, recorded: Report): Report {
  const timed = (one: CaseReport): CaseReport => {
    const then = recorded.cases.find((each) => each.name === one.name && each.device === one.device);
    if (then === undefined) return one;
    const attempts = one.attempts?.map((each, k) => ({ ...each, startedAt: then.attempts?.[k]?.startedAt ?? each.startedAt, durationMs: then.attempts?.[k]?.durationMs ?? each.durationMs }));
    return { ...one, durationMs: then.durationMs, link: then.link, ...(attempts === undefined ? {} : { attempts }) };
  };
  return { ...replayed, run: { ...replayed.run, durationMs: recorded.run.durationMs, phases: recorded.run.phases }, cases: replayed.cases.map(timed) };
}
