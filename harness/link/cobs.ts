/**
 * Consistent Overhead Byte Stuffing: removes every zero from a block of bytes, so that zero can delimit frames.
 * Costs one byte, plus one a 254 bytes. Plain byte loops: the JIT makes them faster than Buffer calls a block
 * (link.bench.ts measures it), because int8 data is full of zeros and blocks are short.
 */

/** Most bytes that encoding `length` bytes can take. */
export function cobsBound(length: number): number {
  return length + 1 + Math.floor(length / 254);
}

/**
 * Encodes `input` into `output` at `at`.
 * @returns the position after the last byte written (at most at + cobsBound(input.length))
 */
export function cobsEncodeInto(input: Uint8Array, output: Uint8Array, at: number): number {
  const length = input.length;
  let codeAt = at;
  let out = at + 1;
  let code = 1;
  for (let i = 0; i < length; i++) {
    const byte = input[i] as number;
    if (byte === 0) {
      output[codeAt] = code;
      codeAt = out++;
      code = 1;
      continue;
    }
    output[out++] = byte;
    // A full block has no zero after it; at the very end it needs no block after it either.
    if (++code === 255 && i + 1 < length) {
      output[codeAt] = code;
      codeAt = out++;
      code = 1;
    }
  }
  output[codeAt] = code;
  return out;
}

/** Encodes a block; the result has no zero byte. */
export function cobsEncode(input: Uint8Array): Buffer {
  const output = Buffer.allocUnsafe(cobsBound(input.length));
  return output.subarray(0, cobsEncodeInto(input, output, 0));
}

/** Decodes a block. @returns null where the bytes are no COBS block (empty, a zero inside, a run past the end). */
export function cobsDecode(input: Uint8Array): Buffer | null {
  const length = input.length;
  if (length === 0) return null;
  const output = Buffer.allocUnsafe(length);
  let out = 0;
  let at = 0;
  while (at < length) {
    const code = input[at++] as number;
    const end = at + code - 1;
    if (code === 0 || end > length) return null;
    while (at < end) {
      const byte = input[at++] as number;
      if (byte === 0) return null;
      output[out++] = byte;
    }
    if (code !== 255 && at < length) output[out++] = 0;
  }
  return output.subarray(0, out);
}
