import { HilError } from '../../errors.ts';
import { renderHtml } from '../../report/index.ts';
import type { History, RunRow } from '../history.ts';
import { shortKey } from './cell.ts';
import type { SiteFolder } from './site-folder.ts';

export interface WrittenReports {
  /** First digits of the keys of the runs whose reports are in the site. */
  readonly keys: readonly string[];
  /** Runs that needed one: no room, or the history could not give it. */
  readonly leftOut: number;
}

/**
 * Writes the reports that people come for: of the runs that the overview shows, then of all that are no pass, the newest
 * first, while there is room.
 * @param most bytes of all reports together
 */
export async function writeReportsIntoSite(history: History, wanted: readonly RunRow[], site: SiteFolder, most: number, step: (done: number, of: number) => void): Promise<WrittenReports> {
  const keys: string[] = [];
  let room = most;
  let leftOut = 0;
  for (const [at, run] of wanted.entries()) {
    step(at, wanted.length);
    if (room <= 0) {
      leftOut += 1;
      continue;
    }
    const html = await readReport(history, run.key);
    if (html === null || Buffer.byteLength(html) > room) {
      leftOut += 1;
      continue;
    }
    room -= Buffer.byteLength(html);
    await site.report(shortKey(run.key), html);
    keys.push(shortKey(run.key));
  }
  return { keys, leftOut };
}

/** null: it is not there, or is damaged; the history command that checks it says more. */
async function readReport(history: History, key: string): Promise<string | null> {
  try {
    const report = await history.report(key);
    return report === null ? null : renderHtml(report);
  } catch (error) {
    if (error instanceof HilError && error.kind !== 'cancelled') return null;
    throw error;
  }
}
