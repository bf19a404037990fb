import type { SerialLine } from '../../link/transports/line.ts';
import type { DeviceSession, LineSpeed, TargetEnd } from '../device.ts';
import { cancelled } from '../session.ts';
import type { SerialSpec } from '../spec.ts';

export interface SerialSessionOptions {
  readonly deviceId: string;
  readonly line: SerialLine;
  readonly serial: SerialSpec;
  /** What both sides use now. */
  readonly baud: number;
  readonly signal: AbortSignal;
  readonly notes: readonly string[];
}

/** A session over an open line: it ends when the port goes away, when it is stopped, or by an abort. The board is left as it is. */
export function openSerialSession({ deviceId, line, serial, baud, signal, notes }: SerialSessionOptions): DeviceSession {
  const { stream } = line;
  stream.on('error', () => undefined);
  const ended = new Promise<TargetEnd>((resolve) => {
    const settle = (): void => {
      signal.removeEventListener('abort', onAbort);
      // Nothing to tell where it was this side that closed it.
      const text = line.failure?.message ?? '';
      void line.close().catch(() => undefined).then(() => resolve({ exitCode: null, signal: null, text, lockup: false }));
    };
    // Bytes that came before the end are still to be read then; 'close' would wait for the reader.
    stream.once('end', settle);
    stream.once('close', settle);
  });
  const end = async (reason?: Error): Promise<void> => {
    stream.destroy(reason);
    await line.close();
    await ended;
  };
  function onAbort(): void {
    void end(cancelled(deviceId)).catch(() => undefined);
  }
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const speed = speedOf(line, serial, baud);
  return { stream, ended, notes, stop: () => end(), ...(speed === null ? {} : { speed }) };
}

/** A raw TCP connection has no speed that could be set from here. */
function speedOf(line: SerialLine, { port, baud: { start, faster } }: SerialSpec, baud: number): LineSpeed | null {
  if ('tcp' in port) return null;
  // After a failed change the board goes back to the speed of its start: only from there is another one tried.
  return { baud, faster: baud === start ? faster : [], setBaud: (to) => line.setBaud(to) };
}
