import type { LoadSegment } from './load-segments.ts';

// Format: https://github.com/microsoft/uf2 (README: "File format"). The ROM of the RP2040 takes only payloads of 256 bytes
// at addresses that are multiples of 256 (RP2040 datasheet, 2.8.4.2).
const MAGIC_START = [0x0a324655, 0x9e5d5157] as const;
const MAGIC_END = 0x0ab16f30;
const FLAG_FAMILY = 0x2000;
const BLOCK_BYTES = 512;
const PAYLOAD_BYTES = 256;
const PAYLOAD_AT = 32;

/** The pages of 256 bytes that segments touch, by address; what no segment says of a page reads as erased flash. */
function pagesOf(segments: readonly LoadSegment[]): Map<number, Uint8Array> {
  const pages = new Map<number, Uint8Array>();
  for (const { address, bytes } of segments) {
    for (let done = 0; done < bytes.length;) {
      const at = address + done;
      const page = at - (at % PAYLOAD_BYTES);
      const take = Math.min(bytes.length - done, page + PAYLOAD_BYTES - at);
      let content = pages.get(page);
      if (content === undefined) pages.set(page, (content = new Uint8Array(PAYLOAD_BYTES).fill(0xff)));
      content.set(bytes.subarray(done, done + take), at - page);
      done += take;
    }
  }
  return new Map([...pages].sort(([a], [b]) => a - b));
}

/**
 * A UF2 file for a boot loader that shows itself as a volume. Pages that nothing touches are left out.
 * @param familyId which chip it is for (RP2040: 0xe48bff56); a boot loader of another one refuses the file
 */
export function writeUf2(segments: readonly LoadSegment[], familyId: number): Uint8Array {
  const pages = pagesOf(segments);
  const file = new Uint8Array(pages.size * BLOCK_BYTES);
  const view = new DataView(file.buffer);
  let block = 0;
  for (const [address, bytes] of pages) {
    const at = block * BLOCK_BYTES;
    const words = [...MAGIC_START, FLAG_FAMILY, address, PAYLOAD_BYTES, block, pages.size, familyId];
    words.forEach((word, index) => view.setUint32(at + 4 * index, word, true));
    file.set(bytes, at + PAYLOAD_AT);
    view.setUint32(at + BLOCK_BYTES - 4, MAGIC_END, true);
    block += 1;
  }
  return file;
}
