import type { RequestSource } from './exchange.ts';
import { frameBound } from './frame.ts';
import { MalformedError } from './fields.ts';
import { decodeData, decodeWriteOk, encodeRead, encodeWrite } from './messages.ts';
import type { Hello } from './messages.ts';
import { ANSWER, DATA_HEADER, REQUEST, SPACE_POOL } from './protocol.ts';

/** Frames that the window should hold at least, so that the device has the next one while it answers. */
const FRAMES_IN_WINDOW = 2;
/** Below this many bytes of data a frame is mostly overhead; the window then holds one frame only. */
const SMALLEST_CHUNK = 128;

/** Bytes of data that one WRITE carries. */
export function writeChunkBytes(hello: Pick<Hello, 'maxPayload' | 'rxWindowBytes'>): number {
  const fitting = (window: number): number => {
    let payload = Math.min(hello.maxPayload, window);
    while (payload > DATA_HEADER + 1 && frameBound(payload) > window) payload -= 1;
    return payload - DATA_HEADER;
  };
  const several = fitting(Math.floor(hello.rxWindowBytes / FRAMES_IN_WINDOW));
  return several >= SMALLEST_CHUNK ? several : fitting(hello.rxWindowBytes);
}

/** Requests that copy `bytes` into the pool. */
export function poolWriter(hello: Hello, offset: number, bytes: Uint8Array): RequestSource {
  const chunk = writeChunkBytes(hello);
  let at = 0;
  return () => {
    if (at >= bytes.length) return null;
    const part = bytes.subarray(at, at + chunk);
    const start = offset + at;
    at += part.length;
    return {
      type: REQUEST.write,
      payload: encodeWrite(SPACE_POOL, start, part),
      accept: (frame) => {
        if (frame.type !== ANSWER.write) return false;
        const written = decodeWriteOk(frame.payload);
        return written.offset === start && written.count === part.length;
      },
    };
  };
}

/** Requests that fill `into` from the pool. */
export function poolReader(hello: Hello, offset: number, into: Buffer): RequestSource {
  const chunk = hello.maxPayload - DATA_HEADER;
  let at = 0;
  return () => {
    if (at >= into.length) return null;
    const begin = at;
    const count = Math.min(chunk, into.length - begin);
    at += count;
    return {
      type: REQUEST.read,
      payload: encodeRead(SPACE_POOL, offset + begin, count),
      accept: (frame) => {
        if (frame.type !== ANSWER.data) return false;
        const data = decodeData(frame.payload);
        if (data.space !== SPACE_POOL || data.offset !== offset + begin) return false;
        if (data.bytes.length !== count) throw new MalformedError(`${data.bytes.length} bytes where ${count} were asked for`);
        into.set(data.bytes, begin);
        return true;
      },
    };
  };
}
