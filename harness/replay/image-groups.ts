import type { PlannedCase } from '../run/index.ts';
import type { RecordedRun } from './read-run.ts';

/**
 * The cases of a device as the run took them together: those of a group shared an image and a session, where it built.
 * Groups of one where cases were not packed.
 */
export function imageGroups({ cases, record }: Pick<RecordedRun, 'cases' | 'record'>, device: string): PlannedCase[][] {
  const meant = cases.filter(({ devices }) => devices === null || devices.includes(device));
  return Array.from({ length: Math.ceil(meant.length / record.pack) }, (_, g) => meant.slice(g * record.pack, (g + 1) * record.pack));
}
