import type { ScannedCase } from './scan-cases.ts';
import { cellKey, shortKey } from './cell.ts';
import type { BenchData } from './site-data.ts';

const MOST_DAYS = 400;
const MOST_CODES = 12;
const MOST_RECENT = 20;
/** Of the same code, the newest reason is shown; older than this before the newest run it is not counted. */
const CODES_MS = 90 * 86_400_000;

interface Day { cases: number; errors: number; retries: number; lostMs: number }
interface Health {
  readonly bench: string;
  readonly device: string;
  readonly days: Map<string, Day>;
  readonly errors: { readonly run: string; readonly atMs: number; readonly case: string; readonly code: string; readonly reason: string }[];
  lastMs: number;
  lastGoodMs: number | null;
}

/** What benches and devices do to the runs, apart from what the code under test does. Time lost: cases that ended in bench errors, and attempts that were repeated. */
export class BenchHealth {
  readonly #all = new Map<string, Health>();

  add({ row, run }: ScannedCase): void {
    // Quarantined: the device was not touched.
    if (row.verdict === 'skipped') return;
    const { bench } = run.source;
    const key = cellKey(bench, row.device);
    const health = this.#all.get(key) ?? { bench, device: row.device, days: new Map<string, Day>(), errors: [], lastMs: 0, lastGoodMs: null };
    this.#all.set(key, health);
    const name = new Date(run.startedAtMs).toISOString().slice(0, 10);
    const day = health.days.get(name) ?? { cases: 0, errors: 0, retries: 0, lostMs: 0 };
    health.days.set(name, day);
    const failed = row.verdict === 'bench-error';
    day.cases += 1;
    day.errors += failed ? 1 : 0;
    day.retries += row.retries;
    day.lostMs += (failed ? row.durationMs : 0) + row.lostMs;
    health.lastMs = run.startedAtMs;
    if (failed) health.errors.push({ run: shortKey(run.key), atMs: run.startedAtMs, case: row.name, code: row.endCode ?? 'unknown', reason: row.reason.slice(0, 300) });
    else if (row.verdict !== 'interrupted') health.lastGoodMs = run.startedAtMs;
  }

  data(): BenchData[] {
    const newest = Math.max(0, ...[...this.#all.values()].map(({ lastMs }) => lastMs));
    return [...this.#all.values()].map((health): BenchData => ({
      bench: health.bench, device: health.device, lastMs: health.lastMs, lastGoodMs: health.lastGoodMs,
      days: [...health.days].slice(-MOST_DAYS).map(([day, { cases, errors, retries, lostMs }]) => [day, cases, errors, retries, Math.round(lostMs)] as const),
      codes: codesOf(health.errors.filter(({ atMs }) => atMs > newest - CODES_MS)), recent: health.errors.slice(-MOST_RECENT).reverse(),
    })).sort((a, b) => (a.bench < b.bench ? -1 : a.bench > b.bench ? 1 : a.device < b.device ? -1 : 1));
  }
}

function codesOf(errors: Health['errors']): BenchData['codes'] {
  const byCode = new Map<string, { code: string; count: number; lastMs: number; reason: string }>();
  for (const { code, atMs, reason } of errors) {
    const known = byCode.get(code) ?? { code, count: 0, lastMs: 0, reason };
    byCode.set(code, { code, count: known.count + 1, lastMs: atMs, reason });
  }
  return [...byCode.values()].sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)).slice(0, MOST_CODES);
}
