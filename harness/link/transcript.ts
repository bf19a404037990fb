import { deflateRawSync } from 'node:zlib';
import { crc32 } from './crc32.ts';
import type { Frame } from './frame.ts';
import { REQUEST, typeName } from './protocol.ts';

/**
 * One line of transcript.ndjson: a frame, or something that was no frame. What the device sent is there byte for byte, so that
 * a run can be replayed; of what it was sent, the data of WRITE are left to their CRC, as the run's plan has them.
 */
export interface TranscriptEvent {
  /** Milliseconds since the link was opened. */
  readonly tMs: number;
  readonly dir: 'to-device' | 'from-device';
  /** 'HELLO', 'RUN_DONE', ...; 'text' and 'damaged' for what was no frame; 'closed' where the stream ended by itself. */
  readonly type: string;
  readonly seq: number;
  /** Bytes of payload (of text, of damage); of 'closed' all that had come on the wire. */
  readonly bytes: number;
  /** Hex of a short payload. */
  readonly data?: string;
  /** A longer one: base64 of its raw deflate. */
  readonly deflate?: string;
  /** CRC-32 of a payload longer than what is shown. */
  readonly crc?: number;
  /** 'sent again', 'stale', text (untrusted, not escaped), ... */
  readonly note?: string;
}

/** Where a session's events go. Must not throw; called in the order of things. */
export interface TranscriptSink {
  record(event: TranscriptEvent): void;
}

/** Payloads up to this length are shown in hex: every message but data and long names. */
const SHOWN_BYTES = 128;
/** Speed counts more than size: digests and int8 data hardly shrink any further. */
const DEFLATE_LEVEL = 1;

export function frameEvent(tMs: number, dir: TranscriptEvent['dir'], frame: Frame, note?: string): TranscriptEvent {
  const { payload } = frame;
  return {
    tMs: Math.round(tMs * 1000) / 1000, dir, type: typeName(frame.type), seq: frame.seq, bytes: payload.length, ...shownBytes(payload, frame.type !== REQUEST.write),
    ...(note === undefined ? {} : { note }),
  };
}

/** @param text what was printed; not given: bytes that say nothing */
export function otherEvent(tMs: number, type: 'text' | 'damaged' | 'closed', bytes: number, note?: string, text?: Buffer): TranscriptEvent {
  return {
    tMs: Math.round(tMs * 1000) / 1000, dir: 'from-device', type, seq: 0, bytes, ...(text === undefined ? {} : shownBytes(text, true)),
    ...(note === undefined ? {} : { note: note.slice(0, 200) }),
  };
}

function shownBytes(payload: Buffer, whole: boolean): Pick<TranscriptEvent, 'data' | 'deflate' | 'crc'> {
  if (payload.length <= SHOWN_BYTES) return { data: payload.toString('hex') };
  return { crc: crc32(payload), ...(whole ? { deflate: deflateRawSync(payload, { level: DEFLATE_LEVEL }).toString('base64') } : {}) };
}
