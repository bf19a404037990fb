/** Reading the firmware's reply lines. Every function takes lines as findMessage() gives them, and gives null for any other text. */

/**
 * The protocol's own messages, wherever in a line they begin: an echo of the command or a print without a newline may stand before.
 * Source: mlcommons/tiny, benchmark/api/internally_implemented.{h,cpp} and submitter_implemented.h.
 */
const MESSAGE = /m-(?:ready$|name-dut-\[|profile-\[|model-\[|timestamp-mode-|lap-us-|init-done|\[Expecting |load-done|buffer-|warmup-(?:start-|done)|infer-(?:start-|done)|results-\[|dut-passthrough)|(?<![A-Za-z0-9_])e-[[?]|Supplied buffer size /;

/** A line taken apart: what stands before the message, and the message; null where there is none. */
export function findMessage(line: string): { readonly before: string; readonly message: string | null } {
  const text = line.trimEnd();
  const at = text.search(MESSAGE);
  return at < 0 ? { before: text, message: null } : { before: text.slice(0, at), message: text.slice(at) };
}

export const isReady = (message: string): boolean => message === 'm-ready';

/** `e-[...]` of the firmware, `e-?...` of an IO manager that lost its place. */
export const isError = (message: string): boolean => message.startsWith('e-') || message.startsWith('Supplied buffer size ');

/** What stands in the brackets of `m-name-dut-[...]`, `m-profile-[...]` or `m-model-[...]`. */
export function bracketed(message: string, start: 'm-name-dut-[' | 'm-profile-[' | 'm-model-['): string | null {
  return message.startsWith(start) && message.endsWith(']') ? message.slice(start.length, -1) : null;
}

/** Bytes of one line of `db print`; null where it is none, or damaged. */
export function bufferBytes(message: string): Uint8Array | null {
  const hex = /^m-buffer-((?:[0-9a-fA-F]{2})(?:-[0-9a-fA-F]{2}){0,7})$/.exec(message)?.[1];
  return hex === undefined ? null : Uint8Array.from(hex.split('-'), (pair) => Number.parseInt(pair, 16));
}

/** Microseconds since some moment, in 32 bits. */
export function lapUs(message: string): number | null {
  const digits = /^m-lap-us-(\d{1,20})$/.exec(message)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Time between two stamps of a counter of 32 bits, which goes round after 71.6 minutes. */
export function lapBetween(startUs: number, endUs: number): number {
  return endUs >= startUs ? endUs - startUs : endUs - startUs + 2 ** 32;
}

/** A number as it was printed. */
export interface PrintedNumber {
  readonly value: number;
  /** What the last printed digit stands for. Rounded or truncated, the number that was printed is less than this off. */
  readonly step: number;
}

export type Results = { readonly kind: 'numbers'; readonly numbers: readonly PrintedNumber[] } | { readonly kind: 'not-finite'; readonly token: string } | { readonly kind: 'damaged' };

/** Vector of `m-results-[a,b,...]`, with or without a comma at its end; null for any other message. */
export function results(message: string): Results | null {
  if (!message.startsWith('m-results-[')) return null;
  if (!message.endsWith(']')) return { kind: 'damaged' };
  const tokens = message.slice('m-results-['.length, -1).replace(/,$/, '').split(',').map((token) => token.trim());
  const numbers: PrintedNumber[] = [];
  for (const token of tokens) {
    if (/^[-+]?(?:nan(?:\(.{0,40}\))?|inf(?:inity)?)$/i.test(token)) return { kind: 'not-finite', token };
    const number = printedNumber(token);
    if (number === null) return { kind: 'damaged' };
    numbers.push(number);
  }
  return { kind: 'numbers', numbers };
}

function printedNumber(token: string): PrintedNumber | null {
  const match = /^[-+]?(?:\d{1,40}(?:\.(\d{0,40}))?|\.(\d{1,40}))(?:[eE]([-+]?\d{1,3}))?$/.exec(token);
  if (match === null) return null;
  const decimals = (match[1] ?? match[2] ?? '').length;
  const [value, step] = [Number(token), 10 ** (Number(match[3] ?? 0) - decimals)];
  return Number.isFinite(value) && Number.isFinite(step) ? { value, step } : null;
}
