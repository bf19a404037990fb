import { execa } from 'execa';
import { setTimeout as sleep } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { portHolders } from '../../device/ports/holders.ts';
import type { SerialLine } from './line.ts';
import { busy, cancelledLine, noSuchBaud, notATty, obstacle, openFailure, portError, unplugged } from './port-errors.ts';
import { TtyStream } from './tty-stream.ts';
import type { BindingPort } from './tty-stream.ts';

export interface SerialPortOptions {
  /** For messages. */
  readonly deviceId: string;
  readonly path: string;
  /** How to name the port to people. Default: the path. */
  readonly name?: string;
  readonly baud: number;
  /**
   * Levels of DTR and RTS while the port is open. Default true, both. The kernel raises both for a moment when a port is opened,
   * whatever is wanted here: only a port that was left raised (keepLines) is opened without an edge.
   */
  readonly dtr?: boolean;
  readonly rts?: boolean;
  /** Leave DTR and RTS up when the port is closed, so that a board which takes an edge for a reset survives the next opening. Default false. */
  readonly keepLines?: boolean;
  readonly signal: AbortSignal;
  /** Most time that opening may take, milliseconds (Device timeouts.startMs). */
  readonly openMs: number;
  /** Where ports come from. Default: serialport's binding for this system. */
  readonly binding?: { open(options: { path: string; baudRate: number; lock: boolean; hupcl: boolean }): Promise<BindingPort> };
}

const DRAIN_MS = 1000;
/** UARTs work up to about this error between both sides; half of it is left to the board. */
const BAUD_TOLERANCE = 0.02;

/**
 * Opens a serial port of this computer: 8N1, raw, no flow control, for this process alone.
 * @throws HilError 'bench' (port.not-found, port.no-permission, port.busy, port.not-a-tty, port.baud, port.open-timeout,
 *   port.cannot-open), 'cancelled'
 */
export async function openSerialPort(options: SerialPortOptions): Promise<SerialLine> {
  const { deviceId, path, baud, signal } = options;
  const name = options.name ?? path;
  if (signal.aborted) throw cancelledLine(deviceId);
  const refusal = await obstacle(deviceId, path, name);
  if (refusal !== null) throw refusal;
  const port = await openInTime(options, name);
  let line: NearLine | null = null;
  try {
    if ('poller' in port && port.fd !== null && !isatty(port.fd)) throw notATty(deviceId, name);
    // Two may have looked at the same time, and only one of them needs to use locks.
    const others = (await portHolders(path)).filter((holder) => holder.pid !== process.pid);
    if (others.length > 0) throw busy(deviceId, name, others);
    await checkBaud(port, deviceId, name, baud);
    if (options.keepLines === true) await keepLinesOnClose(path);
    line = new NearLine(port, deviceId, name, baud);
    await line.setLines({ dtr: options.dtr ?? true, rts: options.rts ?? true });
    if (signal.aborted) throw cancelledLine(deviceId);
    return line;
  } catch (error) {
    await (line ?? port).close().catch(() => undefined);
    throw error;
  }
}

async function openInTime(options: SerialPortOptions, name: string): Promise<BindingPort> {
  const { deviceId, path, baud, signal, openMs } = options;
  const binding = options.binding ?? (await systemBinding(deviceId));
  const opening: Promise<BindingPort> = binding.open({ path, baudRate: baud, lock: true, hupcl: options.keepLines !== true });
  const over = new AbortController();
  const stop = sleep(openMs, null, { signal: AbortSignal.any([signal, over.signal]) }).catch(() => null);
  try {
    const port = await Promise.race([opening, stop]);
    if (port !== null) return port;
    // Opening cannot be called off: whenever it succeeds, the port is let go.
    opening.then((late) => late.close(), () => undefined).catch(() => undefined);
    if (signal.aborted) throw cancelledLine(deviceId);
    throw portError(deviceId, 'port.open-timeout', `${name} was not open after ${openMs} ms (timeouts.startMs)`, 'Plug the board in again: its USB side hangs.', { port: name });
  } catch (error) {
    throw error instanceof Error && 'kind' in error ? error : await openFailure(deviceId, path, name, baud, error);
  } finally {
    over.abort();
  }
}

/** Loaded when a port is opened: it is native code, which costs every start of hil some 20 ms, and some computers have none for it. */
async function systemBinding(deviceId: string): Promise<NonNullable<SerialPortOptions['binding']>> {
  try {
    return (await import('serialport')).SerialPort.binding;
  } catch (cause) {
    throw portError(deviceId, 'port.no-serialport', `the package serialport does not load on this computer: ${(cause as Error).message}`,
      'Run "npm rebuild @serialport/bindings-cpp" (it needs a C++ compiler), or reach the board by rfc2217 from another computer.', {}, cause);
  }
}

/** The system may take another speed than was asked for, and say nothing. Set a second time, as whoever has just made the port may set it too. */
async function checkBaud(port: BindingPort, deviceId: string, name: string, baud: number): Promise<void> {
  const far = async (): Promise<number | null> => {
    const actual = await port.getBaudRate().then((answer) => answer.baudRate, () => null); // macOS does not tell
    return actual !== null && Math.abs(actual - baud) > baud * BAUD_TOLERANCE ? actual : null;
  };
  if ((await far()) === null) return;
  await port.update({ baudRate: baud });
  const actual = await far();
  if (actual !== null) throw noSuchBaud(deviceId, name, baud, actual);
}

/**
 * serialport's `hupcl: false` leaves the setting as it is, and a new port drops its lines. By the path: our own descriptor as
 * stty's standard input would be made blocking by libuv, here too, and a read on it then never returns.
 */
async function keepLinesOnClose(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await execa('stty', [process.platform === 'darwin' ? '-f' : '-F', path, '-hupcl'], { stdin: 'ignore', reject: false, timeout: DRAIN_MS });
}

class NearLine implements SerialLine {
  readonly stream: TtyStream;
  readonly name: string;
  readonly #port: BindingPort;
  readonly #deviceId: string;
  readonly #lines = { dtr: true, rts: true };
  #baud: number;

  constructor(port: BindingPort, deviceId: string, name: string, baud: number) {
    this.#port = port;
    this.#deviceId = deviceId;
    this.name = name;
    this.#baud = baud;
    this.stream = new TtyStream(port, (why) => unplugged(deviceId, name, why));
  }

  get baud(): number {
    return this.#baud;
  }

  get failure(): SerialLine['failure'] {
    return this.stream.failure;
  }

  async setBaud(baud: number): Promise<void> {
    this.#usable();
    // A device that takes nothing would hold this up for ever; what is left is thrown away by the update.
    await this.stream.handedOn(DRAIN_MS);
    await Promise.race([this.#port.drain().catch(() => undefined), sleep(DRAIN_MS, undefined, { ref: false })]);
    try {
      await this.#port.update({ baudRate: baud });
    } catch (error) {
      this.#usable();
      throw noSuchBaud(this.#deviceId, this.name, baud, null, error);
    }
    await checkBaud(this.#port, this.#deviceId, this.name, baud);
    this.#baud = baud;
  }

  async setLines(levels: { readonly dtr?: boolean; readonly rts?: boolean }): Promise<void> {
    this.#usable();
    Object.assign(this.#lines, levels);
    try {
      await this.#port.set({ ...this.#lines, brk: false, cts: false, dsr: false });
    } catch (error) {
      this.#usable();
      // A pseudo-terminal has no such lines.
      if (/Inappropriate ioctl|Invalid argument/i.test((error as Error).message)) return;
      throw portError(this.#deviceId, 'port.lines', `cannot set DTR and RTS of ${this.name}: ${(error as Error).message}`, 'Plug the board in again.', { port: this.name }, error);
    }
  }

  async discardInput(): Promise<void> {
    this.#usable();
    await this.#port.flush().catch(() => undefined); // a port that went away says so on its stream
    await this.stream.discardReceived(0);
  }

  async close(): Promise<void> {
    this.stream.destroy();
    await this.stream.release().catch((cause: unknown) => {
      throw portError(this.#deviceId, 'port.cannot-close', `cannot close ${this.name}`, 'Plug the board in again.', { port: this.name }, cause);
    });
  }

  #usable(): void {
    if (this.failure !== undefined) throw this.failure;
    if (this.stream.destroyed) throw portError(this.#deviceId, 'port.closed', `${this.name} is closed`, 'Open it again.', { port: this.name });
  }
}
