import { Parser } from 'tap-parser';
import type { FinalResults, Result } from 'tap-parser';

export interface Failure { readonly name: string; readonly diag: unknown }

/** What a TAP stream really contains. A test point that only sums up a subtest is not counted again. */
export interface Counts {
  passed: number;
  failed: number;
  /** Skipped and to-do points: neither says anything about the code. */
  skipped: number;
  readonly failures: Failure[];
  readonly skipReasons: string[];
}

export function emptyCounts(): Counts {
  return { passed: 0, failed: 0, skipped: 0, failures: [], skipReasons: [] };
}

/**
 * A parser that counts into `counts` as TAP is written to it; `complete` fires at its end.
 * The counting is by leaves, because tap's own totals count a subtest once for each level.
 */
export function countingParser(counts: Counts): Parser {
  const parser = new Parser();
  watch(parser, counts, '');
  return parser;
}

/** Returns a function that says how many points below this parser have failed so far. */
function watch(parser: Parser, counts: Counts, path: string): () => number {
  let child: { failed: () => number; points: () => number } | null = null;
  let failed = 0;
  let points = 0;
  parser.on('child', (sub: Parser) => {
    let seen = 0;
    sub.on('assert', () => { seen += 1; });
    const failures = watch(sub, counts, path === '' ? sub.name : `${path} > ${sub.name}`);
    child = { failed: failures, points: () => seen };
  });
  parser.on('assert', (result: Result) => {
    points += 1;
    const summary = child;
    child = null;
    if (summary !== null && summary.points() > 0) {
      failed += summary.failed();
      // The points are right but the whole is not: a wrong plan, an exception after the last point, a timeout.
      if (result.ok || isExcused(result) || summary.failed() > 0) return;
    }
    const where = path === '' ? result.name : `${path} > ${result.name}`;
    if (isExcused(result)) {
      counts.skipped += 1;
      counts.skipReasons.push(`${where}: ${String(result.skip || result.todo)}`);
    } else if (result.ok) counts.passed += 1;
    else {
      failed += 1;
      counts.failed += 1;
      counts.failures.push({ name: where, diag: result.diag });
    }
  });
  parser.on('complete', (final: FinalResults) => {
    // tap-parser gives an empty stream, and tap a file without a test, this reason: nobody decided to skip those.
    const reason = String(final.plan.skipReason);
    if (path !== '' || points > 0 || !final.plan.skipAll || reason === '' || reason === 'no tests found') return;
    counts.skipped += 1;
    counts.skipReasons.push(reason);
  });
  return () => failed;
}

function isExcused(result: Result): boolean {
  return result.skip !== false || result.todo !== false;
}

/** The closing line of `npm test`. */
export function closingLine(counts: { passed: number; failed: number; skipped: number }): string {
  return `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`;
}
