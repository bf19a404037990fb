import { readFileSync } from 'node:fs';
import { mkdir, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HilError } from '../errors.ts';
import type { DeviceSpec } from './spec.ts';

/** A device that is not to be used for a while. It always ends: one that is forgotten must not stay out of the tests for ever. */
export interface Quarantine {
  readonly reason: string;
  /** YYYY-MM-DD, the last day of it, in the time zone of this machine. */
  readonly until: string;
  /** Who said so, and when (ISO 8601); null where it stands in the device file. */
  readonly by: string | null;
  readonly since: string | null;
  /** The file that says so; null: the device's own. */
  readonly file: string | null;
}

export interface QuarantineOptions {
  /** HIL_HOME (hilHome()). */
  readonly home: string;
  readonly now: Date;
}

const MAX_REASON = 400;
const FILE_LIMIT_BYTES = 16 * 1024;

/**
 * The quarantine of a device that is in force, or null. Of one in its file and one by command the later end counts.
 * @throws HilError 'config' device.bad-quarantine: a record that cannot be read may have meant this device
 */
export function quarantineOf(spec: Pick<DeviceSpec, 'id' | 'quarantine'>, options: QuarantineOptions): Quarantine | null {
  return quarantinesOf(spec, options).find(({ expired }) => !expired)?.quarantine ?? null;
}

/** All that is on record for a device, also what has expired; the one that ends last comes first. @throws HilError 'config' */
export function quarantinesOf(spec: Pick<DeviceSpec, 'id' | 'quarantine'>, { home, now }: QuarantineOptions): { readonly quarantine: Quarantine; readonly expired: boolean }[] {
  const own: Quarantine[] = spec.quarantine === undefined ? [] : [{ ...spec.quarantine, by: null, since: null, file: null }];
  if (own[0] !== undefined && !isDay(own[0].until)) throw badDay(`device ${spec.id}: $.quarantine.until`, own[0].until);
  const record = readRecord(home, spec.id);
  const today = localDay(now);
  // Days in this form sort as text.
  return [...own, ...(record === null ? [] : [record])].sort((a, b) => (a.until < b.until ? 1 : -1)).map((quarantine) => ({ quarantine, expired: quarantine.until < today }));
}

/** e.g. "flaky USB cable (quarantined until 2027-01-31, by ana)" */
export function quarantineText({ reason, until, by }: Quarantine): string {
  return `${reason} (quarantined until ${until}${by === null ? '' : `, by ${by}`})`;
}

/**
 * Puts a device out of use until a day. Replaces what a command said before.
 * @throws HilError 'config' for an empty reason, a day that does not exist or is over; 'bench' where it cannot be written
 */
export async function putInQuarantine(id: string, { reason, until, by }: { readonly reason: string; readonly until: string; readonly by: string }, { home, now }: QuarantineOptions): Promise<Quarantine> {
  if (reason.trim() === '' || reason.length > MAX_REASON) {
    throw new HilError('config', 'device.quarantine-reason', `device ${id}: a quarantine needs a reason of 1 to ${MAX_REASON} characters`, { hint: 'Say what is wrong with it: whoever reads a skipped case sees this.' });
  }
  if (!isDay(until)) throw badDay(`device ${id}: the end of the quarantine`, until);
  if (until < localDay(now)) {
    throw new HilError('config', 'device.quarantine-over', `device ${id}: a quarantine until ${until} is over already (today is ${localDay(now)})`, { hint: 'Give a day from today on; it is the last one.' });
  }
  const file = recordFile(home, id);
  const record = { reason, until, by, since: now.toISOString() };
  const fresh = `${file}.${process.pid}.new`;
  try {
    await mkdir(join(home, 'quarantine'), { recursive: true });
    await writeFile(fresh, `${JSON.stringify(record, null, 2)}\n`);
    await rename(fresh, file);
  } catch (cause) {
    await unlink(fresh).catch(() => undefined);
    throw new HilError('bench', 'device.quarantine-folder', `cannot write ${file}: ${(cause as Error).message}`, { hint: 'Set HIL_HOME to a folder that can be written.', cause });
  }
  return { ...record, file };
}

/** Takes back what putInQuarantine said, readable or not. @returns false where there was nothing. @throws HilError 'bench' */
export async function releaseFromQuarantine(id: string, home: string): Promise<boolean> {
  const file = recordFile(home, id);
  try {
    await unlink(file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw new HilError('bench', 'device.quarantine-folder', `cannot remove ${file}: ${(cause as Error).message}`, { cause });
  }
}

function recordFile(home: string, id: string): string {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(id)) throw new HilError('config', 'device.bad-id', `not a device id: ${JSON.stringify(id)}`);
  return join(home, 'quarantine', `${id}.json`);
}

function readRecord(home: string, id: string): Quarantine | null {
  const file = recordFile(home, id);
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return null;
    throw unreadable(file, id, (cause as Error).message, cause);
  }
  if (bytes.length > FILE_LIMIT_BYTES) throw unreadable(file, id, `larger than ${FILE_LIMIT_BYTES} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw unreadable(file, id, (cause as Error).message, cause);
  }
  if (typeof value !== 'object' || value === null) throw unreadable(file, id, 'no object');
  const { reason, until, by, since } = value as Record<string, unknown>;
  if (typeof reason !== 'string' || typeof until !== 'string' || !isDay(until)) throw unreadable(file, id, 'it needs a reason and the day until which');
  const short = (text: unknown): string | null => (typeof text === 'string' ? text.slice(0, MAX_REASON) : null);
  return { reason: reason.slice(0, MAX_REASON), until, by: short(by), since: short(since), file };
}

function unreadable(file: string, id: string, why: string, cause?: unknown): HilError {
  return new HilError('config', 'device.bad-quarantine', `cannot read the quarantine of device ${id} in ${file}: ${why}`, { hint: `Take it back with: hil devices release ${id}`, facts: { file, id }, cause });
}

function badDay(what: string, got: string): HilError {
  return new HilError('config', 'device.quarantine-day', `${what}: expected a day (YYYY-MM-DD), got ${JSON.stringify(got.slice(0, 80))}`);
}

/** A day that the calendar has: Date would take 30 February for 2 March. */
function isDay(text: string): boolean {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  return date !== null && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function localDay(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
