import fc from 'fast-check';
import t from 'tap';
import { execa } from 'execa';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadBoard } from '../../build/board.ts';
import { buildImage } from '../../build/build-image.ts';
import { HilError } from '../../errors.ts';
import { findTool } from '../find-tool.ts';
import { writeConformanceNetwork } from '../testing/conformance-network.ts';
import { elfOf, program } from '../testing/flashers.ts';
import { tempDir } from '../testing/helpers.ts';
import { flatten, loadSegments, MAX_IMAGE_BYTES } from './load-segments.ts';
import type { LoadSegment } from './load-segments.ts';
import { writeUf2 } from './uf2.ts';

t.setTimeout(120_000);

/** Segments in flash that do not overlap. */
const segments = fc.array(fc.tuple(fc.nat(600), fc.uint8Array({ minLength: 1, maxLength: 700 })), { minLength: 1, maxLength: 6 }).map((parts) => {
  let address = 0x1000_0000;
  return parts.map(([gap, bytes]): LoadSegment => {
    const at = address + gap;
    address = at + bytes.length;
    return { address: at, bytes };
  });
});

t.test('what is put into an ELF file comes out of it, in order of address', async (t) => {
  fc.assert(fc.property(segments, fc.boolean(), (wanted, reversed) => {
    const got = loadSegments(elfOf(reversed ? [...wanted].reverse() : wanted));
    return got.length === wanted.length && got.every(({ address, bytes }, i) => address === wanted[i]!.address && Buffer.from(bytes).equals(wanted[i]!.bytes));
  }));
  t.pass();
});

t.test('damaged files: an answer or a HilError, nothing else', async (t) => {
  const sound = elfOf([{ address: 0, bytes: program(1) }, { address: 4096, bytes: program(2) }]);
  let refused = 0;
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 8 }), fc.nat(sound.length), (changes, length) => {
    const damaged = Uint8Array.from(sound);
    for (const [at, value] of changes) damaged[at] = value;
    try {
      flatten(loadSegments(damaged.subarray(0, length)));
    } catch (error) {
      refused += 1;
      return error instanceof HilError && error.kind === 'bench' && error.code === 'flash.bad-image';
    }
    return true;
  }), { numRuns: 3000 });
  t.ok(refused > 100);
});

t.test('what cannot be flashed is refused', async (t) => {
  const refuse = (wanted: readonly LoadSegment[], message: RegExp): void => void t.throws(() => flatten(loadSegments(elfOf(wanted))), { code: 'flash.bad-image', message });
  const bytes = program(1);
  refuse([], /no program headers/);
  refuse([{ address: 0x2000_0000, bytes }], /RAM/);
  refuse([{ address: 0x1fff_ffe0, bytes }], /RAM/);
  refuse([{ address: 0, bytes }, { address: 50, bytes }], /overlap/);
  refuse([{ address: 0, bytes }, { address: MAX_IMAGE_BYTES, bytes }], /spans/);
  refuse([{ address: 0xffff_fff0, bytes }], /address space/);
  t.throws(() => loadSegments(Buffer.from('#!/bin/sh\n'.repeat(10))), { code: 'flash.bad-image', message: /no ELF file/ });
});

/** By the format's description, apart from the writer. @returns the bytes by page address */
function readUf2(file: Uint8Array, familyId: number): Map<number, Buffer> {
  const pages = new Map<number, Buffer>();
  const total = file.length / 512;
  for (let block = 0; block < total; block += 1) {
    const b = Buffer.from(file.buffer, file.byteOffset + 512 * block, 512);
    if (b.toString('latin1', 0, 4) !== 'UF2\n' || b.readUInt32LE(4) !== 0x9e5d5157 || b.readUInt32LE(508) !== 0x0ab16f30) throw new Error('magic');
    const [flags, address, length, number, count, family] = [8, 12, 16, 20, 24, 28].map((at) => b.readUInt32LE(at)) as [number, number, number, number, number, number];
    if (flags !== 0x2000 || address % 256 !== 0 || length !== 256 || number !== block || count !== total || family !== familyId) throw new Error('header');
    if (pages.has(address)) throw new Error('a page twice');
    pages.set(address, b.subarray(32, 32 + 256));
  }
  return pages;
}

t.test('UF2: every byte is in its page once, the rest of a page reads as erased', async (t) => {
  fc.assert(fc.property(segments, (wanted) => {
    const pages = readUf2(writeUf2(wanted, 0xe48bff56), 0xe48bff56);
    const memory = new Map<number, number>();
    for (const { address, bytes } of wanted) bytes.forEach((value, i) => memory.set(address + i, value));
    for (const address of memory.keys()) if (!pages.has(address - (address % 256))) return false;
    for (const [page, bytes] of pages) {
      let used = false;
      for (const [i, value] of bytes.entries()) {
        const expected = memory.get(page + i);
        used ||= expected !== undefined;
        if (value !== (expected ?? 0xff)) return false;
      }
      if (!used) return false;
    }
    return true;
  }));
  t.pass();
});

const objcopy = await findTool('HIL_OBJCOPY', ['arm-none-eabi-objcopy']);
const compiler = await findTool('HIL_GCC', ['arm-none-eabi-gcc']);
t.test('a real image as objcopy would write it', { skip: objcopy === null || compiler === null ? 'no Arm toolchain' : false }, async (t) => {
  const dir = await tempDir(t);
  const network = await writeConformanceNetwork(join(dir, 'net'));
  const image = await buildImage({ package: network, board: await loadBoard('mps2-an386'), cacheDir: join(dir, 'cache'), signal: new AbortController().signal });
  const raw = join(dir, 'raw.bin');
  await execa(objcopy!.path, ['-O', 'binary', image.elf, raw]);
  const [expected, elf] = await Promise.all([readFile(raw), readFile(image.elf)]);
  const { address, bytes } = flatten(loadSegments(elf));
  t.equal(address, 0);
  t.ok(expected.length > 1000);
  // objcopy fills gaps with 0 (--gap-fill makes it fill up to empty sections in RAM too): there is one, of less than a line.
  t.equal(bytes.length, expected.length);
  const differing = [...bytes.entries()].filter(([i, value]) => value !== expected[i]);
  t.ok(differing.every(([i, value]) => value === 0xff && expected[i] === 0) && differing.length < 64, `${expected.length} bytes, ${differing.length} in gaps`);
});
