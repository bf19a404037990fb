import { cobsBound, cobsDecode, cobsEncodeInto } from './cobs.ts';
import { crc32 } from './crc32.ts';

/** One frame of the link, its check already done. See docs/protocol.md. */
export interface Frame {
  readonly type: number;
  /** 1..255 in requests and answers, 0 in frames that the device sends on its own. */
  readonly seq: number;
  readonly payload: Buffer;
}

/** type, seq and CRC: what a body has besides its payload. */
const BODY_OVERHEAD = 6;

/** Most payload bytes that the protocol's u16 maxPayload can promise. */
export const MAX_PAYLOAD = 0xffff;

/** Most bytes between the two delimiters of a frame with `payloadBytes` of payload. */
export function recordBound(payloadBytes: number): number {
  return cobsBound(payloadBytes + BODY_OVERHEAD);
}

/** Most bytes on the wire of a frame with `payloadBytes` of payload, delimiters included. */
export function frameBound(payloadBytes: number): number {
  return recordBound(payloadBytes) + 2;
}

/** The longest record that can still be a frame. */
export const MAX_RECORD_BYTES = recordBound(MAX_PAYLOAD);

/** @returns `00 COBS(body) 00`, ready to write. @throws RangeError on a type, seq or length that no frame can have. */
export function encodeFrame(type: number, seq: number, payload: Uint8Array): Buffer {
  if (!(type >= 1 && type <= 255) || !(seq >= 0 && seq <= 255)) throw new RangeError(`no frame has type ${type} and seq ${seq}`);
  if (payload.length > MAX_PAYLOAD) throw new RangeError(`payload of ${payload.length} bytes exceeds ${MAX_PAYLOAD}`);
  const body = Buffer.allocUnsafe(payload.length + BODY_OVERHEAD);
  body[0] = type;
  body[1] = seq;
  body.set(payload, 2);
  const crcAt = body.length - 4;
  body.writeUInt32LE(crc32(body.subarray(0, crcAt)), crcAt);
  const wire = Buffer.allocUnsafe(frameBound(payload.length));
  wire[0] = 0;
  const end = cobsEncodeInto(body, wire, 1);
  wire[end] = 0;
  return wire.subarray(0, end + 1);
}

/** @param record the bytes between two delimiters. @returns null where they are no frame with a right CRC. */
export function decodeRecord(record: Uint8Array): Frame | null {
  const body = cobsDecode(record);
  if (body === null || body.length < BODY_OVERHEAD) return null;
  const crcAt = body.length - 4;
  if (crc32(body.subarray(0, crcAt)) !== body.readUInt32LE(crcAt)) return null;
  const type = body[0] as number;
  if (type === 0) return null;
  return { type, seq: body[1] as number, payload: body.subarray(2, crcAt) };
}
