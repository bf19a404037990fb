import { isUtf8 } from 'node:buffer';

/** Longest log line handed on, in characters; the rest of it is dropped with a mark. */
export const MAX_LINE_CHARACTERS = 1000;
/** Most log lines handed on in one session. */
export const MAX_LINES = 10_000;

/** Control characters that programs print on purpose: tab, newline, carriage return, escape (colours), bell, backspace. */
const PRINTED_CONTROLS = new Set([0x07, 0x08, 0x09, 0x0a, 0x0d, 0x1b]);

/** Whether bytes look like printed text: valid UTF-8 without control characters that no program prints. */
export function isText(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    if ((byte < 0x20 && !PRINTED_CONTROLS.has(byte)) || byte === 0x7f) return false;
  }
  return isUtf8(bytes);
}

/**
 * Turns the device's text into a bounded number of bounded lines. The lines are untrusted and not escaped: who prints them
 * does that.
 */
export class LogLines {
  readonly #emit: (line: string) => void;
  #count = 0;

  constructor(emit: (line: string) => void) {
    this.#emit = emit;
  }

  /** @param bytes text for which isText() holds */
  take(bytes: Uint8Array): void {
    if (this.#count > MAX_LINES) return;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    for (const line of text.split(/\r\n|\n|\r/)) {
      if (line === '') continue;
      if (this.#count++ === MAX_LINES) {
        this.#emit(`(more than ${MAX_LINES} lines; the rest is not shown)`);
        return;
      }
      this.#emit(line.length <= MAX_LINE_CHARACTERS ? line : `${line.slice(0, MAX_LINE_CHARACTERS)} (...)`);
    }
  }
}

/** In quotes, with control characters and everything beyond ASCII escaped. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Keeps the first bytes of what came, for an error message. */
export class Sample {
  readonly #limit: number;
  #text = '';
  #total = 0;

  /** @param limit characters kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(text: string): void {
    this.#total += text.length;
    if (this.#text.length < this.#limit) this.#text += text.slice(0, this.#limit - this.#text.length);
  }

  get empty(): boolean {
    return this.#total === 0;
  }

  /** Quoted, with control characters and everything beyond ASCII escaped. */
  toString(): string {
    const start = quoted(this.#text);
    return this.#total > this.#text.length ? `${start} and ${this.#total - this.#text.length} characters more` : start;
  }
}
