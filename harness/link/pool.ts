import { frameBound } from './frame.ts';
import { MalformedError } from './fields.ts';
import { decodeCopyOk, decodeData, decodeWriteOk, encodeCopy, encodeRead, encodeWrite } from './messages.ts';
import type { Hello } from './messages.ts';
import { ANSWER, DATA_HEADER, REQUEST, SPACE_POOL, SPACE_PRELOAD } from './protocol.ts';
import type { Request, RequestSource } from './request.ts';

/** Frames that the window should hold at least, so that the device has the next one while it answers. */
const FRAMES_IN_WINDOW = 2;
/** Below this many bytes of data a frame is mostly overhead; the window then holds one frame only. */
const SMALL_CHUNK = 128;
/** Data is never split below this. */
const SMALLEST_CHUNK = 32;
/** After so many answers in a row without a split, longer frames are tried again. */
const ANSWERS_TO_GROW = 64;

/** Bytes of data that one WRITE carries on a good line. */
export function writeChunkBytes(hello: Pick<Hello, 'maxPayload' | 'rxWindowBytes'>): number {
  const fitting = (window: number): number => {
    let payload = Math.min(hello.maxPayload, window);
    while (payload > DATA_HEADER + 1 && frameBound(payload) > window) payload -= 1;
    return payload - DATA_HEADER;
  };
  const several = fitting(Math.floor(hello.rxWindowBytes / FRAMES_IN_WINDOW));
  return several >= SMALL_CHUNK ? several : fitting(hello.rxWindowBytes);
}

/** The device answers nothing else while it copies: at 1 MB/s, slow external flash, this is a quarter of a second. */
const COPY_CHUNK = 256 * 1024;

/** Makes the requests that copy to and from the pool; long frames on a good line, shorter ones where they get lost. */
export class PoolRequests {
  readonly #writeChunk: number;
  readonly #readChunk: number;
  #limit = Infinity;
  #answers = 0;

  /** @param writeBytes most data bytes of one WRITE, where the line asks for less than the device says */
  constructor(hello: Pick<Hello, 'maxPayload' | 'rxWindowBytes'>, writeBytes = Infinity) {
    this.#writeChunk = Math.min(writeChunkBytes(hello), writeBytes);
    this.#readChunk = hello.maxPayload - DATA_HEADER;
  }

  /** Requests that copy `bytes` to the pool's `offset`. */
  write(offset: number, bytes: Uint8Array): RequestSource {
    return this.#sequence(bytes.length, this.#writeChunk, (at, count) => this.#writePart(offset + at, bytes.subarray(at, at + count)));
  }

  /** Requests that fill `into` from the pool's `offset`. */
  read(offset: number, into: Buffer): RequestSource {
    return this.#sequence(into.length, this.#readChunk, (at, count) => this.#readPart(offset + at, into.subarray(at, at + count)));
  }

  /** Requests that copy `count` bytes of the preload to the pool. */
  copy(fromOffset: number, toOffset: number, count: number): RequestSource {
    let at = 0;
    return () => {
      if (at >= count) return null;
      const [from, to, part] = [fromOffset + at, toOffset + at, Math.min(COPY_CHUNK, count - at)];
      at += part;
      return {
        type: REQUEST.copy,
        payload: encodeCopy(SPACE_PRELOAD, from, to, part),
        accept: (frame) => {
          if (frame.type !== ANSWER.copy) return false;
          const copied = decodeCopyOk(frame.payload);
          return copied.toOffset === to && copied.count === part;
        },
      };
    };
  }

  #sequence(total: number, chunk: number, part: (at: number, count: number) => Request): RequestSource {
    let at = 0;
    return () => {
      if (at >= total) return null;
      const begin = at;
      at = Math.min(total, begin + Math.min(chunk, this.#limit));
      return part(begin, at - begin);
    };
  }

  #answered(): boolean {
    if (++this.#answers % ANSWERS_TO_GROW === 0) this.#limit *= 2;
    return true;
  }

  /** Two halves of a transfer that was lost more than once. */
  #halves<T extends Uint8Array>(offset: number, bytes: T, part: (offset: number, bytes: T) => Request): readonly Request[] | null {
    const half = Math.ceil(bytes.length / 2);
    if (half < SMALLEST_CHUNK) return null;
    this.#limit = Math.min(this.#limit, half);
    this.#answers = 0;
    return [part(offset, bytes.subarray(0, half) as T), part(offset + half, bytes.subarray(half) as T)];
  }

  #writePart(offset: number, bytes: Uint8Array): Request {
    return {
      type: REQUEST.write,
      payload: encodeWrite(SPACE_POOL, offset, bytes),
      split: () => this.#halves(offset, bytes, (at, part) => this.#writePart(at, part)),
      accept: (frame) => {
        if (frame.type !== ANSWER.write) return false;
        const written = decodeWriteOk(frame.payload);
        return written.offset === offset && written.count === bytes.length && this.#answered();
      },
    };
  }

  #readPart(offset: number, into: Buffer): Request {
    return {
      type: REQUEST.read,
      payload: encodeRead(SPACE_POOL, offset, into.length),
      split: () => this.#halves(offset, into, (at, part) => this.#readPart(at, part)),
      accept: (frame) => {
        if (frame.type !== ANSWER.data) return false;
        const data = decodeData(frame.payload);
        if (data.space !== SPACE_POOL || data.offset !== offset) return false;
        if (data.bytes.length !== into.length) throw new MalformedError(`${data.bytes.length} bytes where ${into.length} were asked for`);
        into.set(data.bytes);
        return this.#answered();
      },
    };
  }
}
