import { setTimeout as sleep } from 'node:timers/promises';
import { isNear, resolvePort } from '../../device/ports/resolve-port.ts';
import type { SerialSpec } from '../../device/spec.ts';
import type { SerialLine } from './line.ts';
import { cancelledLine } from './port-errors.ts';
import { openRfc2217 } from './rfc2217.ts';
import { openSerialPort } from './serial-port.ts';
import { openTcp } from './tcp.ts';

export interface OpenLineOptions {
  /** For messages. */
  readonly deviceId: string;
  readonly serial: SerialSpec;
  /** Aborting before the line is open leaves nothing behind; an open line is closed by whoever has it. */
  readonly signal: AbortSignal;
  /** Most time that finding and opening may take, milliseconds (timeouts.startMs). */
  readonly openMs: number;
}

/**
 * Opens the line that a device file describes, at its starting speed and with its levels of DTR and RTS; no reset pulse.
 * @throws HilError 'bench' (port.*: not found, ambiguous, busy, no permission, refused, ...), 'cancelled'
 */
export async function openLine({ deviceId, serial, signal, openMs }: OpenLineOptions): Promise<SerialLine> {
  if (signal.aborted) throw cancelledLine(deviceId);
  const { port, reset } = serial;
  const common = { deviceId, signal, openMs, baud: serial.baud.start, dtr: reset.dtr ?? true, rts: reset.rts ?? true };
  if ('tcp' in port) return openTcp({ ...common, ...port.tcp });
  if ('rfc2217' in port) return openRfc2217({ ...common, ...port.rfc2217 });
  if (!isNear(port)) throw new TypeError('no such kind of port'); // the schema of device files has no other
  const { path, name } = await resolvePort(port, { deviceId });
  return openSerialPort({ ...common, path, name, keepLines: reset.onOpen === 'none' });
}

/**
 * Resets the board by its control line, where it has one: the line takes the opposite of its resting level for pulseMs. What was
 * received until then is thrown away. The board hears after reset.bootMs more, which is not waited for here.
 * @returns whether there was a line to pulse. @throws HilError 'bench', 'cancelled'
 */
export async function pulseReset(line: SerialLine, reset: SerialSpec['reset'], options: { readonly deviceId: string; readonly signal: AbortSignal }): Promise<boolean> {
  const which = reset.onOpen;
  if (which === 'none') return false;
  const resting = reset[which] ?? true;
  await line.setLines({ [which]: !resting });
  try {
    await sleep(reset.pulseMs, undefined, { signal: options.signal });
    await line.discardInput();
  } catch (error) {
    throw options.signal.aborted ? cancelledLine(options.deviceId) : error;
  } finally {
    await line.setLines({ [which]: resting });
  }
  return true;
}
