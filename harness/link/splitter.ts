import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { DelimiterParser } from '@serialport/parser-delimiter';
import { decodeRecord, MAX_RECORD_BYTES } from './frame.ts';
import type { Frame } from './frame.ts';
import { RecordGuard } from './guard.ts';
import { isText } from './text.ts';

export interface SplitHandlers {
  readonly frame: (frame: Frame) => void;
  /** Bytes between frames that look printed. Untrusted, not escaped. */
  readonly text: (bytes: Buffer) => void;
  /** Something that is neither: line noise, a spoilt frame, an unterminated tail. */
  readonly damaged: (bytes: number) => void;
  /** Every chunk's length as it comes. */
  readonly bytes?: (count: number) => void;
}

export interface SplitOptions {
  /** Longest record kept; default: the longest that can be a frame. */
  readonly maxRecordBytes?: number;
  /** Let log lines out before the next frame comes; only right for the stream from a device. */
  readonly liveText?: boolean;
  /** Ends the splitting and destroys the stream. */
  readonly signal?: AbortSignal;
}

/**
 * Reads a byte stream to its end and sorts it into frames, text and damage.
 * @returns when the stream has ended. @throws what the stream failed with, also where it closed without saying that it ended.
 */
export async function splitRecords(stream: Readable, handlers: SplitHandlers, options: SplitOptions = {}): Promise<void> {
  const guard = new RecordGuard({
    maxRecordBytes: options.maxRecordBytes ?? MAX_RECORD_BYTES,
    liveText: options.liveText ?? false,
    onOversize: handlers.damaged,
    onBytes: (count) => handlers.bytes?.(count),
  });
  // Object mode keeps the records apart; in byte mode they would be joined again on their way out.
  const parser = new DelimiterParser({ delimiter: [0], readableObjectMode: true });
  const sink = async (records: AsyncIterable<Buffer>): Promise<void> => {
    for await (const record of records) sortRecord(record, handlers);
  };
  try {
    await pipeline(stream, guard, parser, sink, options.signal === undefined ? {} : { signal: options.signal });
  } finally {
    sortTail(guard.unterminated, handlers);
  }
}

function sortRecord(record: Buffer, handlers: SplitHandlers): void {
  if (record.length === 0) return; // between the closing zero of a frame and the opening one of the next
  const frame = decodeRecord(record);
  if (frame !== null) handlers.frame(frame);
  else sortTail(record, handlers);
}

/** Sorts what is no frame, whatever it holds. */
function sortTail(bytes: Buffer, handlers: SplitHandlers): void {
  if (bytes.length === 0) return;
  if (isText(bytes)) handlers.text(bytes);
  else handlers.damaged(bytes.length);
}
