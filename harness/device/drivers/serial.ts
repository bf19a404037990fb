import { HilError } from '../../errors.ts';
import type { SerialLine } from '../../link/transports/line.ts';
import { openLine, pulseReset } from '../../link/transports/open-line.ts';
import type { Device, DeviceSession, Image, StartOptions, Usability } from '../device.ts';
import { createFlasher } from '../flashers/index.ts';
import type { Flasher } from '../flashers/index.ts';
import type { UsbPlaces } from '../flashers/usb-probes.ts';
import type { Keeper } from '../keeper.ts';
import { throwIfAborted } from '../session.ts';
import type { DeviceSpec } from '../spec.ts';
import { boardPort, openWhenThere, pause, probePort } from './serial-port.ts';
import { cyclePower, probePower } from './serial-power.ts';
import { openSerialSession } from './serial-session.ts';
import { askWhoRuns } from './serial-who-runs.ts';
import type { Known } from './serial-who-runs.ts';

export interface SerialDriverOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly keeper?: Keeper;
  /** Where the system lists USB devices; tests pass folders of their own. */
  readonly usb?: UsbPlaces;
}

/**
 * A board on a serial line. It is flashed only where it does not already run the image, and goes on running when a session ends.
 * Errors: port.* (the line), flash.* (the tool), power.* (the supply), all of kind 'bench'.
 */
export function createSerialDevice(spec: DeviceSpec, options: SerialDriverOptions = {}): Device {
  const { serial } = spec;
  if (serial === undefined) throw new HilError('config', 'device.invalid', `device ${spec.id}: $.serial is missing`);
  const env = options.env ?? process.env;
  const context = { deviceId: spec.id, env, ...(options.keeper ? { keeper: options.keeper } : {}), ...(options.usb ? { usb: options.usb } : {}) };
  const stock = spec.firmware === 'mlperf-tiny';
  const flasher = spec.flasher === undefined || stock ? null : createFlasher(spec.flasher, context);
  const { power } = spec;
  const pulses = serial.reset.onOpen !== 'none';
  const open = (signal: AbortSignal): Promise<SerialLine> => openLine({ deviceId: spec.id, serial, signal, openMs: spec.timeouts.startMs });

  /** Resets the board where a control line does that, and waits until it can hear. */
  async function reset(line: SerialLine, signal: AbortSignal): Promise<void> {
    if (await pulseReset(line, serial!.reset, { deviceId: spec.id, signal })) await pause(serial!.reset.bootMs, signal, spec.id);
  }

  async function start(image: Image | 'attached', start: StartOptions): Promise<DeviceSession> {
    const { signal } = start;
    throwIfAborted(signal, spec.id);
    const notes: string[] = [];
    let line: SerialLine | null = null;
    try {
      line = await firstOpen(signal, image === 'attached' ? null : flasher);
      let known: Known | null = null;
      if (line !== null) {
        const fresh = image !== 'attached' && pulses;
        if (fresh) await reset(line, signal);
        // Attached, all that is asked is the speed.
        if (!stock && (image !== 'attached' || serial!.baud.faster.length > 0)) known = await askWhoRuns(line, serial!, { deviceId: spec.id, signal, fresh });
        // Lost while it was asked: someone else's port (a server that takes one client), or a cable. Flashing now would hit a board
        // that another run is using. Only a port of the board's own may go, with the reset that opening it caused.
        if (known === null && line.failure !== undefined && flasher?.usesBoardUsb !== true) throw line.failure;
      }
      if (image !== 'attached' && flasher !== null && known?.hello.buildId !== image.buildId) {
        await line?.close();
        line = null;
        notes.push(...await flash(flasher, image, start));
        start.onStep?.('waiting for the port');
        line = await openWhenThere(() => open(signal), { deviceId: spec.id, signal, waitMs: spec.timeouts.startMs });
        await line.discardInput();
        await reset(line, signal);
        if (!pulses) await pause(serial!.reset.bootMs, signal, spec.id);
        known = null;
      } else if (image !== 'attached') {
        notes.push(whyNotFlashed(image, known, flasher, stock));
      }
      if (known !== null && known.baud !== serial!.baud.start) notes.push(`the board still ran at ${known.baud} baud`);
      const session = openSerialSession({ deviceId: spec.id, line: line!, serial: serial!, baud: known?.baud ?? serial!.baud.start, signal, notes });
      line = null;
      return session;
    } finally {
      await line?.close();
    }
  }

  /** A blank board whose port is its firmware's own USB has none before it is flashed: null then. */
  async function firstOpen(signal: AbortSignal, flasher: Flasher | null): Promise<SerialLine | null> {
    return open(signal).catch((error: unknown) => {
      if (flasher?.usesBoardUsb === true && error instanceof HilError && error.code === 'port.not-found') return null;
      throw error;
    });
  }

  async function flash(flasher: Flasher, image: Image, { signal, workDir, onStep }: StartOptions): Promise<readonly string[]> {
    const port = boardPort(spec, serial!);
    const { notes } = await flasher.flash(image, { signal, workDir, timeoutMs: spec.timeouts.startMs, onStep, ...(port === null ? {} : { port }) });
    return notes;
  }

  async function recover({ signal, workDir }: { readonly signal: AbortSignal; readonly workDir: string }): Promise<string> {
    throwIfAborted(signal, spec.id);
    const timeoutMs = spec.timeouts.startMs;
    if (power !== undefined) {
      await cyclePower(power, { ...context, signal, workDir, timeoutMs });
      // With the supply goes the port of a board that is its own USB device.
      const line = await openWhenThere(() => open(signal), { deviceId: spec.id, signal, waitMs: timeoutMs });
      await line.close();
      await pause(serial!.reset.bootMs, signal, spec.id);
      return `power off for ${power.offMs} ms and on again`;
    }
    if (flasher?.reset !== undefined) {
      await flasher.reset({ signal, workDir, timeoutMs });
      await pause(serial!.reset.bootMs, signal, spec.id);
      return `reset with ${flasher.tool}`;
    }
    const line = await open(signal);
    try {
      await reset(line, signal);
    } finally {
      await line.close();
    }
    return `reset by ${serial!.reset.onOpen.toUpperCase()}`;
  }

  return {
    spec,
    async probe(): Promise<Usability> {
      const parts = await Promise.all([
        probePort(spec.id, serial, flasher?.usesBoardUsb ?? false),
        ...(flasher === null ? [] : [flasher.probe()]),
        ...(power === undefined ? [] : [probePower(power, env)]),
      ]);
      const missing = parts.flatMap((part) => part.missing);
      return { usable: missing.length === 0, found: parts.flatMap((part) => part.found), missing };
    },
    start,
    ...(power !== undefined || flasher?.reset !== undefined || pulses ? { recover } : {}),
  };
}

function whyNotFlashed(image: Image, known: Known | null, flasher: Flasher | null, stock: boolean): string {
  if (stock) return 'not flashed: the board runs its own MLPerf Tiny firmware';
  if (flasher !== null || known?.hello.buildId === image.buildId) return 'not flashed: the board already runs this build';
  return known === null
    ? 'not flashed: the device file names no flasher, so the board must already run this build'
    : `not flashed: the device file names no flasher, and the board runs build ${known.hello.buildId} instead of ${image.buildId}`;
}
