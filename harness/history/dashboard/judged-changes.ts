import type { History, RunFilter } from '../history.ts';
import type { Cell } from './cell.ts';
import type { ChangeData, RegressionsData } from './site-data.ts';

/** What has become worse or better, as the site tells it. */
export interface JudgedChanges {
  readonly open: RegressionsData;
  readonly of: (cell: Cell) => readonly ChangeData[];
}

export async function judgedChanges(_history: History, _filter: RunFilter, _signal: AbortSignal): Promise<JudgedChanges> {
  return { open: { note: 'not judged', series: 0, open: [] }, of: () => [] };
}
