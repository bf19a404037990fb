import { HilError } from '../errors.ts';
import { imageGroups, type RecordedRun } from '../replay/index.ts';
import { matchesGlob } from '../run/index.ts';

/** A case on a device. */
export interface Cell {
  readonly case: string;
  readonly device: string;
}

/** A cut of a run, and why it is no smaller. */
export interface Cut {
  readonly cells: readonly Cell[];
  /** Why there is more in it than was asked for; null: there is not. */
  readonly wider: string | null;
}

/**
 * Which cells go into a bundle: what was asked for, else all that are no pass, else all. Then wider and wider cuts for a run of
 * which no less can be replayed: whole groups of cases that share an image, whole devices, the whole run.
 * @throws HilError 'config' bundle.no-case
 */
export function chooseCuts(run: Pick<RecordedRun, 'report' | 'record' | 'cases'>, wanted: { readonly case: string | null; readonly device: string | null }): readonly Cut[] {
  const all: Cell[] = run.report.cases.map(({ name, device }) => ({ case: name, device }));
  const named = run.report.cases.filter(({ name, device }) => (wanted.case === null || name === wanted.case || matchesGlob(wanted.case, name)) && (wanted.device === null || device === wanted.device));
  if (named.length === 0) {
    throw new HilError('config', 'bundle.no-case', `the run has no case ${JSON.stringify(wanted.case ?? '*')}${wanted.device === null ? '' : ` on ${wanted.device}`}`,
      { hint: `It has ${all.slice(0, 20).map((cell) => `${cell.case} on ${cell.device}`).join(', ')}.` });
  }
  const red = named.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skipped');
  const meant = (wanted.case === null && red.length > 0 ? red : named).map(({ name, device }): Cell => ({ case: name, device }));
  const has = (cells: readonly Cell[], one: Cell): boolean => cells.some((cell) => cell.case === one.case && cell.device === one.device);
  const devices = new Set(meant.map(({ device }) => device));
  const grouped = all.filter((one) => has(meant, one) || imageGroups(run, one.device).some((group) => (
    group.some(({ name }) => name === one.case) && group.some(({ name }) => has(meant, { case: name, device: one.device })))));
  const levels: Cut[] = [
    { cells: grouped, wider: grouped.length === meant.length ? null : 'cases that share an image and a session cannot be taken apart' },
    { cells: all.filter(({ device }) => devices.has(device)), wider: 'the record of the device cannot be replayed in parts' },
    { cells: all, wider: 'the record cannot be replayed in parts' },
  ];
  return levels.filter(({ cells }, i) => i === 0 || cells.length > (levels[i - 1] as Cut).cells.length);
}
