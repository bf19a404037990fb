import type { CellData, QuarantineData } from './site-data.ts';

/** As hil writes the reason of a skipped case; see quarantineText and quarantineReason. */
const SKIPPED = /^(.*) \(quarantined until (\d{4}-\d{2}-\d{2})(?:, by (.*))?\)$/s;

interface Told { readonly cell: CellData; readonly reason: string; readonly until: string | null; readonly by: string | null }

/** Quarantines that the newest verdicts tell of, with those that the caller knows; the one that ends first comes first. */
export function quarantinesOf(cells: readonly CellData[], given: readonly QuarantineData[]): QuarantineData[] {
  const here = cells.filter(({ gone }) => !gone);
  const told = here.filter(({ verdict }) => verdict === 'skipped').map((cell): Told => {
    const [, reason = cell.reason, until = null, by = null] = SKIPPED.exec(cell.reason) ?? [];
    return { cell, reason, until, by };
  });
  const known = new Set(given.map(({ name, until, reason }) => JSON.stringify([name, until, reason])));
  // A device in quarantine skips all of its cases for one reason: it is told once.
  const devices = groups(told, ({ cell, reason, until, by }) => [cell.device, reason, until, by]).filter((all) => all.length > 1 && all.length === here.filter(({ device }) => device === all[0]!.cell.device).length);
  const ofDevices = new Set(devices.flat());
  const cases = groups(told.filter((one) => !ofDevices.has(one)), ({ cell, reason, until, by }) => [cell.suite, cell.case, reason, until, by]);
  const found = [
    ...devices.map((all): QuarantineData => ({ ...factsOf(all), kind: 'device', name: all[0]!.cell.device, suite: null, device: null })),
    ...cases.map((all): QuarantineData => ({ ...factsOf(all), kind: 'case', name: all[0]!.cell.case, suite: all[0]!.cell.suite, device: all.map(({ cell }) => cell.device).join(', ') })),
  ].filter(({ kind, name, device, until, reason }) => !known.has(JSON.stringify([kind === 'device' ? name : device, until, reason])));
  return [...given, ...found].sort((a, b) => text(a.until ?? '9', b.until ?? '9') || text(a.name, b.name));
}

function groups(told: readonly Told[], key: (one: Told) => readonly unknown[]): Told[][] {
  const all = new Map<string, Told[]>();
  for (const one of told) all.set(JSON.stringify(key(one)), [...(all.get(JSON.stringify(key(one))) ?? []), one]);
  return [...all.values()];
}

function factsOf(all: readonly Told[]): Pick<QuarantineData, 'reason' | 'until' | 'by' | 'from'> {
  const { reason, until, by } = all[0]!;
  return { reason, until, by, from: 'newest report' };
}

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
