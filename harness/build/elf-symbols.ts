import { HilError } from '../errors.ts';
import { parseElf } from './elf.ts';
import type { Elf } from './elf.ts';

const SYMBOL_BYTES = { 32: 16, 64: 24 } as const;

/**
 * Values of symbols by name, from .symtab; names that the file lacks are left out. Of several symbols of one name the last counts.
 * @throws HilError 'bench' build.bad-elf
 */
export function symbolValues(elf: Elf, names: readonly string[]): Map<string, number> {
  const table = elf.sections.find((section) => section.name === '.symtab')?.data;
  const strings = elf.sections.find((section) => section.name === '.strtab')?.data;
  const found = new Map<string, number>();
  if (table === undefined || strings === undefined) return found;
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const size = SYMBOL_BYTES[elf.bits];
  const wanted = new Map(names.map((name) => [name, Buffer.from(`${name}\0`)]));
  const text = Buffer.from(strings.buffer, strings.byteOffset, strings.byteLength);
  for (let at = 0; at + size <= table.length; at += size) {
    const nameAt = view.getUint32(at, true);
    for (const [name, bytes] of wanted) {
      if (nameAt + bytes.length > text.length || !text.subarray(nameAt, nameAt + bytes.length).equals(bytes)) continue;
      found.set(name, elf.bits === 64 ? Number(view.getBigUint64(at + 8, true)) : view.getUint32(at + 4, true));
    }
  }
  return found;
}

/** Memory of the target that nothing in the image uses and that the bench may fill before the start. */
export interface PreloadArea {
  readonly address: number;
  readonly bytes: number;
}

/** What the linker script reserved for it; null where the board has none. @throws HilError 'bench' build.bad-elf */
export function preloadArea(elfFile: Uint8Array): PreloadArea | null {
  const symbols = symbolValues(parseElf(elfFile), ['__hil_preload_low', '__hil_preload_high']);
  const low = symbols.get('__hil_preload_low') ?? 0;
  const high = symbols.get('__hil_preload_high') ?? 0;
  if (high === low) return null;
  if (high < low) throw new HilError('bench', 'build.bad-elf', `the image's preload area ends at ${high}, before it begins at ${low}`);
  return { address: low, bytes: high - low };
}
