import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { HilError } from '../../errors.ts';
import type { TargetEnd } from '../device.ts';
import { throwIfAborted } from '../session.ts';
import type { TargetProcess } from '../target-process.ts';
import { licenceError, quote } from './model.ts';
import { licenceRefusal, loadFailure, parseListening, stopReason } from './output.ts';

const POLL_MS = 10;
/** UART0's. */
const TERMINAL = 'telnetterminal0';
const QUOTED_LINES = 20;

/** Reads along with a model's own output: terminals, and what means that it cannot go on. */
export class ModelText {
  /** Told of a failure that shows only after the session was opened. */
  onFailure: ((error: HilError) => void) | undefined;
  readonly #deviceId: string;
  readonly #pass: (line: string) => void;
  readonly #last: string[] = [];
  #port: number | null = null;
  #failure: HilError | null = null;

  constructor(deviceId: string, pass: (line: string) => void) {
    this.#deviceId = deviceId;
    this.#pass = pass;
  }

  get port(): number | null {
    return this.#port;
  }

  get failure(): HilError | null {
    return this.#failure;
  }

  /** The last lines. */
  get last(): string {
    return this.#last.join('\n');
  }

  take(line: string): void {
    this.#last.push(line);
    if (this.#last.length > QUOTED_LINES) this.#last.shift();
    const terminal = parseListening(line);
    if (terminal?.name === TERMINAL) this.#port ??= terminal.port;
    const load = loadFailure(line);
    if (load !== null) {
      this.#fail(new HilError('bench', 'device.fvp-load', `device ${this.#deviceId}: the model could not load the image: ${load.slice(0, 300)}`, {
        hint: 'The image does not fit this model\'s memory: was it built for this board, and do the device\'s settings leave the memories their size?',
      }));
    }
    const refusal = licenceRefusal(line);
    if (refusal !== null) this.#fail(licenceError(this.#deviceId, refusal));
    this.#pass(line);
  }

  #fail(error: HilError): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    this.onFailure?.(error);
  }
}

/**
 * Waits until the model has opened its terminal for UART0, and connects to it.
 * @throws HilError 'bench' device.fvp-exited, device.fvp-licence, device.fvp-load, device.start-timeout; 'cancelled'
 */
export async function openTerminal(options: {
  readonly deviceId: string;
  readonly target: TargetProcess;
  readonly text: ModelText;
  readonly startMs: number;
  readonly signal: AbortSignal;
  /** Whether the model's output may come late. */
  readonly buffered: boolean;
}): Promise<Socket> {
  const { deviceId, target, text, startMs, signal } = options;
  let end: TargetEnd | null = null;
  void target.ended.then((value) => (end = value));
  const deadline = performance.now() + startMs;
  for (;;) {
    throwIfAborted(signal, deviceId);
    if (text.failure !== null) throw text.failure;
    if (end !== null) throw exited(deviceId, end);
    const socket = text.port === null ? null : await tryConnect(text.port);
    if (socket !== null) return socket;
    if (performance.now() > deadline) throw tooSlow(deviceId, startMs, text, options.buffered);
    await sleep(POLL_MS);
  }
}

function exited(deviceId: string, end: TargetEnd): HilError {
  const how = end.signal === null ? `with status ${end.exitCode}` : `by ${end.signal}`;
  const reason = stopReason(end.text);
  return new HilError('bench', 'device.fvp-exited', `device ${deviceId}: the model ended at once ${how}${reason === null ? '' : ` (${reason})`}${quote(end.text)}`, {
    hint: `Check with: hil devices doctor ${deviceId}`, facts: { ...end },
  });
}

function tooSlow(deviceId: string, startMs: number, text: ModelText, buffered: boolean): HilError {
  const what = text.port === null ? `did not say which port ${TERMINAL} listens on` : `did not take a connection on port ${text.port}`;
  return new HilError('bench', 'device.start-timeout', `device ${deviceId}: the model ${what} within ${startMs} ms (timeouts.startMs)${quote(text.last)}`, {
    hint: buffered ? 'stdbuf (of coreutils) is not there: without it the model\'s output comes late or never. Install it.'
      : 'A big model on a busy computer may need longer: raise timeouts.startMs in the device file.',
  });
}

function tryConnect(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    // Gathering small writes would undo their pace.
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', () => resolve(null));
  });
}
