/** Longest line that is kept, bytes: the results of 2000 classes fit. */
export const MAX_LINE_BYTES = 16_384;

/** A line without its end. One that was too long is only a part of what was sent, and nothing may be read from it. */
export interface Line {
  readonly text: string;
  readonly cut: boolean;
}

/**
 * Splits bytes into lines as the firmware ends them: at a newline, with carriage returns and zero bytes left out. Bytes are
 * taken as Latin-1, so that nothing is lost or replaced. Untrusted text; whoever prints it escapes it.
 */
export class LineSplitter {
  #held = '';
  #cut = false;
  readonly #emit: (line: Line) => void;
  readonly #limit: number;

  constructor(emit: (line: Line) => void, limit: number = MAX_LINE_BYTES) {
    this.#emit = emit;
    this.#limit = limit;
  }

  take(bytes: Uint8Array): void {
    const pieces = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1').replace(/[\r\0]/g, '').split('\n');
    const rest = pieces.pop() as string;
    for (const piece of pieces) {
      this.#hold(piece);
      const line = { text: this.#held, cut: this.#cut };
      this.#held = '';
      this.#cut = false;
      this.#emit(line);
    }
    this.#hold(rest);
  }

  /** What no newline has ended yet. */
  get unfinished(): string {
    return this.#held;
  }

  #hold(piece: string): void {
    const room = this.#limit - this.#held.length;
    if (piece.length > room) this.#cut = true;
    this.#held += piece.slice(0, room);
  }
}
