import { HilError } from '../errors.ts';
import type { DeviceSession } from './device.ts';
import type { LinkStream } from '../link/index.ts';
import type { TargetProcess } from './target-process.ts';

export function cancelled(deviceId: string): HilError {
  return new HilError('cancelled', 'device.cancelled', `device ${deviceId}: cancelled`);
}

/** Nothing runs there before hil starts it. */
export function notAttachable(deviceId: string): HilError {
  return new HilError('config', 'device.not-attachable', `device ${deviceId}: nothing runs there that one could attach to: it starts with an image`);
}

export function throwIfAborted(signal: AbortSignal, deviceId: string): void {
  if (signal.aborted) throw cancelled(deviceId);
}

/**
 * Ties a running process and its byte stream together: the end of one is the end of the other, and an abort ends both.
 * The stream of an aborted session fails with a 'cancelled' error; a stopped one just closes.
 */
export function openSession(deviceId: string, target: TargetProcess, stream: LinkStream, signal: AbortSignal, cleanUp?: () => Promise<void>): DeviceSession {
  // A stream that nobody listens to yet must not take the whole program down with an 'error' event.
  stream.on('error', () => undefined);
  const ended = target.ended.then(async (end) => {
    signal.removeEventListener('abort', onAbort);
    stream.targetEnded();
    await cleanUp?.();
    return end;
  });
  const stop = async (): Promise<void> => {
    stream.destroy();
    await target.stop();
    await ended;
  };
  function onAbort(): void {
    stream.destroy(cancelled(deviceId));
    void target.stop().catch(() => undefined);
  }
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return { stream, ended, stop };
}
