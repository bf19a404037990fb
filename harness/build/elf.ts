import { HilError } from '../errors.ts';

/** One section of an ELF file. Addresses and sizes in bytes. */
export interface ElfSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly size: number;
  /** The bytes in the file; empty for a section without content there (NOBITS). */
  readonly data: Uint8Array;
}

export interface Elf {
  readonly bits: 32 | 64;
  /** e_machine: 40 Arm, 62 x86-64, 183 AArch64. */
  readonly machine: number;
  readonly entry: number;
  readonly sections: readonly ElfSection[];
}

export const SHT_NOBITS = 8;
export const SHT_ARM_ATTRIBUTES = 0x70000003;
export const SHF_WRITE = 1;
export const SHF_ALLOC = 2;
export const EM_ARM = 40;

const MAX_SECTIONS = 10_000;

/**
 * The section table of a little-endian ELF file.
 * @throws HilError 'bench' build.bad-elf, naming what is out of bounds
 */
export function parseElf(bytes: Uint8Array): Elf {
  const bad = (what: string): never => {
    throw new HilError('bench', 'build.bad-elf', `the linker's output is no sound ELF file: ${what}`);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 52 || view.getUint32(0, false) !== 0x7f454c46) bad('no ELF header');
  const is64 = bytes[4] === 2;
  if (!is64 && bytes[4] !== 1) bad('unknown class');
  if (bytes[5] !== 1) bad('not little-endian');
  if (is64 && bytes.length < 64) bad('header cut short');
  const word = (at: number): number => (is64 ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true));

  const tableAt = word(is64 ? 40 : 32);
  const entrySize = view.getUint16(is64 ? 58 : 46, true);
  const count = view.getUint16(is64 ? 60 : 48, true);
  const namesIndex = view.getUint16(is64 ? 62 : 50, true);
  if (entrySize < (is64 ? 64 : 40)) bad(`section header size ${entrySize}`);
  if (count === 0 || count > MAX_SECTIONS) bad(`${count} sections`);
  if (tableAt + count * entrySize > bytes.length) bad('section table beyond the end');
  if (namesIndex >= count) bad('no section names');

  const headers = Array.from({ length: count }, (_, index) => {
    const at = tableAt + index * entrySize;
    const type = view.getUint32(at + 4, true);
    const offset = word(at + (is64 ? 24 : 16));
    const size = word(at + (is64 ? 32 : 20));
    if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(size)) bad(`section ${index} has impossible bounds`);
    if (type !== SHT_NOBITS && type !== 0 && offset + size > bytes.length) bad(`section ${index} ends beyond the end`);
    const data = type === SHT_NOBITS || type === 0 ? new Uint8Array() : bytes.subarray(offset, offset + size);
    return { nameAt: view.getUint32(at, true), type, flags: word(at + 8), address: word(at + (is64 ? 16 : 12)), size, data };
  });
  const names = headers[namesIndex]!.data;
  const nameOf = (at: number): string => {
    const end = names.indexOf(0, at);
    if (at >= names.length || end < 0) return bad('a section name is out of bounds');
    return Buffer.from(names.subarray(at, end)).toString('latin1');
  };
  return {
    bits: is64 ? 64 : 32, machine: view.getUint16(18, true), entry: word(24),
    sections: headers.map(({ nameAt, ...rest }) => ({ name: nameOf(nameAt), ...rest })),
  };
}
