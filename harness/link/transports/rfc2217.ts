import type { Socket } from 'node:net';
import type { HilError } from '../../errors.ts';
import type { SerialLine } from './line.ts';
import { cancelledLine, noSuchBaud, portError } from './port-errors.ts';
import { ANSWERS, COM_PORT, CONTROL, decodeComPort, encodeComPort, encodeVerb, escapeIac, NOTIFY, OPTION, PURGE_RECEIVED, TelnetDecoder } from './rfc2217-codec.ts';
import { closeStream, connectInTime, DISCARD_MS, hostPort, TcpStream } from './tcp.ts';
import type { FarLineOptions } from './tcp.ts';
import { TelnetOptions } from './telnet-options.ts';

/** Purging is a help, not a need: some servers never answer it (labgrid #1779). */
const PURGE_MS = 500;
/** How long bytes may take to leave before the speed changes under them. */
const HAND_ON_MS = 1000;
const BAUD_TOLERANCE = 0.02;

/**
 * A serial line behind an RFC 2217 server (ser2net "telnet(rfc2217)"): bytes as they are, speed and control lines from here.
 * 8N1, no flow control. Answers to DTR and RTS are not waited for: ser2net gives none where its port is a pty.
 * @throws HilError 'bench' (as openTcp, and port.no-rfc2217, port.far-busy, port.baud, port.no-answer), 'cancelled'
 */
export async function openRfc2217(options: FarLineOptions): Promise<SerialLine> {
  const { deviceId, openMs, signal, baud } = options;
  const name = `rfc2217://${hostPort(options)}`;
  const deadline = performance.now() + openMs;
  const stream = new Rfc2217Stream(await connectInTime(options, name), deviceId, name);
  const abort = (): void => stream.giveUp(cancelledLine(deviceId));
  signal.addEventListener('abort', abort, { once: true });
  try {
    if (signal.aborted) abort();
    const left = (): number => Math.max(1, deadline - performance.now());
    await stream.agree(left(), openMs);
    const line = new Rfc2217Line(stream, options, name);
    await line.setBaud(baud);
    for (const [command, value] of [[COM_PORT.dataSize, 8], [COM_PORT.parity, 1], [COM_PORT.stopSize, 1]] as const) {
      await stream.ask(command, value, left());
    }
    stream.tell(COM_PORT.control, CONTROL.noFlowControl);
    await line.setLines({ dtr: options.dtr, rts: options.rts });
    if (signal.aborted) throw cancelledLine(deviceId);
    return line;
  } catch (error) {
    await closeStream(stream);
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

class Rfc2217Line implements SerialLine {
  readonly stream: Rfc2217Stream;
  readonly name: string;
  readonly #options: FarLineOptions;
  #baud = 0;

  constructor(stream: Rfc2217Stream, options: FarLineOptions, name: string) {
    this.stream = stream;
    this.name = name;
    this.#options = options;
  }

  get baud(): number {
    return this.#baud;
  }

  get failure(): HilError | undefined {
    return this.stream.failure;
  }

  async setBaud(baud: number): Promise<void> {
    await this.stream.handedOn(HAND_ON_MS);
    const actual = await this.stream.ask(COM_PORT.baud, baud, this.#options.openMs);
    if (Math.abs(actual - baud) > baud * BAUD_TOLERANCE) throw noSuchBaud(this.#options.deviceId, this.name, baud, actual);
    this.#baud = baud;
  }

  async setLines(levels: { readonly dtr?: boolean; readonly rts?: boolean }): Promise<void> {
    if (levels.dtr !== undefined) this.stream.tell(COM_PORT.control, levels.dtr ? CONTROL.dtrOn : CONTROL.dtrOff);
    if (levels.rts !== undefined) this.stream.tell(COM_PORT.control, levels.rts ? CONTROL.rtsOn : CONTROL.rtsOff);
  }

  async discardInput(): Promise<void> {
    await this.stream.ask(COM_PORT.purge, PURGE_RECEIVED, PURGE_MS).catch((error: unknown) => {
      if (this.failure !== undefined) throw error;
    });
    await this.stream.discardReceived(DISCARD_MS);
  }

  close(): Promise<void> {
    return closeStream(this.stream);
  }
}

interface Waiter {
  readonly resolve: (value: number) => void;
  readonly reject: (error: HilError) => void;
}

/** The line's bytes freed of Telnet, and the talk about the port beside them. */
class Rfc2217Stream extends TcpStream {
  readonly #deviceId: string;
  readonly #name: string;
  readonly #options: TelnetOptions;
  readonly #decoder: TelnetDecoder;
  /** By command; a server answers in the order of the questions. */
  readonly #waiting = new Map<number, Waiter[]>();
  #agreeing: { readonly resolve: () => void; readonly reject: (error: HilError) => void } | null = null;
  #room = true;
  #suspended = false;
  #resume: (() => void) | null = null;

  constructor(socket: Socket, deviceId: string, name: string) {
    super(socket, deviceId, name);
    this.#deviceId = deviceId;
    this.#name = name;
    this.#options = new TelnetOptions((verb, option) => void this.socket.write(encodeVerb(verb, option)));
    this.#decoder = new TelnetDecoder({
      data: (bytes) => (this.#room = this.push(Buffer.from(bytes))),
      verb: (verb, option) => this.#options.received(verb, option),
      subnegotiation: (option, payload) => this.#heard(option, payload),
    });
    // The talk about the port must go on while nobody reads the line's bytes.
    this.read(0);
  }

  /** Agrees on Telnet options. @param limitMs for the message */
  async agree(ms: number, limitMs: number): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    const agreed = new Promise<void>((resolve, reject) => (this.#agreeing = { resolve, reject }));
    const timer = setTimeout(() => this.giveUp(portError(this.#deviceId, 'port.no-rfc2217', `${this.#name} did not agree to RFC 2217 within ${limitMs} ms (timeouts.startMs)`,
      'Is it a raw TCP port (then write "tcp" in the device file), or is RFC 2217 off there (ser2net: telnet(rfc2217))?', { port: this.#name })), ms);
    // As one write: a server that has already hung up answers the second with a reset, which takes away what it said.
    this.socket.cork();
    this.#options.ask();
    this.socket.uncork();
    await agreed.finally(() => clearTimeout(timer));
  }

  /** Sends a command of which nothing is waited for. */
  tell(command: number, value: number): void {
    if (!this.over && !this.destroyed) this.socket.write(encodeComPort(command, value));
  }

  /** Sends a command and waits for the server's value. @throws HilError 'bench' port.no-answer, or what ended the line */
  async ask(command: number, value: number, ms: number): Promise<number> {
    if (this.failure !== undefined) throw this.failure;
    if (this.destroyed) throw this.#closedError();
    const waiters = this.#waiting.get(command) ?? [];
    this.#waiting.set(command, waiters);
    const answer = new Promise<number>((resolve, reject) => waiters.push({ resolve, reject }));
    const waiter = waiters.at(-1)!;
    const timer = setTimeout(() => {
      waiters.splice(waiters.indexOf(waiter), 1);
      waiter.reject(portError(this.#deviceId, 'port.no-answer', `${this.#name} did not answer RFC 2217 command ${command} within ${Math.round(ms)} ms`,
        'The server hangs, or knows no such command: look at its log.', { port: this.#name, command }));
    }, ms);
    this.tell(command, value);
    return answer.finally(() => clearTimeout(timer));
  }

  /** Fails everything that is waited for. */
  giveUp(error: HilError): void {
    this.#agreeing?.reject(error);
    this.#agreeing = null;
    for (const waiters of this.#waiting.values()) for (const waiter of waiters.splice(0)) waiter.reject(error);
  }

  protected override ended(failure: HilError): void {
    this.giveUp(failure);
    this.#letOn();
    super.ended(failure);
  }

  protected override received(chunk: Buffer): boolean {
    this.#room = true;
    this.#decoder.feed(chunk);
    if (this.#agreeing !== null) this.#look();
    return this.#room;
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#suspended && !this.over) this.#resume = () => super._write(escapeIac(chunk), encoding, done);
    else super._write(escapeIac(chunk), encoding, done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.giveUp(this.failure ?? this.#closedError());
    this.#letOn();
    super._destroy(error, done);
  }

  #closedError(): HilError {
    return portError(this.#deviceId, 'port.closed', `${this.#name} is closed`, 'Open it again.', { port: this.#name });
  }

  #look(): void {
    const { agreed, refused } = this.#options;
    if (agreed) this.#agreeing?.resolve();
    else if (refused === null) return;
    else this.#agreeing?.reject(portError(this.#deviceId, 'port.no-rfc2217', `${this.#name} refused the Telnet option ${refused}`,
      'Turn RFC 2217 on there (ser2net: telnet(rfc2217)), or write "tcp" in the device file and use a raw port.', { port: this.#name, refused }));
    this.#agreeing = null;
  }

  #heard(option: number, payload: Buffer): void {
    const message = option === OPTION.comPort ? decodeComPort(payload) : null;
    if (message === null) return;
    const { command, value } = message;
    if (command === NOTIFY.suspend) this.#suspended = true;
    else if (command === NOTIFY.resume) this.#letOn();
    else this.#waiting.get(command - ANSWERS)?.shift()?.resolve(value);
  }

  #letOn(): void {
    this.#suspended = false;
    const resume = this.#resume;
    this.#resume = null;
    resume?.();
  }
}
