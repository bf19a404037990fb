import { appendFile, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';

/** Use this long ago counts half, ms. */
const HALF_LIFE_MS = 3_600_000;
/** A log beyond this is written anew with one line a share. */
const MOST_BYTES = 64 << 10;

/** One turn that is over. */
interface Use { readonly share: string; /** ms since 1970 */ readonly until: number; readonly seconds: number }

/** Adds a turn to the log of a queue. What cannot be written costs fairness, not the run. */
export async function addUse(file: string, use: Use): Promise<void> {
  try {
    // One short line, appended at once: those of several processes do not mix.
    await appendFile(file, `${JSON.stringify(use)}\n`);
    if ((await stat(file)).size > MOST_BYTES) await compact(file);
  } catch {
    // as said
  }
}

/** Seconds of use by share, halved for each HALF_LIFE_MS since; of an unreadable log: none. */
export async function useLately(file: string, now: number): Promise<Map<string, number>> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const sums = new Map<string, number>();
  for (const line of text.slice(-2 * MOST_BYTES).split('\n')) {
    const use = parse(line);
    if (use !== null) sums.set(use.share, (sums.get(use.share) ?? 0) + use.seconds * 2 ** (-Math.max(0, now - use.until) / HALF_LIFE_MS));
  }
  return sums;
}

function parse(line: string): Use | null {
  try {
    const value = JSON.parse(line) as Partial<Use> | null;
    return typeof value?.share === 'string' && Number.isFinite(value.until) && Number.isFinite(value.seconds) && value.seconds! >= 0 ? value as Use : null;
  } catch {
    return null; // cut by a full disk, or the end of a line that was cut off
  }
}

/** Two that do this at once lose a line at the most. */
async function compact(file: string): Promise<void> {
  const now = Date.now();
  const lines = [...await useLately(file, now)].filter(([, seconds]) => seconds > 0.01).map(([share, seconds]) => JSON.stringify({ share, until: now, seconds }));
  const fresh = `${file}.${randomBytes(8).toString('hex')}.new`;
  await writeFile(fresh, lines.map((line) => `${line}\n`).join(''), { flag: 'wx' });
  await rename(fresh, file);
}
