import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { HilError } from '../../errors.ts';
import type { SerialLine } from './line.ts';
import { LineStream } from './line-stream.ts';
import { cancelledLine, portError } from './port-errors.ts';

export interface FarLineOptions {
  /** For messages. */
  readonly deviceId: string;
  readonly host: string;
  readonly port: number;
  /** The speed that the far end runs its port at. */
  readonly baud: number;
  readonly dtr: boolean;
  readonly rts: boolean;
  readonly signal: AbortSignal;
  /** Most time that connecting (and agreeing on options) may take, milliseconds (timeouts.startMs). */
  readonly openMs: number;
}

/** Silence after which the system asks whether the far end still exists; without it a far end that lost power is waited for. */
const KEEP_ALIVE_MS = 5000;
/** Long enough for what lies in the system's buffers to be read and thrown away. */
export const DISCARD_MS = 20;

/**
 * A serial line behind a raw TCP port (ser2net "tcp", a terminal server). Its speed and control lines belong to the far end.
 * @throws HilError 'bench' (port.refused, port.unreachable, port.connect-timeout), 'cancelled'
 */
export async function openTcp(options: FarLineOptions): Promise<SerialLine> {
  const name = `tcp://${hostPort(options)}`;
  const stream = new TcpStream(await connectInTime(options, name), options.deviceId, name);
  return {
    stream, name, baud: options.baud,
    get failure() {
      return stream.failure;
    },
    async setBaud(baud) {
      throw portError(options.deviceId, 'port.baud', `${name} is raw TCP: its speed stays as the far end set it (${options.baud} baud), ${baud} cannot be asked for`,
        'Let the far end speak RFC 2217 and write "rfc2217" instead of "tcp" in the device file, or leave serial.baud.faster empty.', { port: name, baud });
    },
    setLines: async () => undefined,
    discardInput: () => stream.discardReceived(DISCARD_MS),
    close: () => closeStream(stream),
  };
}

/** '[::1]:3001', 'bench:3001' */
export function hostPort({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Connects without delay of small packets, and with a watch over a silent far end. */
export async function connectInTime(options: FarLineOptions, name: string): Promise<Socket> {
  const { deviceId, host, port, signal, openMs } = options;
  if (signal.aborted) throw cancelledLine(deviceId);
  const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
  return new Promise((resolve, reject) => {
    const end = (error: HilError | null): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.removeListener('connect', onConnect);
      socket.removeListener('error', onError);
      if (error === null) return resolve(socket);
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const onConnect = (): void => end(null);
    const onError = (error: Error): void => end(noConnection(deviceId, name, error));
    const onAbort = (): void => end(cancelledLine(deviceId));
    const timer = setTimeout(() => end(portError(deviceId, 'port.connect-timeout', `${name} did not answer within ${openMs} ms (timeouts.startMs)`,
      'Is the far computer on, and does a firewall swallow the connection?', { port: name })), openMs);
    socket.once('connect', onConnect);
    socket.once('error', onError);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

function noConnection(deviceId: string, name: string, cause: Error): HilError {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const facts = { port: name, reason: code };
  if (code === 'ECONNREFUSED') return portError(deviceId, 'port.refused', `${name} refused the connection`, 'Start the server there (ser2net), and check the port number in serial.port.', facts, cause);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return portError(deviceId, 'port.unreachable', `the host of ${name} has no known address`, 'Check the name in serial.port of the device file.', facts, cause);
  return portError(deviceId, 'port.unreachable', `cannot reach ${name}: ${cause.message}`, 'Check the network between here and there.', facts, cause);
}

/** A server that says why it closes does so in a line of text, and nothing else comes before. */
const SAID_LIMIT_BYTES = 200;

/** @param begin what came first, at most SAID_LIMIT_BYTES + 1 bytes */
function farEndGone(deviceId: string, name: string, begin: Buffer, cause: Error | null): HilError {
  // With Telnet talk left out.
  const said = begin.length > SAID_LIMIT_BYTES ? '' : begin.toString('latin1').replaceAll(/\xff[\xfb-\xfe]./gs, '').replaceAll(/[^ -~]+/g, ' ').trim();
  if (begin.length === 0 || /\bin use\b|open failure|unable to open|refused/i.test(said)) {
    return portError(deviceId, 'port.far-busy', `${name} took the connection and closed it${said === '' ? ' without a byte' : `, saying "${said}"`}`,
      'Its serial port is in use by another connection, or cannot be opened there: read the log of the server.', { port: name, said });
  }
  return portError(deviceId, 'port.closed-by-peer', `${name} closed the connection${cause === null ? '' : ` (${cause.message})`}`,
    'The server there ended, another client took the port, or the board was unplugged there.', { port: name }, cause ?? undefined);
}

/** Destroys the stream and waits until its socket is closed. */
export function closeStream(stream: LineStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) return resolve();
    stream.once('close', () => resolve());
    stream.destroy();
  });
}

/** The bytes of a socket, as they are; a subclass may translate them. */
export class TcpStream extends LineStream {
  protected readonly socket: Socket;
  #begin = Buffer.alloc(0);

  constructor(socket: Socket, deviceId: string, name: string) {
    super();
    this.socket = socket;
    let cause: Error | null = null;
    socket.on('data', (chunk: Buffer) => {
      if (this.#begin.length <= SAID_LIMIT_BYTES) this.#begin = Buffer.concat([this.#begin, chunk.subarray(0, SAID_LIMIT_BYTES + 1)]).subarray(0, SAID_LIMIT_BYTES + 1);
      if (!this.over && !this.destroyed && !this.received(chunk)) socket.pause();
    });
    socket.on('error', (error) => (cause = error));
    socket.once('end', () => this.ended(farEndGone(deviceId, name, this.#begin, null)));
    socket.once('close', () => this.ended(farEndGone(deviceId, name, this.#begin, cause)));
    socket.pause();
  }

  /** Called before lost(). */
  protected ended(failure: HilError): void {
    this.lost(failure);
  }

  /** @returns false where the reader is behind */
  protected received(chunk: Buffer): boolean {
    return this.push(chunk);
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.over) return done();
    // A connection that broke says so on the reading side, after the last words.
    this.socket.write(chunk, () => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.socket.closed) return done(error);
    this.socket.once('close', () => done(error));
    this.socket.destroy();
  }
}
