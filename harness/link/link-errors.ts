import { HilError } from '../errors.ts';
import { ANSWER, refusalReason, typeName } from './protocol.ts';
import type { FaultReport } from './run-messages.ts';
import type { Sample } from './text.ts';

/** What was received before the first HELLO_OK. */
export interface Received {
  readonly bytes: number;
  readonly text: Sample;
  readonly damagedBytes: number;
  readonly frames: number;
}

/** Makes the link's errors, which all name the device. */
export class LinkErrors {
  readonly #device: string;

  constructor(deviceId: string) {
    this.#device = deviceId;
  }

  #bench(code: string, message: string, hint: string, facts: Record<string, unknown> = {}, cause?: unknown): HilError {
    return new HilError('bench', code, `device ${this.#device}: ${message}`, { hint, facts: { device: this.#device, ...facts }, cause });
  }

  noHello(received: Received, deadlineMs: number): HilError {
    const facts = { bytesReceived: received.bytes, deadlineMs };
    const start = `no answer to HELLO within ${deadlineMs} ms`;
    if (received.bytes === 0) {
      return this.#bench('link.no-hello', `${start}; nothing at all was received`,
        'Check that the image was flashed and started, that TX and RX are not swapped, and that it is the right port.', facts);
    }
    if (received.frames > 0) {
      return this.#bench('link.no-hello', `${start}; ${received.frames} frames came, but none that answers`,
        'An agent runs but does not receive: check the wire to the device, and that nobody else uses the port.', facts);
    }
    if (!received.text.empty) {
      const garbage = received.damagedBytes > 0 ? ` and ${received.damagedBytes} bytes that are neither text nor frames` : '';
      return this.#bench('link.no-hello', `${start}; only text was received: ${received.text.toString()}${garbage}`,
        'The device runs, but not the agent, or it stopped before the agent was polled: read the text.', facts);
    }
    return this.#bench('link.no-hello', `${start}; only ${received.bytes} bytes of garbage were received`,
      'Check the baud rate and the clock set-up of the board.', facts);
  }

  version(theirs: number, ours: number): HilError {
    return this.#bench('link.protocol-version', `the agent speaks protocol version ${theirs}, this hil version ${ours}`,
      'Build the image again with the agent that belongs to this hil.', { theirs, ours });
  }

  closed(bytesFromDevice: number, cause: unknown): HilError {
    const why = cause instanceof Error ? ` (${cause.message})` : '';
    return this.#bench('link.closed', `the connection closed after ${bytesFromDevice} bytes from the device${why}`,
      'The target ended, or the cable or its port went away: look at how the target ended.', { bytesFromDevice }, cause);
  }

  closedByUs(): HilError {
    return this.#bench('link.closed', 'the link is closed', 'Open a new link.');
  }

  noAnswer(type: number, attempts: number): HilError {
    return this.#bench('link.no-answer', `${typeName(type)} was sent ${attempts} times and not answered`,
      'Check the line for noise and overruns (lower the baud rate), and that the device still runs.', { request: typeName(type), attempts });
  }

  silent(silenceMs: number): HilError {
    return this.#bench('link.silent', `nothing was heard for ${Math.round(silenceMs)} ms of a RUN, neither progress nor an answer`,
      'The device hangs with interrupts off, lost power or was reset: reset it, or raise silenceMs for a slow one.', { silenceMs });
  }

  runDeadline(deadlineMs: number, done: number): HilError {
    return this.#bench('link.run-deadline', `a RUN was not done within ${deadlineMs} ms (${done} samples were)`,
      'Raise the deadline or run fewer samples at once.', { deadlineMs, done });
  }

  refused(type: number, reason: number): HilError {
    return this.#bench('link.refused', `the agent refused ${typeName(type)}: ${refusalReason(reason)}`,
      'This is a mistake in hil or an image of another version: build the image again, else report it.', { request: typeName(type), reason });
  }

  malformed(type: number, cause: unknown): HilError {
    const why = cause instanceof Error ? cause.message : String(cause);
    return this.#bench('link.malformed', `a ${typeName(type)} frame is not what the protocol says: ${why}`,
      'The agent in the image does not fit this hil: build the image again.', { frame: typeName(type) }, cause);
  }

  outOfPool(what: string, offset: number, count: number, poolBytes: number): HilError {
    return this.#bench('link.out-of-pool', `${what} of ${count} bytes at ${offset} does not fit the pool of ${poolBytes} bytes`,
      'Run fewer samples at once.', { offset, count, poolBytes });
  }

  oversizedRun(bytes: number, limit: number): HilError {
    return this.#bench('link.run-too-long', `a RUN of ${bytes} bytes exceeds what the device takes at once (${limit})`,
      'Capture fewer taps at once: the mask ends with the highest tap in it.', { bytes, limit });
  }

  cancelled(): HilError {
    return new HilError('cancelled', 'link.cancelled', `device ${this.#device}: interrupted`, { facts: { device: this.#device } });
  }

  target(type: number, fault: FaultReport): HilError {
    const where = `sample ${fault.sample}, ${fault.layer === null ? 'layer not known' : `layer ${fault.layer}`}`;
    const pc = fault.pc === null ? '' : `, pc ${fault.pcGuessed ? 'probably ' : ''}0x${fault.pc.toString(16).padStart(8, '0')}`;
    const facts = { device: this.#device, fault };
    if (type === ANSWER.hang) {
      return new HilError('target', 'target.hang',
        `device ${this.#device}: an invocation ran longer than its limit (${fault.elapsedTicks} ticks; ${where}${pc})`,
        { facts, hint: 'The code under test loops for ever, or the limit is too short for this core.' });
    }
    const what = fault.hostSignal ? `signal ${fault.kind}` : `exception ${fault.kind}`;
    return new HilError('target', 'target.fault', `device ${this.#device}: the code under test faulted with ${what} (${where}${pc})`,
      { facts, hint: 'Look up pc and lr in the image (addr2line) for the line of the generated code.' });
  }
}
