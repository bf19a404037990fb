import { crc32 } from './crc32.ts';
import type { Frame } from './frame.ts';
import { typeName } from './protocol.ts';

/** One line of transcript.ndjson: a frame, or something that was no frame. Its size is bounded whatever the frame's. */
export interface TranscriptEvent {
  /** Milliseconds since the link was opened. */
  readonly tMs: number;
  readonly dir: 'to-device' | 'from-device';
  /** 'HELLO', 'RUN_DONE', ...; 'text' and 'damaged' for what was no frame. */
  readonly type: string;
  readonly seq: number;
  /** Bytes of payload (of text, of damage). */
  readonly bytes: number;
  /** Hex of a short payload. */
  readonly data?: string;
  /** CRC-32 of a payload that is too long to be shown. */
  readonly crc?: number;
  /** 'sent again', 'stale', text (untrusted, not escaped), ... */
  readonly note?: string;
}

/** Where a session's events go. Must not throw; called in the order of things. */
export interface TranscriptSink {
  record(event: TranscriptEvent): void;
}

/** Payloads up to this length are shown whole: every message but data and long names. */
const SHOWN_BYTES = 128;

export function frameEvent(tMs: number, dir: TranscriptEvent['dir'], frame: Frame, note?: string): TranscriptEvent {
  const { payload } = frame;
  const shown = payload.length <= SHOWN_BYTES ? { data: payload.toString('hex') } : { crc: crc32(payload) };
  return {
    tMs: Math.round(tMs * 1000) / 1000, dir, type: typeName(frame.type), seq: frame.seq, bytes: payload.length, ...shown,
    ...(note === undefined ? {} : { note }),
  };
}

export function otherEvent(tMs: number, type: 'text' | 'damaged', bytes: number, note?: string): TranscriptEvent {
  return {
    tMs: Math.round(tMs * 1000) / 1000, dir: 'from-device', type, seq: 0, bytes,
    ...(note === undefined ? {} : { note: note.slice(0, 200) }),
  };
}
