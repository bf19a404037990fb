import { createHash, randomBytes } from 'node:crypto';
import { access, constants, link, mkdir, open, readdir, readFile, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HilError } from '../errors.ts';
import { hilHome } from './hil-home.ts';
import { ownerState, ownIdentity } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

const POLL_MS = 100;
const HEARTBEAT_MS = 5000;
/** A holder on another machine or in another container is taken for dead after this long without a heartbeat. */
const FOREIGN_SILENCE_MS = 60_000;
/** A lock file without readable content is given this long: its writer may be between making and filling it. */
const UNREADABLE_GRACE_MS = 2000;
const LITTER_AGE_MS = 60_000;

/** What a lock file says. */
export interface LeaseHolder extends ProcessIdentity {
  readonly user: string;
  /** ISO 8601. */
  readonly since: string;
  /** Untrusted text. */
  readonly command: string;
  /** Unique for each lease ever taken. */
  readonly token: string;
}

export interface Lease {
  readonly device: string;
  readonly slot: number;
  readonly file: string;
  /** Gives the slot back, if it is still held. Safe to call twice. */
  release(): Promise<void>;
}

export interface LeaseOptions {
  readonly device: string;
  readonly slots: number;
  /** Longest wait for a free slot, milliseconds. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Default `HIL_HOME` or `~/.hil`, then `locks`. */
  readonly lockDir?: string;
  readonly command?: string;
  /** Called once when the wait begins and whenever the holders change. */
  readonly onWait?: (holders: readonly LeaseHolder[]) => void;
}

async function makeLockDir(lockDir: string): Promise<void> {
  try {
    await mkdir(lockDir, { recursive: true });
    await access(lockDir, constants.W_OK);
  } catch (cause) {
    throw new HilError('bench', 'device.no-lock-folder', `cannot write to the folder of device leases ${lockDir}: ${(cause as Error).message}`,
      { hint: 'Set HIL_HOME to a folder that can be written, the same for all who share the devices.', cause });
  }
}

export function defaultLockDir(env: NodeJS.ProcessEnv = process.env): string {
  return join(hilHome(env), 'locks');
}

/**
 * Takes one slot of a device for this process, so that no other run uses it. A slot whose holder is dead is taken over.
 * @throws HilError 'bench' device.busy when no slot came free in time, device.no-lock-folder; 'cancelled' on abort
 */
export async function acquireLease(options: LeaseOptions): Promise<Lease> {
  const { device, slots, signal } = options;
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(device)) throw new HilError('config', 'device.bad-id', `not a device id: ${JSON.stringify(device)}`);
  const lockDir = options.lockDir ?? defaultLockDir();
  await makeLockDir(lockDir);
  await sweepLitter(lockDir, device);
  const holder: LeaseHolder = {
    ...ownIdentity(), user: userName(), since: new Date().toISOString(),
    command: (options.command ?? process.argv.slice(1).join(' ')).slice(0, 400), token: randomBytes(8).toString('hex'),
  };
  const deadline = performance.now() + options.waitMs;
  for (let told = ''; ;) {
    const busy: LeaseHolder[] = [];
    for (let slot = 0; slot < slots; slot += 1) {
      const file = join(lockDir, `${device}.${slot}.json`);
      const other = await take(file, holder);
      if (other === null) return makeLease(device, slot, file, holder);
      busy.push(other);
    }
    const state = busy.map((each) => each.token).join();
    if (state !== told) options.onWait?.(busy);
    told = state;
    if (performance.now() >= deadline) throw busyError(device, options.waitMs, busy, lockDir);
    // A little randomness, so that many waiters do not look at the same moments.
    await sleep(POLL_MS / 2 + Math.random() * POLL_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw new HilError('cancelled', 'device.wait-cancelled', `cancelled while waiting for device ${device}`);
  }
}

/** Who holds the slots of a device now (dead holders left out). */
export async function leaseHolders(device: string, slots: number, lockDir: string = defaultLockDir()): Promise<LeaseHolder[]> {
  const files = Array.from({ length: slots }, (_, slot) => join(lockDir, `${device}.${slot}.json`));
  const found = await Promise.all(files.map(readLock));
  return found.filter((lock) => lock !== null && !lock.stale).map((lock) => lock!.holder);
}

/**
 * @returns null when the file is now ours, else its living holder.
 *
 * Two takers may both find the same dead holder. The one who may replace its file is the one who holds the claim named
 * after that dead holder's token; claims are locks of the same kind, so a taker that dies on the way is itself taken over.
 * Tokens never come again: whoever holds the claim and still finds the token in the file is alone in replacing it.
 */
async function take(file: string, me: LeaseHolder): Promise<LeaseHolder | null> {
  for (;;) {
    const found = await readLock(file);
    if (found === null) {
      if (await createWith(file, me)) return null;
      continue; // another one was faster
    }
    if (!found.stale) return found.holder;
    const claim = `${file}.${found.holder.token}`;
    const rival = await take(claim, me);
    if (rival !== null) return found.holder;
    try {
      if ((await readLock(file))?.holder.token === found.holder.token) {
        const fresh = await writeBeside(file, me);
        await rename(fresh, file);
        return null;
      }
    } finally {
      await unlink(claim).catch(() => undefined);
    }
  }
}

async function writeBeside(file: string, me: LeaseHolder): Promise<string> {
  const path = `${file}.${me.token}.${randomBytes(4).toString('hex')}.new`;
  await writeFile(path, JSON.stringify(me), { flag: 'wx', mode: 0o644 });
  return path;
}

/** Makes the file, with its content, if there is none. A hard link appears at once and whole, unlike create-then-write. */
async function createWith(file: string, me: LeaseHolder): Promise<boolean> {
  const fresh = await writeBeside(file, me);
  try {
    await link(fresh, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS') return await createExclusive(file, me);
    throw new HilError('bench', 'device.lock-folder', `cannot write lock file ${file}`, { cause: error });
  } finally {
    await unlink(fresh).catch(() => undefined);
  }
}

/** For file systems without hard links. */
async function createExclusive(file: string, me: LeaseHolder): Promise<boolean> {
  const handle = await open(file, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return null;
    throw error;
  });
  await handle?.writeFile(JSON.stringify(me));
  await handle?.close();
  return handle !== null;
}

async function readLock(file: string): Promise<{ holder: LeaseHolder; stale: boolean } | null> {
  let text: string;
  let info: { mtimeMs: number; ino: number };
  try {
    [text, info] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new HilError('bench', 'device.lock-folder', `cannot read lock file ${file}`, { cause: error });
  }
  const silentMs = Date.now() - info.mtimeMs;
  const holder = parseHolder(text);
  if (holder === null) {
    const token = createHash('sha256').update(`${info.ino} ${info.mtimeMs} ${text}`).digest('hex').slice(0, 16);
    const nobody = { pid: 0, startTime: '', host: '', bootId: '', pidSpace: '', user: '', command: '(unreadable lock file)' };
    return { holder: { ...nobody, since: new Date(info.mtimeMs).toISOString(), token }, stale: silentMs > UNREADABLE_GRACE_MS };
  }
  const state = ownerState(holder);
  return { holder, stale: state === 'dead' || (state === 'unknown' && silentMs > FOREIGN_SILENCE_MS) };
}

function parseHolder(text: string): LeaseHolder | null {
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    const strings = ['startTime', 'host', 'bootId', 'pidSpace', 'user', 'since', 'command', 'token'];
    const good = Number.isSafeInteger(value['pid']) && (value['pid'] as number) > 0
      && strings.every((key) => typeof value[key] === 'string') && /^[0-9a-f]{16}$/.test(value['token'] as string);
    return good ? (value as unknown as LeaseHolder) : null;
  } catch {
    return null;
  }
}

/** Claims and half-made files of takers that died. A claim is needed only while the token in its name is in the lock file. */
async function sweepLitter(lockDir: string, device: string): Promise<void> {
  for (const name of await readdir(lockDir)) {
    const match = /^(.+\.\d+\.json)\.([0-9a-f]{16})(\..*)?$/.exec(name);
    if (match === null || !name.startsWith(`${device}.`)) continue;
    const path = join(lockDir, name);
    const current = await readLock(join(lockDir, match[1]!));
    const ageMs = await stat(path).then((info) => Date.now() - info.mtimeMs, () => 0);
    if (current?.holder.token !== match[2] && ageMs > LITTER_AGE_MS) await unlink(path).catch(() => undefined);
  }
}

function makeLease(device: string, slot: number, file: string, me: LeaseHolder): Lease {
  const beat = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), HEARTBEAT_MS);
  beat.unref();
  return {
    device, slot, file,
    async release() {
      clearInterval(beat);
      const now = await readFile(file, 'utf8').then(parseHolder, () => null);
      if (now?.token === me.token) await unlink(file).catch(() => undefined);
    },
  };
}

/** What acquireLease() throws where all slots are taken. */
export function busyError(device: string, waitMs: number, busy: readonly LeaseHolder[], lockDir: string): HilError {
  const who = busy.map((each) => `${each.user || 'unknown user'} on ${each.host || 'unknown host'}, process ${each.pid}, since ${each.since} (${each.command})`);
  return new HilError('bench', 'device.busy', `device ${device} ${waitMs > 0 ? `was busy for ${waitMs} ms` : 'is busy'}; held by ${who.join('; ')}`, {
    hint: `Wait for that run to end, or give a longer wait. If the holder no longer exists, remove its file in ${lockDir}.`,
    facts: { device, waitMs, holders: busy },
  });
}

export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '');
  }
}
