import { setTimeout as sleep } from 'node:timers/promises';
import { HilError } from '../../errors.ts';
import { mayOpen } from './permission.ts';
import { findPorts, resolvePort } from './resolve-port.ts';
import type { NearPort, ResolvedPort, ResolveOptions } from './resolve-port.ts';

export interface WaitForPortOptions extends ResolveOptions {
  /** Most time to wait, milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** How often to look. Default 50. */
  readonly pollMs?: number;
}

const POLL_MS = 50;

/**
 * Waits until the port is there (again) and may be opened: udev hands out the permission some time after the port has appeared.
 * A port that is there but stays forbidden is returned all the same; opening it says what to do.
 * @throws HilError 'bench' port.not-found after timeoutMs, port.ambiguous at once, 'cancelled'
 */
export async function waitForPort(identity: NearPort, options: WaitForPortOptions): Promise<ResolvedPort> {
  const last = await poll(options, async () => {
    const found = await findPorts(identity, options.list);
    if (found.length > 1) return resolvePort(identity, options); // throws
    return found.length === 1 && (await mayOpen(found[0]!.path)) ? found[0]! : null;
  });
  if (last !== null) return last;
  return resolvePort(identity, options).catch((error: unknown) => {
    throw error instanceof HilError && error.code === 'port.not-found' ? error.inContext({ after: `, after ${options.timeoutMs} ms of waiting` }) : error;
  });
}

/**
 * Waits until the port is gone, as after a request to enter the boot loader.
 * @returns whether it went: a boot loader may also come up so fast, or under the same name, that nothing is seen
 * @throws HilError 'cancelled'
 */
export async function waitForPortGone(identity: NearPort, options: WaitForPortOptions): Promise<boolean> {
  return (await poll(options, async () => ((await findPorts(identity, options.list)).length === 0 ? true : null))) ?? false;
}

async function poll<T>({ deviceId, timeoutMs, signal, pollMs = POLL_MS }: WaitForPortOptions, look: () => Promise<T | null>): Promise<T | null> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    if (signal.aborted) throw new HilError('cancelled', 'device.cancelled', `device ${deviceId}: cancelled`);
    const seen = await look();
    if (seen !== null) return seen;
    const left = deadline - performance.now();
    if (left <= 0) return null;
    await sleep(Math.min(pollMs, left), undefined, { signal }).catch(() => undefined);
  }
}
