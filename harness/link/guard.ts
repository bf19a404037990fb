import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';

export interface GuardOptions {
  /** Longest run of bytes without a zero that is kept; a longer one is cut out and counted. */
  readonly maxRecordBytes: number;
  /**
   * Ends a record at a newline where its second byte shows that it can't be a device's frame (those carry a type >= 0x80
   * there), so that log lines come out when they are printed and not with the next frame.
   */
  readonly liveText: boolean;
  /** Told of every chunk's length, before anything of it is passed on. */
  readonly onBytes?: (bytes: number) => void;
  /** Told of each run that was cut out for its length. */
  readonly onOversize: (bytes: number) => void;
}

/** A line of text without newline is let go after this many bytes. */
const MAX_LINE_BYTES = 1024;
/** So many small chunks are joined into one, so that a run of one-byte chunks stays cheap. */
const MAX_HELD_CHUNKS = 256;
const NEWLINE = 0x0a;
const DELIMITER = Buffer.from([0]);

/**
 * Stands before the delimiter parser, which neither limits a record nor copies it less than once a chunk: passes on whole
 * records only (so the parser never has to keep a part), bounds their length, and keeps an unterminated tail to itself
 * (the parser would hand it on as if it were a record).
 */
export class RecordGuard extends Transform {
  readonly #options: GuardOptions;
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Bytes of the present run already thrown away; above 0 the rest of the run goes the same way. */
  #cutBytes = 0;

  constructor(options: GuardOptions) {
    super();
    this.#options = options;
  }

  /** The run that no delimiter has closed yet. Never a frame. */
  get unterminated(): Buffer {
    return Buffer.concat(this.#held);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#options.onBytes?.(chunk.length);
    // Pieces no longer than the limit can't hide an over-long run between two of their own zeros.
    for (let at = 0; at < chunk.length; at += this.#options.maxRecordBytes) {
      this.#take(chunk.subarray(at, at + this.#options.maxRecordBytes));
    }
    done();
  }

  override _flush(done: TransformCallback): void {
    this.#endCut();
    done();
  }

  #take(piece: Buffer): void {
    const last = piece.lastIndexOf(0);
    if (last < 0) {
      this.#hold(piece);
      return;
    }
    const first = piece.indexOf(0);
    this.#hold(piece.subarray(0, first));
    this.#endCut();
    const records = piece.subarray(first, last + 1);
    this.push(this.#heldBytes === 0 ? records : Buffer.concat([...this.#held, records]));
    this.#drop();
    this.#hold(piece.subarray(last + 1));
  }

  #hold(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.#cutBytes > 0 || this.#heldBytes + bytes.length > this.#options.maxRecordBytes) {
      this.#cutBytes += this.#heldBytes + bytes.length;
      this.#drop();
      return;
    }
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#held.length > MAX_HELD_CHUNKS) this.#held = [Buffer.concat(this.#held)];
    if (this.#options.liveText) this.#letTextGo(bytes);
  }

  /** @param newest what was held last: where there can be a newline that has not been looked at. */
  #letTextGo(newest: Buffer): void {
    if (this.#heldBytes < 2 || this.#byteAt(1) >= 0x80) return;
    const long = this.#heldBytes > MAX_LINE_BYTES;
    const newline = newest.lastIndexOf(NEWLINE);
    if (!long && newline < 0) return;
    const run = Buffer.concat(this.#held);
    const end = newline < 0 ? run.length : run.length - newest.length + newline + 1;
    this.#drop();
    this.push(Buffer.concat([run.subarray(0, end), DELIMITER]));
    if (end < run.length) {
      this.#held = [run.subarray(end)];
      this.#heldBytes = run.length - end;
    }
  }

  #byteAt(index: number): number {
    const first = this.#held[0] as Buffer;
    return (index < first.length ? first[index] : this.#held[1]?.[index - first.length]) ?? 0xff;
  }

  #endCut(): void {
    if (this.#cutBytes > 0) this.#options.onOversize(this.#cutBytes);
    this.#cutBytes = 0;
  }

  #drop(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }
}
