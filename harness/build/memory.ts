import { SHF_ALLOC, SHF_WRITE, SHT_NOBITS } from './elf.ts';
import type { Elf, ElfSection } from './elf.ts';
import type { StackBound } from './stack-bound.ts';

/** Memory of an image, in bytes, from its section headers. */
export interface MemoryFigures {
  /** Code, constants and the start values of variables: all that is stored. */
  readonly flashBytes: number;
  /** Variables of network and agent. Not in it: the sample pool and the stack, which belong to the test harness. */
  readonly ramBytes: number;
  readonly poolBytes: number;
  /** Memory set aside for stack and heap (nothing for a host program: the system provides it). */
  readonly stackBytes: number;
  /** What of it came from the network's own objects; null where the linker's map does not tell. */
  readonly networkFlashBytes: number | null;
  readonly networkRamBytes: number | null;
  /** Greatest stack of each network by name, from its call graph; null where there is no bound. */
  readonly stackBounds: Readonly<Record<string, StackBound>>;
  /** Allocated sections. */
  readonly sections: readonly { readonly name: string; readonly address: number; readonly size: number; readonly kind: SectionKind }[];
}

export type SectionKind = 'flash' | 'flash+ram' | 'ram' | 'pool' | 'stack';

/** How a section counts, or null for one that takes no memory on the target. */
export function sectionKind(section: Pick<ElfSection, 'name' | 'flags' | 'type'>): SectionKind | null {
  if ((section.flags & SHF_ALLOC) === 0) return null;
  if (section.name.startsWith('.hil_pool')) return 'pool';
  if (/^\.(hil_)?(stack|heap)/.test(section.name)) return 'stack';
  if ((section.flags & SHF_WRITE) === 0) return 'flash';
  return section.type === SHT_NOBITS ? 'ram' : 'flash+ram';
}

/**
 * @param map text of the linker's map (GNU ld), to tell the network's share after the linker dropped what is unused
 * @param isNetworkObject whether an input file named in the map is the network's
 * @param stackBounds by network
 */
export function memoryFigures(elf: Elf, map: string, isNetworkObject: (file: string) => boolean, stackBounds: MemoryFigures['stackBounds'] = {}): MemoryFigures {
  const sections = elf.sections.flatMap((section) => {
    const kind = sectionKind(section);
    return kind === null || section.size === 0 ? [] : [{ name: section.name, address: section.address, size: section.size, kind }];
  });
  const sum = (kinds: readonly SectionKind[]): number => sections.reduce((total, each) => total + (kinds.includes(each.kind) ? each.size : 0), 0);
  const kinds = new Map(sections.map((each) => [each.name, each.kind]));
  const share = networkShare(map, kinds, isNetworkObject);
  return {
    flashBytes: sum(['flash', 'flash+ram']), ramBytes: sum(['ram', 'flash+ram']), poolBytes: sum(['pool']), stackBytes: sum(['stack']),
    networkFlashBytes: share?.flash ?? null, networkRamBytes: share?.ram ?? null, stackBounds, sections,
  };
}

/**
 * Lines of the map's second part: an output section begins at column 0 (`.text 0x… 0x…`), its input sections are
 * indented by one blank (` .text.f 0x… 0x… file.o`). A long name stands alone on its line, the rest on the next.
 */
function networkShare(map: string, kinds: ReadonlyMap<string, SectionKind>, isNetworkObject: (file: string) => boolean): { flash: number; ram: number } | null {
  const start = map.indexOf('Linker script and memory map');
  if (start < 0) return null;
  const text = map.slice(start).replace(/^( ?[.\w*][^\s]*)\r?\n\s+(?=0x)/gm, '$1 ');
  let output: SectionKind | undefined;
  let flash = 0;
  let ram = 0;
  for (const line of text.split('\n')) {
    const head = /^([.\w]\S*)(\s+0x[0-9a-f]+\s+0x[0-9a-f]+.*)?\s*$/.exec(line);
    if (head !== null) output = kinds.get(head[1]!);
    const part = /^ (\S+)\s+0x[0-9a-f]+\s+0x([0-9a-f]+) (\S.*)$/.exec(line);
    if (part === null || output === undefined || part[1] === '*fill*' || !isNetworkObject(part[3]!)) continue;
    const size = Number.parseInt(part[2]!, 16);
    if (output === 'flash' || output === 'flash+ram') flash += size;
    if (output === 'ram' || output === 'flash+ram') ram += size;
  }
  return { flash, ram };
}

/** Files that the linker read, from its map: objects, libraries, start-up files. */
export function linkedFiles(map: string): string[] {
  return [...map.matchAll(/^LOAD (.+)$/gm)].map((match) => match[1]!.trim());
}
