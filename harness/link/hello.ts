import { randomInt } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { HilError } from '../errors.ts';
import type { Clock } from './clock.ts';
import { decodeRecord, encodeFrame, MAX_RECORD_BYTES } from './frame.ts';
import { decodeHelloOk, encodeHello, peekHello } from './messages.ts';
import type { Hello } from './messages.ts';
import { ANSWER, PROTOCOL_VERSION, REQUEST } from './protocol.ts';
import { single } from './request.ts';
import type { Wire } from './wire.ts';

/** Time between two HELLOs until one is answered. */
export const HELLO_INTERVAL_MS = 150;

/** A number that no earlier session's answer carries but by chance (1 in 4 billion); never 0, which memory is full of. */
export function newNonce(): number {
  return randomInt(1, 2 ** 32);
}

/** Says HELLO until it is answered or the caller gives up. @throws HilError 'bench' link.protocol-version, link.malformed, ... */
export async function askHello(wire: Wire): Promise<Hello> {
  const nonce = newNonce();
  let hello: Hello | undefined;
  await wire.exchange.submit(single({
    type: REQUEST.hello,
    kind: 'hello',
    payload: encodeHello(nonce),
    accept: (frame) => {
      if (frame.type !== ANSWER.hello) return false;
      const theirs = peekHello(frame.payload);
      if (theirs.nonce !== nonce) return false; // to a question of an earlier session
      if (theirs.protocolVersion !== PROTOCOL_VERSION) throw wire.errors.version(theirs.protocolVersion, PROTOCOL_VERSION);
      hello = decodeHelloOk(frame.payload);
      wire.session = hello.buildId;
      return true;
    },
  }));
  return hello as Hello;
}

export interface HelloOnceOptions {
  /** For messages. */
  readonly deviceId: string;
  /** How long to wait for an answer before there is none. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/**
 * Asks who runs behind a stream, without opening a session: the stream stays as it was, and may be given to openLink next
 * (an answer that comes late is passed over there). What else was read is lost.
 * @returns null where no agent of this protocol's version answers in time, or the stream has ended
 * @throws HilError 'cancelled' link.cancelled
 */
export function helloOnce(stream: Duplex, { deviceId, timeoutMs, signal, clock }: HelloOnceOptions): Promise<Hello | null> {
  const nonce = newNonce();
  const question = encodeFrame(REQUEST.hello, 1, encodeHello(nonce));
  return new Promise((resolve, reject) => {
    let record: Buffer = Buffer.alloc(0);
    let cancelNext = (): void => {};
    const ask = (): void => {
      if (stream.writable) stream.write(question);
      cancelNext = clock.after(HELLO_INTERVAL_MS, ask);
    };
    const end = (): void => {
      cancelNext();
      cancelTimeout();
      stream.off('data', take);
      for (const event of ['end', 'close', 'error']) stream.off(event, gone);
      signal.removeEventListener('abort', abort);
      stream.pause();
    };
    const settle = (hello: Hello | null): void => {
      end();
      resolve(hello);
    };
    const gone = (): void => settle(null);
    const abort = (): void => {
      end();
      reject(new HilError('cancelled', 'link.cancelled', `device ${deviceId}: interrupted`, { facts: { device: deviceId } }));
    };
    const take = (chunk: Buffer): void => {
      const bytes = record.length === 0 ? chunk : Buffer.concat([record, chunk]);
      let at = 0;
      for (let zero = bytes.indexOf(0); zero >= 0; zero = bytes.indexOf(0, at)) {
        const hello = answerTo(nonce, bytes.subarray(at, zero));
        at = zero + 1;
        if (hello !== null) {
          settle(hello);
          return;
        }
      }
      record = bytes.length - at > MAX_RECORD_BYTES ? Buffer.alloc(0) : bytes.subarray(at);
    };
    const cancelTimeout = clock.after(timeoutMs, () => settle(null));
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    stream.on('error', () => {}); // also later, until openLink listens
    for (const event of ['end', 'close', 'error']) stream.on(event, gone);
    stream.on('data', take);
    stream.resume(); // listening alone does not wake a stream that was paused before
    ask();
    if (stream.destroyed || stream.readableEnded) settle(null);
  });
}

/** @returns null where a record is no HELLO_OK to this question, or one of another version. */
function answerTo(nonce: number, record: Buffer): Hello | null {
  const frame = decodeRecord(record);
  if (frame?.type !== ANSWER.hello) return null;
  try {
    const theirs = peekHello(frame.payload);
    return theirs.nonce === nonce && theirs.protocolVersion === PROTOCOL_VERSION ? decodeHelloOk(frame.payload) : null;
  } catch {
    return null;
  }
}
