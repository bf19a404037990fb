import { access, stat } from 'node:fs/promises';
import { HilError } from '../../errors.ts';
import { describeHolders, portHolders } from '../../device/ports/holders.ts';
import type { PortHolder } from '../../device/ports/holders.ts';
import { portInfo } from '../../device/ports/list-ports.ts';
import { howToGetAccess, mayOpen } from '../../device/ports/permission.ts';
import { isTtyDevice } from '../../device/ports/tty-device.ts';

/** A fault of a serial line: always the bench's. */
export function portError(deviceId: string, code: string, message: string, hint: string, facts: Readonly<Record<string, unknown>> = {}, cause?: unknown): HilError {
  return new HilError('bench', code, `device ${deviceId}: ${message}`, { hint, facts: { device: deviceId, ...facts }, ...(cause === undefined ? {} : { cause }) });
}

export function cancelledLine(deviceId: string): HilError {
  return new HilError('cancelled', 'device.cancelled', `device ${deviceId}: cancelled`);
}

export function busy(deviceId: string, name: string, holders: readonly PortHolder[], cause?: unknown): HilError {
  const who = holders.length === 0 ? 'another program' : describeHolders(holders);
  return portError(deviceId, 'port.busy', `${name} is in use by ${who}`,
    'End that program (a terminal, ModemManager, another run). ModemManager stays away with ENV{ID_MM_DEVICE_IGNORE}="1" in a udev rule.', { port: name, holders }, cause);
}

/**
 * What stands in the way of opening a port, looked for without opening it (which would pulse DTR); null where nothing does.
 * @param name how the port is called in messages
 */
export async function obstacle(deviceId: string, path: string, name: string): Promise<HilError | null> {
  if (process.platform === 'win32') return null; // COM3 is no file; opening is exclusive there, and tells the rest
  const file = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (file instanceof Error) {
    if (file.code === 'EACCES') return noPermission(deviceId, path, name);
    return portError(deviceId, 'port.not-found', `there is no port ${name}`, 'Is the board plugged in, and its cable one that carries data? See: hil devices list', { port: name }, file);
  }
  if (!(await isTtyDevice(path))) return notATty(deviceId, name);
  if (!(await mayOpen(path))) return noPermission(deviceId, path, name);
  const holders = await portHolders(path);
  return holders.length === 0 ? null : busy(deviceId, name, holders);
}

export function notATty(deviceId: string, name: string, cause?: unknown): HilError {
  return portError(deviceId, 'port.not-a-tty', `${name} is no serial port`, 'Correct serial.port in the device file; see: hil devices list', { port: name }, cause);
}

async function noPermission(deviceId: string, path: string, name: string): Promise<HilError> {
  const info = await portInfo(path);
  return portError(deviceId, 'port.no-permission', `this user may not open ${name}`, howToGetAccess(path, info?.usb), { port: name });
}

/** Tells by the system's words why opening failed: serialport has no error codes. */
export async function openFailure(deviceId: string, path: string, name: string, baud: number, cause: unknown): Promise<HilError> {
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/Cannot lock port|resource busy|Access denied/i.test(text)) return busy(deviceId, name, await portHolders(path), cause);
  if (/Inappropriate ioctl|not a typewriter/i.test(text)) return notATty(deviceId, name, cause);
  if (/baud/i.test(text)) return noSuchBaud(deviceId, name, baud, null, cause);
  if ((await access(path).catch((error: unknown) => error)) !== undefined) {
    return portError(deviceId, 'port.not-found', `${name} went away while it was opened`, 'Is the board resetting over and over, or the cable loose?', { port: name }, cause);
  }
  return portError(deviceId, 'port.cannot-open', `cannot open ${name}: ${text.slice(0, 200)}`,
    'For an input/output error: plug the board in again; behind a pty nobody may be left.', { port: name }, cause);
}

/** @param actual what the port was set to instead, where that is known */
export function noSuchBaud(deviceId: string, name: string, baud: number, actual: number | null, cause?: unknown): HilError {
  return portError(deviceId, 'port.baud', `${name} does not do ${baud} baud${actual === null ? '' : ` (it took ${actual})`}`,
    'Give serial.baud values that both the port and the board do.', { port: name, baud, actual }, cause);
}

export function unplugged(deviceId: string, name: string, cause: unknown): HilError {
  return portError(deviceId, 'port.unplugged', `${name} went away while it was in use`,
    'The board was unplugged or lost power, or it reset and its own USB port with it.', { port: name }, cause ?? undefined);
}
