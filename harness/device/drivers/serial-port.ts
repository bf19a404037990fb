import { setTimeout as sleep } from 'node:timers/promises';
import { HilError } from '../../errors.ts';
import type { SerialLine } from '../../link/transports/line.ts';
import { openLine } from '../../link/transports/open-line.ts';
import { obstacle } from '../../link/transports/port-errors.ts';
import type { Usability } from '../device.ts';
import type { BoardPort } from '../flashers/index.ts';
import { findPorts, isNear, resolvePort } from '../ports/resolve-port.ts';
import type { ResolvedPort } from '../ports/resolve-port.ts';
import { cancelled } from '../session.ts';
import type { DeviceSpec, SerialSpec } from '../spec.ts';

const LOOK_MS = 50;
/** The touch of boot loaders of the Arduino family. */
const TOUCH_BAUD = 1200;
/** How long the application's port may still be there after the touch, milliseconds; a board that is in its boot loader already keeps its port. */
const TOUCH_GONE_MS = 2000;

/** Waits. @throws HilError 'cancelled' on abort */
export async function pause(ms: number, signal: AbortSignal, deviceId: string): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {
    throw cancelled(deviceId);
  });
}

/** A port that has just come up is there before udev has given this user the right to open it. */
const COMING = new Set(['port.not-found', 'port.no-permission', 'port.cannot-open', 'port.busy']);

/** Opens a port that may be away for a while (a board that restarts). @throws HilError as the opening does, once waitMs are over */
export async function openWhenThere(open: () => Promise<SerialLine>, { deviceId, signal, waitMs }: { readonly deviceId: string; readonly signal: AbortSignal; readonly waitMs: number }): Promise<SerialLine> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof HilError) || !COMING.has(error.code)) throw error;
      if (performance.now() >= deadline) throw error.inContext({ after: ` (waited ${waitMs} ms for it, timeouts.startMs)` });
    }
    await pause(LOOK_MS, signal, deviceId);
  }
}

/** The board's port as flashers see it; null for one that is far away. */
export function boardPort(spec: DeviceSpec, serial: SerialSpec): BoardPort | null {
  const { port } = serial;
  if (!isNear(port)) return null;
  const here = async (): Promise<ResolvedPort | null> => {
    const found = await findPorts(port);
    return found.length < 2 ? found[0] ?? null : resolvePort(port, { deviceId: spec.id }); // throws: never guessed
  };
  return {
    find: async () => (await here())?.path ?? null,
    async touch(signal) {
      const before = await here();
      if (before === null) return; // in its boot loader already, or about to be told that it is not there
      const touched = { ...serial, baud: { start: TOUCH_BAUD, faster: [] }, reset: { ...serial.reset, dtr: false } };
      const line = await openLine({ deviceId: spec.id, serial: touched, signal, openMs: spec.timeouts.startMs });
      await line.close();
      for (const deadline = performance.now() + TOUCH_GONE_MS; performance.now() < deadline;) {
        const now = await here();
        if (now === null || now.path !== before.path || now.info?.usb?.productId !== before.info?.usb?.productId) return;
        await pause(LOOK_MS, signal, spec.id);
      }
    },
  };
}

/** Is the port there, and may it be opened? A far one is not asked: connecting might take it from someone. */
export async function probePort(deviceId: string, { port }: SerialSpec, comesWithFlashing: boolean): Promise<Usability> {
  if (!isNear(port)) {
    const [scheme, { host, port: number }] = 'tcp' in port ? ['tcp', port.tcp] as const : ['rfc2217', port.rfc2217] as const;
    return { usable: true, found: [`${scheme}://${host}:${number} (not tried)`], missing: [] };
  }
  try {
    const { path, name } = await resolvePort(port, { deviceId });
    const reason = await obstacle(deviceId, path, name);
    // Someone else may be a run of this device: the lease tells that better.
    if (reason !== null && reason.code !== 'port.busy') throw reason;
    return { usable: true, found: [`port ${name}`, ...(reason === null ? [] : [reason.message])], missing: [] };
  } catch (error) {
    if (!(error instanceof HilError)) throw error;
    if (comesWithFlashing && error.code === 'port.not-found') return { usable: true, found: ['no port yet: it comes with the first image'], missing: [] };
    return { usable: false, found: [], missing: [{ what: error.message, howToGet: error.hint ?? '' }] };
  }
}
