import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, readdir, readFile, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HilError } from '../errors.ts';
import { hilHome } from './hil-home.ts';
import { ownerState, ownIdentity, type ProcessIdentity } from './process-identity.ts';
import { PRIORITIES, type Waiter } from './turns-order.ts';
import { addUse } from './turns-use.ts';

const HEARTBEAT_MS = 2000;
/** One that waits and was not heard of for this long (stopped, or too busy) is passed over until it is heard again. */
const ASLEEP_MS = 10_000;
/** On another machine or in another container: taken for dead after this long. As with leases. */
const FOREIGN_SILENCE_MS = 60_000;
const LITTER_AGE_MS = 60_000;
/** Whether a process lives is looked up this often. */
const LOOK_AGAIN_MS = 500;
const MOST_BYTES = 4096;

/** A file `<queue>@<token>.waiting`, then `.holding.<since, ms>`; never changed but by its name and its heartbeat (mtime). */
export interface Ticket extends ProcessIdentity, Waiter {
  readonly user: string;
}

export interface QueueView {
  /** Those that wait and are awake, in no order. */
  readonly waiting: readonly Ticket[];
  /** Slots now, by share. */
  readonly held: ReadonlyMap<string, number>;
  /** Seconds of the turns that are not over, by share. */
  readonly holding: ReadonlyMap<string, number>;
}

export interface OwnTicket {
  readonly ticket: Ticket;
  /** It waits no more, it has. Its time counts from now. */
  hold(): Promise<void>;
  /** Gone; what it held is added to its share's use. Safe to call twice. */
  drop(): Promise<void>;
}

export function defaultTurnsDir(env: NodeJS.ProcessEnv = process.env): string {
  return join(hilHome(env), 'turns');
}

export const useFile = (dir: string, queue: string): string => join(dir, `${queue}@use`);

/** @throws HilError 'bench' device.no-lock-folder */
export async function makeTurnsDir(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
    await access(dir, constants.W_OK);
  } catch (cause) {
    throw new HilError('bench', 'device.no-lock-folder', `cannot write to the folder of turns ${dir}: ${(cause as Error).message}`,
      { hint: 'Set HIL_HOME to a folder that can be written, the same for all who share the devices.', cause });
  }
}

/** Takes a ticket of this process. @throws HilError 'bench' device.lock-folder where it cannot be written */
export async function takeTicket(dir: string, queue: string, who: Pick<Ticket, 'priority' | 'share' | 'user'>): Promise<OwnTicket> {
  const ticket: Ticket = { ...ownIdentity(), ...who, share: who.share.slice(0, 200), user: who.user.slice(0, 100), since: Date.now(), token: randomBytes(8).toString('hex') };
  const waiting = join(dir, `${queue}@${ticket.token}.waiting`);
  let file: string | null = waiting;
  let heldSince: number | null = null;
  try {
    await writeFile(`${waiting}.new`, JSON.stringify(ticket), { flag: 'wx', mode: 0o644 });
    await rename(`${waiting}.new`, waiting);
  } catch (cause) {
    throw new HilError('bench', 'device.lock-folder', `cannot write the ticket ${waiting}: ${(cause as Error).message}`, { hint: 'Check the space and the rights there.', cause });
  }
  const beat = setInterval(() => { if (file !== null) void utimes(file, new Date(), new Date()).catch(() => undefined); }, HEARTBEAT_MS);
  beat.unref();
  return {
    ticket,
    async hold() {
      heldSince = Date.now();
      file = join(dir, `${queue}@${ticket.token}.holding.${heldSince}`);
      await rename(waiting, file).catch(() => undefined); // swept by someone who took us for dead: the lease decides
    },
    async drop() {
      clearInterval(beat);
      if (file === null) return;
      const last = file;
      file = null;
      const wasThere = await unlink(last).then(() => true, () => false);
      if (wasThere && heldSince !== null) await addUse(useFile(dir, queue), { share: ticket.share, until: Date.now(), seconds: Math.max(0, Date.now() - heldSince) / 1000 });
    },
  };
}

/** Reads the tickets of a queue again and again; those of the dead are swept on the way. */
export class TicketReader {
  readonly #dir: string;
  readonly #queue: string;
  /** By token: what a ticket says never changes. */
  readonly #known = new Map<string, { readonly ticket: Ticket; dead: boolean; looked: number }>();

  constructor(dir: string, queue: string) {
    this.#dir = dir;
    this.#queue = queue;
  }

  async look(): Promise<QueueView> {
    const waiting: Ticket[] = [];
    const held = new Map<string, number>();
    const holding = new Map<string, number>();
    const add = (sums: Map<string, number>, share: string, more: number): void => { sums.set(share, (sums.get(share) ?? 0) + more); };
    for (const name of await readdir(this.#dir).catch(() => [])) {
      if (!name.startsWith(`${this.#queue}@`)) continue;
      const [, token, since] = /@([0-9a-f]{16})\.(?:waiting|holding\.(\d{1,15}))$/.exec(name) ?? [];
      if (token === undefined) {
        await this.#sweepLitter(name);
        continue;
      }
      const info = await stat(join(this.#dir, name)).catch(() => null);
      const ticket = info === null ? null : await this.#alive(name, token, since, Date.now() - info.mtimeMs);
      if (info === null || ticket === null) continue;
      if (since === undefined) {
        if (Date.now() - info.mtimeMs < ASLEEP_MS) waiting.push(ticket);
      } else {
        add(held, ticket.share, 1);
        add(holding, ticket.share, Math.max(0, Date.now() - Number(since)) / 1000);
      }
    }
    return { waiting, held, holding };
  }

  /** The ticket, where its owner lives; else it is swept. */
  async #alive(name: string, token: string, since: string | undefined, silentMs: number): Promise<Ticket | null> {
    let entry = this.#known.get(token);
    if (entry === undefined) {
      const ticket = await readTicket(join(this.#dir, name), token);
      if (ticket === null) {
        if (silentMs > LITTER_AGE_MS) await unlink(join(this.#dir, name)).catch(() => undefined);
        return null;
      }
      entry = { ticket, dead: false, looked: 0 };
      this.#known.set(token, entry);
    }
    if (performance.now() - entry.looked > LOOK_AGAIN_MS || entry.looked === 0) {
      const state = ownerState(entry.ticket);
      entry.dead = state === 'dead' || (state === 'unknown' && silentMs > FOREIGN_SILENCE_MS);
      entry.looked = performance.now();
    }
    if (!entry.dead) return entry.ticket;
    await this.#sweep(name, entry.ticket.share, since, silentMs);
    this.#known.delete(token);
    return null;
  }

  /** What the dead one held counts as use until it would have been heard of again. */
  async #sweep(name: string, share: string, since: string | undefined, silentMs: number): Promise<void> {
    const mine = await unlink(join(this.#dir, name)).then(() => true, () => false);
    const until = Date.now() - Math.max(0, silentMs - HEARTBEAT_MS);
    if (mine && since !== undefined) await addUse(useFile(this.#dir, this.#queue), { share, until, seconds: Math.max(0, until - Number(since)) / 1000 });
  }

  async #sweepLitter(name: string): Promise<void> {
    if (!name.endsWith('.new')) return;
    const info = await stat(join(this.#dir, name)).catch(() => null);
    if (info !== null && Date.now() - info.mtimeMs > LITTER_AGE_MS) await unlink(join(this.#dir, name)).catch(() => undefined);
  }
}

async function readTicket(file: string, token: string): Promise<Ticket | null> {
  try {
    if ((await stat(file)).size > MOST_BYTES) return null;
    const value = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    const strings = ['startTime', 'host', 'bootId', 'pidSpace', 'user', 'share'];
    const good = Number.isSafeInteger(value['pid']) && (value['pid'] as number) > 0 && Number.isFinite(value['since']) && value['token'] === token
      && strings.every((key) => typeof value[key] === 'string') && (PRIORITIES as readonly unknown[]).includes(value['priority']);
    return good ? value as unknown as Ticket : null;
  } catch {
    return null; // gone meanwhile, or no ticket
  }
}
