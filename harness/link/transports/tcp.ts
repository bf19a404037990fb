import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { HilError } from '../../errors.ts';
import type { Clock } from '../clock.ts';

/** A socket to connect to: a path (unix socket, named pipe) or host and port. */
export type SocketAddress = { readonly path: string } | { readonly host: string; readonly port: number };

export interface ConnectOptions {
  readonly deviceId: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** How long to go on trying: who listens may still be starting. */
  readonly deadlineMs: number;
  /** Time between two tries; default 20. */
  readonly retryMs?: number;
}

/**
 * Connects to a socket, trying again until somebody listens there.
 * @throws HilError kind 'bench' (link.connect) after the deadline, 'cancelled' on abort
 */
export async function connectStream(address: SocketAddress, options: ConnectOptions): Promise<Socket> {
  const { clock, deviceId, signal, deadlineMs, retryMs = 20 } = options;
  const deadline = clock.now() + deadlineMs;
  for (;;) {
    if (signal.aborted) throw cancelled(deviceId);
    const tried = await tryOnce(address, clock, Math.max(1, deadline - clock.now()), signal);
    if (!(tried instanceof Error)) return tried;
    if (signal.aborted) throw cancelled(deviceId);
    if (clock.now() + retryMs > deadline) {
      const where = 'path' in address ? address.path : `${address.host}:${address.port}`;
      throw new HilError('bench', 'link.connect', `device ${deviceId}: no connection to ${where} within ${deadlineMs} ms (${tried.message})`, {
        hint: 'Check that the target was started and listens there.', facts: { device: deviceId, address, deadlineMs }, cause: tried,
      });
    }
    await sleep(clock, retryMs, signal);
  }
}

function cancelled(deviceId: string): HilError {
  return new HilError('cancelled', 'link.cancelled', `device ${deviceId}: interrupted while connecting`);
}

function tryOnce(address: SocketAddress, clock: Clock, limitMs: number, signal: AbortSignal): Promise<Socket | Error> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, noDelay: true });
    const settle = (result: Socket | Error): void => {
      stopTimer();
      signal.removeEventListener('abort', abort);
      socket.removeListener('error', settle);
      socket.removeListener('connect', connected);
      if (result instanceof Error) socket.on('error', () => {}).destroy();
      resolve(result);
    };
    const connected = (): void => settle(socket);
    const abort = (): void => settle(new Error('aborted'));
    const stopTimer = clock.after(limitMs, () => settle(new Error('no answer')));
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', settle);
    socket.once('connect', connected);
  });
}

function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      cancel();
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = clock.after(ms, wake);
    signal.addEventListener('abort', wake, { once: true });
  });
}
