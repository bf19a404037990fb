const FIRST_FACTOR = 0x9e3779b9 | 0;
const SECOND_FACTOR = 0xb504f333 | 0;

/** One 32-bit word; a bijection of the state for any word, and of the word for any state. */
function step(state: number, word: number): number {
  const product = Math.imul(state ^ word, FIRST_FACTOR);
  return Math.imul(product ^ (product >>> 15), SECOND_FACTOR);
}

/**
 * The agent's digest of one view (docs/protocol.md, "Digest"), as firmware/agent/hil_digest.c computes it.
 * @param state 0, or the digest of what was shown before
 * @returns unsigned 32 bits
 */
export function digestOf(bytes: Uint8Array, state = 0): number {
  const whole = bytes.length & ~3;
  let now = step(state, ~bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < whole; at += 4) now = step(now, view.getInt32(at, true));
  if (whole === bytes.length) return now >>> 0;
  let last = 0;
  for (let at = bytes.length - 1; at >= whole; at--) last = (last << 8) | (bytes[at] as number);
  return step(now, last) >>> 0;
}

/** Digest of views of the same size, one after the other, as the agent chains it over the samples of a run. */
export function digestOfViews(bytes: Uint8Array, viewBytes: number): number {
  let state = 0;
  for (let at = 0; at < bytes.length; at += viewBytes) state = digestOf(bytes.subarray(at, at + viewBytes), state);
  return state;
}
