import { HilError } from '../errors.ts';
import type { LastWords } from './banners.ts';
import { resetMeaning } from './boot.ts';
import type { Boot } from './boot.ts';
import { ANSWER, refusalReason, typeName } from './protocol.ts';
import type { FaultReport } from './run-messages.ts';
import { quoted } from './text.ts';
import type { Sample } from './text.ts';

/** So many starts without an answer to HELLO are a loop: flashing and opening the port can each reset a board once. */
const LOOP_STARTS = 3;
/** KIND beside the exception numbers (docs/protocol.md, FAULT). */
const KIND_ASSERT = 0x100;
const KIND_EXIT = 0x101;

/** What was received before the first HELLO_OK. */
export interface Received {
  readonly bytes: number;
  readonly text: Sample;
  readonly damagedBytes: number;
  readonly frames: number;
  /** Every BOOT among them. */
  readonly boots: readonly Boot[];
}

/** Makes the link's errors, which all name the device. */
export class LinkErrors {
  readonly #device: string;
  readonly #words: LastWords;

  /** @param words what the device printed lately */
  constructor(deviceId: string, words: LastWords) {
    this.#device = deviceId;
    this.#words = words;
  }

  #bench(code: string, message: string, hint: string, facts: Record<string, unknown> = {}, cause?: unknown): HilError {
    return new HilError('bench', code, `device ${this.#device}: ${message}`, { hint, facts: { device: this.#device, ...facts }, cause });
  }

  /** The device is gone or mute: where it had said why, that counts; else what it printed last is told. */
  #mute(code: string, message: string, hint: string, facts: Record<string, unknown> = {}, cause?: unknown): HilError {
    const { banner, line } = this.#words;
    if (banner?.meaning === 'brown-out') return this.#brownOut(`${message}; before that`, facts);
    if (banner?.meaning === 'crash') {
      return new HilError('target', 'target.crashed', `device ${this.#device}: ${message}, after ${banner.system} had said ${quoted(banner.line)}`,
        { hint: 'The firmware says that it died: read the lines that it printed (log.txt).', facts: { device: this.#device, ...facts, printed: banner.line }, cause });
    }
    const last = line === '' ? '' : `; it printed last: ${quoted(line)}`;
    return this.#bench(code, `${message}${last}`, hint, line === '' ? facts : { ...facts, printed: line }, cause);
  }

  #brownOut(message: string, facts: Record<string, unknown>): HilError {
    const { banner } = this.#words;
    return this.#bench('link.brown-out', `${message} ${banner?.system ?? 'the device'} said ${quoted(banner?.line ?? '')}`,
      'Check the supply and the cable: a weak USB port or hub, a load that is switched on, a loose plug.', { ...facts, printed: banner?.line });
  }

  /** A BOOT in the middle of a session with the image `expected`. @param running whether a RUN was under way */
  reset(boot: Boot, running: boolean, expected: string): HilError {
    const { kind, code, what, hint } = resetMeaning(boot, running, expected);
    return new HilError(kind, code, `device ${this.#device}: ${what}`, { hint, facts: { device: this.#device, causes: boot.causes, running } });
  }

  #resetLoop(boots: readonly Boot[], deadlineMs: number): HilError {
    const last = boots.at(-1) as Boot;
    const { kind, code, what, hint } = resetMeaning(last, false, null);
    const known = last.causes.length > 0;
    return new HilError(kind, kind === 'target' ? 'target.reset-loop' : known ? code : 'link.reset-loop',
      `device ${this.#device}: it starts again and again (${boots.length} times within ${deadlineMs} ms) and answers no HELLO; ${known ? `last, ${what}` : 'the chip does not tell why'}`,
      { hint, facts: { device: this.#device, boots: boots.length, causes: last.causes, buildId: last.buildId, deadlineMs } });
  }

  noHello(received: Received, deadlineMs: number): HilError {
    const facts = { bytesReceived: received.bytes, deadlineMs };
    const start = `no answer to HELLO within ${deadlineMs} ms`;
    const { banner, starts } = this.#words;
    if (received.boots.length >= LOOP_STARTS) return this.#resetLoop(received.boots, deadlineMs);
    if (banner?.meaning === 'brown-out') return this.#brownOut(`${start};`, facts);
    if (starts >= LOOP_STARTS) {
      return this.#bench('link.reset-loop', `${start}; the device starts again and again: ${received.text.toString()}`,
        'Read why it resets: its supply, a watchdog that nobody feeds, or an image for another board.', { ...facts, starts });
    }
    if (banner?.meaning === 'crash') {
      return this.#bench('link.no-hello', `${start}; the firmware died at its start: ${banner.system} said ${quoted(banner.line)}`,
        'None of the code under test had been called yet but its static initialisers: check that the image is for this board.', { ...facts, printed: banner.line });
    }
    if (received.bytes === 0) {
      return this.#bench('link.no-hello', `${start}; nothing at all was received`,
        'Check that the image was flashed and started, that TX and RX are not swapped, and that it is the right port.', facts);
    }
    if (received.frames > 0) {
      const said = received.boots.length > 0 ? `, ${received.boots.length} of them BOOT` : '';
      return this.#bench('link.no-hello', `${start}; ${received.frames} frames came${said}, but none that answers`,
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
    return this.#mute('link.closed', `the connection closed after ${bytesFromDevice} bytes from the device${why}`,
      'The target ended, or the cable or its port went away: look at how the target ended.', { bytesFromDevice }, cause);
  }

  closedByUs(): HilError {
    return this.#bench('link.closed', 'the link is closed', 'Open a new link.');
  }

  noAnswer(type: number, attempts: number): HilError {
    return this.#mute('link.no-answer', `${typeName(type)} was sent ${attempts} times and not answered`,
      'Check the line for noise and overruns (lower the baud rate), and that the device still runs.', { request: typeName(type), attempts });
  }

  silent(silenceMs: number): HilError {
    return this.#mute('link.silent', `nothing was heard for ${Math.round(silenceMs)} ms of a RUN, neither progress nor an answer`,
      'The device hangs with interrupts off, lost power or was reset: reset it, or raise silenceMs for a slow one.', { silenceMs });
  }

  runDeadline(deadlineMs: number, done: number): HilError {
    return this.#bench('link.run-deadline', `a RUN was not done within ${deadlineMs} ms (${done} samples were)`,
      'Raise the deadline or run fewer samples at once.', { deadlineMs, done });
  }

  /** Neither the new speed nor the old one brings an answer. */
  speedLost(baud: number, from: number, deadlineMs: number): HilError {
    return this.#mute('link.speed-lost', `after a change to ${baud} baud failed, HELLO was not answered at ${from} baud within ${deadlineMs} ms either`,
      'Reset the board; take this speed out of the device file.', { baud, from, deadlineMs });
  }

  /** What a question of changeBaud ends with that has no answer; caught there. */
  unproven(baud: number): HilError {
    return this.#bench('link.speed-unproven', `the line does not work at ${baud} baud`, 'Take this speed out of the device file.', { baud });
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

  /** A FAULT or HANG. Where assert() or abort() was called, the line printed just before is its message. */
  target(type: number, fault: FaultReport): HilError {
    const printed = this.#words.line;
    const where = `sample ${fault.sample}, ${fault.layer === null ? 'layer not known' : `layer ${fault.layer}`}`;
    const pc = fault.pc === null ? '' : `, pc ${fault.pcGuessed ? 'probably ' : ''}0x${fault.pc.toString(16).padStart(8, '0')}`;
    const facts = { device: this.#device, fault, printed: printed === '' ? null : printed };
    if (type === ANSWER.hang) {
      return new HilError('target', 'target.hang',
        `device ${this.#device}: an invocation ran longer than its limit (${fault.elapsedTicks} ticks; ${where}${pc})`,
        { facts, hint: 'The code under test loops for ever, or the limit is too short for this core.' });
    }
    if (!fault.hostSignal && (fault.kind === KIND_ASSERT || fault.kind === KIND_EXIT)) {
      const what = fault.kind === KIND_ASSERT ? 'failed an assert()' : 'called abort() or exit()';
      return new HilError('target', 'target.fault', `device ${this.#device}: the code under test ${what} (${where}${pc})${printed === '' ? '' : `: ${quoted(printed)}`}`,
        { facts, hint: 'Look at the line that is named: the generated code found its own state wrong.' });
    }
    const what = fault.hostSignal ? `signal ${fault.kind}` : `exception ${fault.kind}`;
    return new HilError('target', 'target.fault', `device ${this.#device}: the code under test faulted with ${what} (${where}${pc})`,
      { facts, hint: 'Look up pc and lr in the image (addr2line) for the line of the generated code.' });
  }
}
