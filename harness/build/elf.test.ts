import t from 'tap';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { HilError } from '../errors.ts';
import { armArchitecture, checkArchitecture } from './arm-attributes.ts';
import { parseElf, SHF_ALLOC, SHF_WRITE, SHT_ARM_ATTRIBUTES } from './elf.ts';
import type { Elf } from './elf.ts';
import { linkedFiles, memoryFigures, sectionKind } from './memory.ts';

const section = (name: string, flags: number, type: number, size: number) => ({ name, flags, type, size, address: 0, data: new Uint8Array() });
const attributes = (data: number[]): Elf => ({
  bits: 32, machine: 40, entry: 0,
  sections: [{ ...section('.ARM.attributes', 0, SHT_ARM_ATTRIBUTES, data.length), data: Uint8Array.from(data) }],
});
/** 'A', one vendor section "aeabi" with a file sub-subsection holding `tags`. */
const aeabi = (...tags: number[]): Elf => {
  const inner = [1, 5 + tags.length, 0, 0, 0, ...tags];
  return attributes([0x41, 4 + 6 + inner.length, 0, 0, 0, ...Buffer.from('aeabi\0'), ...inner]);
};

t.test('a 64-bit ELF: this very Node', async (t) => {
  const elf = parseElf(readFileSync(process.execPath));
  t.equal(elf.bits, 64);
  t.ok(elf.sections.some((each) => each.name === '.text' && (each.flags & SHF_ALLOC) !== 0 && each.size > 1e6));
});

t.test('damage is named, never followed', async (t) => {
  const good = minimalElf();
  t.same(parseElf(good).sections.map((each) => each.name), ['', '.shstrtab', '.text']);
  t.throws(() => parseElf(new Uint8Array(10)), { name: 'HilError', code: 'build.bad-elf' });
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }), fc.nat(good.length), (changes, cut) => {
    const bytes = Uint8Array.from(good);
    for (const [at, value] of changes) bytes[at] = value;
    try {
      armArchitecture(parseElf(bytes.subarray(0, cut < 40 ? good.length : cut)));
    } catch (error) {
      if (!(error instanceof HilError)) throw error;
    }
  }), { numRuns: 3000, seed: 1 });
});

t.test('architecture attribute', async (t) => {
  t.equal(armArchitecture(aeabi(6, 12)), 'v6S-M');
  t.equal(armArchitecture(aeabi(5, ...Buffer.from('6S-M\0'), 6, 11)), 'v6-M');
  t.equal(armArchitecture(aeabi(32, 1, ...Buffer.from('x\0'), 67, ...Buffer.from('2.09\0'), 6, 21)), 'v8.1-M.mainline');
  t.equal(armArchitecture(aeabi(7, 77)), null);
  t.equal(armArchitecture(aeabi(6)), 'number -1');
  t.equal(armArchitecture(attributes([0x41, 255, 255, 255, 255])), null);
  t.equal(armArchitecture(attributes([0x41, 0, 0, 0, 0])), null);
  t.doesNotThrow(() => checkArchitecture(aeabi(6, 12), 'cortex-m0', null));
  t.throws(() => checkArchitecture(aeabi(6, 10), 'cortex-m0', null), { name: 'HilError', kind: 'build', code: 'build.wrong-architecture' });
  t.throws(() => checkArchitecture(aeabi(6, 13), 'cortex-m55', 'v8.1-M.mainline'), { name: 'HilError', code: 'build.wrong-architecture' });
  t.doesNotThrow(() => checkArchitecture(aeabi(6, 13), 'cortex-m4', null));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
    armArchitecture(attributes([0x41, ...bytes]));
  }), { numRuns: 3000, seed: 2 });
});

t.test('what a section counts as', async (t) => {
  const rw = SHF_ALLOC | SHF_WRITE;
  t.equal(sectionKind(section('.text', SHF_ALLOC, 1, 1)), 'flash');
  t.equal(sectionKind(section('.data', rw, 1, 1)), 'flash+ram');
  t.equal(sectionKind(section('.bss', rw, 8, 1)), 'ram');
  t.equal(sectionKind(section('.hil_pool', rw, 8, 1)), 'pool');
  t.equal(sectionKind(section('.stack', rw, 8, 1)), 'stack');
  t.equal(sectionKind(section('.debug_info', 0, 1, 1)), null);
});

t.test("the network's share, from the linker's map", async (t) => {
  const elf: Elf = { bits: 32, machine: 40, entry: 0, sections: [section('.text', SHF_ALLOC, 1, 100), section('.data', 3, 1, 20), section('.bss', 3, 8, 50), section('.debug_info', 0, 1, 999)] };
  const map = `Archive member included
LOAD /tmp/a b/net.o
LOAD /usr/lib/libc.a
Discarded input sections

 .text.unused   0x00000000       0x40 /tmp/a b/net.o

Linker script and memory map

.text           0x00000000       0x64
 *(.text*)
 .text.a        0x00000000       0x10 /tmp/a b/net.o
 .text.a_very_long_function_name
                0x00000010        0x8 /tmp/a b/net.o
 .text.b        0x00000018       0x20 /tmp/other.o
 *fill*         0x00000038        0x4
.data           0x20000000       0x14 load address 0x00000064
 .data.x        0x20000000        0x4 /tmp/a b/net.o
.bss            0x20000014       0x32
 .bss.y         0x20000014       0x30 /tmp/a b/net.o
 COMMON         0x20000044        0x2 /tmp/a b/net.o
.debug_info     0x00000000      0x3e7
 .debug_info    0x00000000      0x3e7 /tmp/a b/net.o
`;
  const figures = memoryFigures(elf, map, (file) => file === '/tmp/a b/net.o');
  t.match(figures, { flashBytes: 120, ramBytes: 70, networkFlashBytes: 0x10 + 8 + 4, networkRamBytes: 4 + 0x30 + 2 });
  t.same(linkedFiles(map), ['/tmp/a b/net.o', '/usr/lib/libc.a']);
  t.match(memoryFigures(elf, 'another linker', () => true), { flashBytes: 120, networkFlashBytes: null, networkRamBytes: null });
});

/** ELF32 header, 3 section headers, their names. */
function minimalElf(): Uint8Array {
  const names = Buffer.from('\0.shstrtab\0.text\0');
  const bytes = new Uint8Array(52 + 3 * 40 + names.length + 8);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  view.setUint16(18, 40, true);
  view.setUint32(32, 52, true);
  view.setUint16(46, 40, true);
  view.setUint16(48, 3, true);
  view.setUint16(50, 1, true);
  const header = (index: number, fields: number[]): void => fields.forEach((value, i) => view.setUint32(52 + index * 40 + i * 4, value, true));
  header(1, [1, 3, 0, 0, 172, names.length]);
  header(2, [11, 1, 6, 0, 172 + names.length, 8]);
  bytes.set(names, 172);
  return bytes;
}
