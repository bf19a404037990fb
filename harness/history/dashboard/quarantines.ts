import type { CellData, QuarantineData } from './site-data.ts';

/** As hil writes the reason of a skipped case; see quarantineText and quarantineReason. */
const SKIPPED = /^(.*) \(quarantined until (\d{4}-\d{2}-\d{2})(?:, by (.*))?\)$/s;

/** Quarantines that the newest verdicts tell of, with those that the caller knows; the one that ends first comes first. */
export function quarantinesOf(cells: readonly CellData[], given: readonly QuarantineData[]): QuarantineData[] {
  const known = new Set(given.filter(({ kind }) => kind === 'device').map(({ name, until, reason }) => JSON.stringify([name, until, reason])));
  const told = cells.filter(({ verdict, gone }) => verdict === 'skipped' && !gone).flatMap((cell): QuarantineData[] => {
    const [, reason = cell.reason, until = null, by = null] = SKIPPED.exec(cell.reason) ?? [];
    // A device in quarantine skips all of its cases: it is told once.
    if (known.has(JSON.stringify([cell.device, until, reason]))) return [];
    return [{ kind: 'case', name: cell.case, suite: cell.suite, device: cell.device, reason, until, by, from: 'newest report' }];
  });
  return [...given, ...told].sort((a, b) => ((a.until ?? '9') < (b.until ?? '9') ? -1 : (a.until ?? '9') > (b.until ?? '9') ? 1 : a.name < b.name ? -1 : 1));
}
