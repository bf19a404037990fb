import { setTimeout as sleep } from 'node:timers/promises';
import { HilError } from '../errors.ts';
import { acquireLease, busyError, defaultLockDir, leaseHolders, userName, type Lease, type LeaseHolder } from './lease.ts';
import { AGE_MS, inOrder, type Priority } from './turns-order.ts';
import { defaultTurnsDir, makeTurnsDir, takeTicket, TicketReader, useFile, type OwnTicket } from './turns-tickets.ts';
import { useLately } from './turns-use.ts';

const POLL_MS = 100;

/** Whose turn it is, as the order of waiters counts it. */
export interface Claimant {
  readonly priority: Priority;
  readonly share: string;
}

export interface TurnOptions extends Claimant {
  /** What is waited for, as its lease is named. */
  readonly device: string;
  readonly slots: number;
  /** Longest wait during which nothing moves, neither the holders nor the place in the queue, ms. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Default: that of leases. */
  readonly lockDir?: string;
  /** Of the tickets. Default: `HIL_HOME` or `~/.hil`, then `turns`. */
  readonly turnsDir?: string;
  readonly ageMs?: number;
  /** Called at each look while it waits, several times a second. @param ahead tickets that go first */
  readonly onWait?: (holders: readonly LeaseHolder[], ahead: number) => void;
}

/** The lease, and the ticket that it was had with. */
export interface Turn {
  readonly lease: Lease;
  /** Gives the slot to the next one. Safe to call twice. */
  release(): Promise<void>;
}

/**
 * Takes one slot of a device, when it is this one's turn: see inOrder(). The lease is the lock; tickets order those that wait for
 * it, so that what a ticket says wrongly (another clock, a process that sleeps) costs order and never two holders.
 * @throws HilError 'bench' device.busy after waitMs in which nothing moved; what acquireLease() throws; 'cancelled' on abort
 */
export async function takeTurn(options: TurnOptions): Promise<Turn> {
  const { device, slots, waitMs, signal, lockDir } = options;
  const queue = await openQueue(options);
  const own = await takeTicket(queue.dir, device, { priority: options.priority, share: options.share, user: userName() });
  try {
    let deadline = performance.now() + waitMs;
    for (let before = ''; ;) {
      if (signal.aborted) throw new HilError('cancelled', 'device.wait-cancelled', `cancelled while waiting for device ${device}`);
      const ahead = await queue.ahead(own);
      const holders = await leaseHolders(device, slots, lockDir);
      const turn = ahead < slots - holders.length ? await tryLease(options, own) : null;
      if (turn !== null) return turn;
      options.onWait?.(holders, ahead);
      const state = `${ahead} ${holders.map((each) => each.token).join()}`;
      if (state !== before) deadline = performance.now() + waitMs;
      before = state;
      if (performance.now() >= deadline) throw busyError(device, waitMs, holders, lockDir ?? defaultLockDir());
      // A little randomness, so that many waiters do not look at the same moments; far back in the queue more seldom.
      const poll = POLL_MS * (ahead < slots ? 1 : 2.5);
      await sleep(poll / 2 + Math.random() * poll, undefined, { signal }).catch(() => undefined);
    }
  } catch (error) {
    await own.drop();
    throw error;
  }
}

/**
 * The same without a wait: null where no slot is free, or others that wait for it go first.
 * @throws HilError as takeTurn(), but for device.busy
 */
export async function tryTurn(options: Omit<TurnOptions, 'waitMs' | 'onWait'>): Promise<Turn | null> {
  const queue = await openQueue(options);
  const holders = await leaseHolders(options.device, options.slots, options.lockDir);
  if (holders.length >= options.slots) return null;
  const own = await takeTicket(queue.dir, options.device, { priority: options.priority, share: options.share, user: userName() });
  try {
    const turn = await queue.ahead(own) < options.slots - holders.length ? await tryLease(options, own) : null;
    if (turn === null) await own.drop();
    return turn;
  } catch (error) {
    await own.drop();
    throw error;
  }
}

interface Queue {
  readonly dir: string;
  /** Tickets that go before this one. */
  ahead(own: OwnTicket): Promise<number>;
}

async function openQueue({ device, turnsDir, ageMs = AGE_MS }: Pick<TurnOptions, 'device' | 'turnsDir' | 'ageMs'>): Promise<Queue> {
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(device)) throw new HilError('config', 'device.bad-id', `not a device id: ${JSON.stringify(device)}`);
  const dir = turnsDir ?? defaultTurnsDir();
  await makeTurnsDir(dir);
  const reader = new TicketReader(dir, device);
  return {
    dir,
    async ahead({ ticket }) {
      const { waiting, held, holding } = await reader.look();
      const others = waiting.filter(({ token }) => token !== ticket.token);
      if (others.length === 0) return 0;
      const now = Date.now();
      const use = await useLately(useFile(dir, device), now);
      for (const [share, seconds] of holding) use.set(share, (use.get(share) ?? 0) + seconds);
      return inOrder([...others, ticket], { now, ageMs, held, use }).indexOf(ticket);
    },
  };
}

async function tryLease(options: Omit<TurnOptions, 'waitMs'>, own: OwnTicket): Promise<Turn | null> {
  const { device, slots, signal, lockDir } = options;
  const lease = await acquireLease({ device, slots, waitMs: 0, signal, ...(lockDir === undefined ? {} : { lockDir }) }).catch((error: unknown) => {
    if (error instanceof HilError && error.code === 'device.busy') return null;
    throw error;
  });
  if (lease === null) return null;
  await own.hold();
  return {
    lease,
    async release() {
      // The use is there before the next one looks who had least of it.
      await own.drop();
      await lease.release();
    },
  };
}
