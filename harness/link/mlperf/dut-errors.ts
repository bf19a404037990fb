import { HilError, type ErrorKind } from '../../errors.ts';
import { Sample } from '../text.ts';

/** Makes this protocol's errors, which all name the device. What they quote of it is escaped and short. */
export class DutErrors {
  readonly #device: string;

  constructor(deviceId: string) {
    this.#device = deviceId;
  }

  #make(kind: ErrorKind, code: string, message: string, hint: string, facts: Record<string, unknown> = {}, cause?: unknown): HilError {
    return new HilError(kind, code, `device ${this.#device}: ${message}`, { hint, facts: { device: this.#device, ...facts }, cause });
  }

  /** @param heard text since the first command, if any */
  notReady(readyMs: number, heard: string): HilError {
    return heard === ''
      ? this.#make('bench', 'dut.silent', `no m-ready within ${readyMs} ms of "name%", and nothing else was received`,
        'Check that it is the right port and baud rate (115200; 9600 in energy mode), that TX and RX are not swapped, and that the board had the time to boot.', { readyMs })
      : this.#make('bench', 'dut.not-ready', `no answer to "name%" within ${readyMs} ms; what was received: ${quoted(heard)}`,
        'Is this the firmware of MLPerf Tiny (EnergyRunner)? Garbage means another baud rate.', { readyMs });
  }

  noReply(command: string, silenceMs: number, lines: readonly string[]): HilError {
    const what = lines.length === 0 ? 'nothing was received' : `after ${lines.length} lines, the last ${quoted(lines.at(-1) as string)}`;
    return this.#make('bench', 'dut.no-reply', `no m-ready within ${silenceMs} ms to ${quoted(command)}: ${what}`,
      'The board hangs, was reset or lost its power, or a byte was lost: look at the line, and raise the time limit for a slow board.', { command, silenceMs, lines: lines.length });
  }

  babble(command: string, limit: number): HilError {
    return this.#make('bench', 'dut.babble', `more than ${limit} lines without m-ready to ${quoted(command)}`,
      'Another firmware, or one that prints on its own, is at the other end.', { command });
  }

  unexpected(command: string, wanted: string, lines: readonly string[]): HilError {
    return this.#make('bench', 'dut.unexpected', `the reply to ${quoted(command)} has no ${wanted}: ${lines.length === 0 ? 'it is empty' : quoted(lines.join(' / '))}`,
      'Prints of the firmware after m-ready, or an IO manager in between, shift replies: take them out, or say so in the device file.', { command });
  }

  refused(command: string, message: string): HilError {
    const own = message.startsWith('e-[Network error');
    return this.#make(own ? 'target' : 'bench', own ? 'target.network-error' : 'dut.refused', `${quoted(command)} was refused: ${quoted(message)}`,
      own ? 'The network of the firmware itself returned an error.' : 'The firmware is made for another model, or is no MLPerf Tiny firmware.', { command });
  }

  loadFailed(bytes: number, attempts: number, faults: readonly string[]): HilError {
    return this.#make('bench', 'dut.load-failed', `${bytes} bytes could not be loaded in ${attempts} attempts: ${faults.slice(-4).join('; ')}`,
      'The line loses or changes bytes: a shorter cable or a lower baud rate helps. Firmware without db print needs "readBack": false in the device file (mlperfTiny).', { bytes, attempts, faults: faults.slice(-20) });
  }

  damagedResults(message: string): HilError {
    return this.#make('bench', 'dut.damaged-results', `results that are no numbers: ${quoted(message)}`, 'The line changes bytes: check cable and baud rate.');
  }

  notFinite(token: string): HilError {
    return this.#make('target', 'target.not-finite', `a result is ${quoted(token)}`, 'The firmware computes or prints its results wrongly.');
  }

  closed(cause: unknown): HilError {
    const why = cause instanceof Error ? ` (${cause.message})` : '';
    return this.#make('bench', 'dut.closed', `the connection closed${why}`, 'The board or its cable went away: look at the port.', {}, cause);
  }

  cancelled(): HilError {
    return this.#make('cancelled', 'dut.cancelled', 'interrupted', '');
  }
}

function quoted(text: string): string {
  const sample = new Sample(200);
  sample.add(text);
  return sample.toString();
}
