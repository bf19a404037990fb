import { HilError } from '../../errors.ts';

/** Bytes that belong at a physical address. */
export interface LoadSegment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

const PT_LOAD = 1;
const MAX_SEGMENTS = 1000;
/** Largest raw image: more is a mistake in the linker script (a segment far away), not a program. */
export const MAX_IMAGE_BYTES = 64 * 1024 * 1024;
/** Armv7-M and Armv8-M memory map: SRAM and peripherals. What a loader puts there is gone after a reset. */
const VOLATILE_FROM = 0x2000_0000;
const VOLATILE_TO = 0x6000_0000;

function bad(what: string): never {
  throw new HilError('bench', 'flash.bad-image', `the image cannot be flashed: ${what}`, { hint: 'Build the image again, and look at the linker script of the board.' });
}

/**
 * What a 32-bit little-endian ELF file wants in flash: its load segments at their physical addresses (that is where the
 * initial values of .data lie too), in order of address.
 * @throws HilError 'bench' flash.bad-image where the file is unsound, has nothing to load, or loads into RAM
 */
export function loadSegments(elf: Uint8Array): LoadSegment[] {
  const view = new DataView(elf.buffer, elf.byteOffset, elf.byteLength);
  if (elf.length < 52 || view.getUint32(0, false) !== 0x7f454c46) bad('it is no ELF file');
  if (elf[4] !== 1 || elf[5] !== 1) bad('it is no 32-bit little-endian ELF file');
  const tableAt = view.getUint32(28, true);
  const entryBytes = view.getUint16(42, true);
  const count = view.getUint16(44, true);
  if (count === 0) bad('it has no program headers');
  if (entryBytes < 32 || count > MAX_SEGMENTS || tableAt + count * entryBytes > elf.length) bad('its program headers lie outside of it');
  const segments: LoadSegment[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = tableAt + index * entryBytes;
    const [offset, address, fileBytes] = [view.getUint32(at + 4, true), view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
    if (view.getUint32(at, true) !== PT_LOAD || fileBytes === 0) continue;
    if (offset + fileBytes > elf.length) bad(`segment ${index} ends outside of the file`);
    if (address + fileBytes > 2 ** 32) bad(`segment ${index} ends beyond the address space`);
    segments.push({ address, bytes: elf.subarray(offset, offset + fileBytes) });
  }
  if (segments.length === 0) bad('it has nothing to load');
  segments.sort((a, b) => a.address - b.address);
  for (const [index, { address, bytes }] of segments.entries()) {
    const next = segments[index + 1];
    if (next !== undefined && address + bytes.length > next.address) bad(`segments overlap at ${hex(next.address)}`);
    if (address < VOLATILE_TO && address + bytes.length > VOLATILE_FROM) bad(`${bytes.length} bytes belong at ${hex(address)}, which is RAM`);
  }
  return segments;
}

/**
 * One stretch of bytes from the lowest address to the highest; gaps read as erased flash.
 * @throws HilError 'bench' flash.bad-image where it would be longer than MAX_IMAGE_BYTES
 */
export function flatten(segments: readonly LoadSegment[]): LoadSegment {
  const first = segments[0]!;
  const last = segments.at(-1)!;
  const length = last.address + last.bytes.length - first.address;
  if (length > MAX_IMAGE_BYTES) bad(`it spans ${length} bytes, from ${hex(first.address)} to ${hex(last.address + last.bytes.length)}`);
  const bytes = new Uint8Array(length).fill(0xff);
  for (const segment of segments) bytes.set(segment.bytes, segment.address - first.address);
  return { address: first.address, bytes };
}

export function hex(address: number): string {
  return `0x${address.toString(16).padStart(8, '0')}`;
}
