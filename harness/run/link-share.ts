import type { LinkStats } from '../link/index.ts';

const FIELDS = ['bytesToDevice', 'bytesFromDevice', 'framesSent', 'framesReceived', 'resent', 'damaged', 'damagedOnDevice', 'stale', 'textBytes', 'seconds', 'runSeconds'] as const satisfies readonly (keyof LinkStats)[];

/** The figures of a link as they are now; the link's own go on counting. */
export function snapshot(stats: LinkStats): LinkStats {
  return Object.fromEntries(FIELDS.map((field) => [field, stats[field]])) as unknown as LinkStats;
}

/** What has been counted since `before` (null: since the link was opened): one case's share of a session. */
export function statsSince(before: LinkStats | null, now: LinkStats): LinkStats {
  return Object.fromEntries(FIELDS.map((field) => [field, now[field] - (before?.[field] ?? 0)])) as unknown as LinkStats;
}
