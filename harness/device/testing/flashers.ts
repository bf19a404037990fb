/** For the tests of flashers: images by hand, and the stand-in under the names of the tools. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Image } from '../device.ts';
import type { LoadSegment } from '../flashers/load-segments.ts';

/** Stands in for all the tools: see the file. */
export const flasherStandIn = fileURLToPath(new URL('./fixtures/flashers/flasher-stand-in.mjs', import.meta.url));
export const tellBoard = fileURLToPath(new URL('./fixtures/flashers/tell-board.mjs', import.meta.url));
export const STAND_IN_TOOLS = ['openocd', 'pyocd', 'probe-rs', 'JLinkExe', 'STM32_Programmer_CLI', 'dfu-util', 'bossac', 'picotool', 'flash-it'] as const;
const SETOOLS = ['tools-config', 'app-gen-toc', 'app-write-mram'];

/** A 32-bit Arm ELF file with these load segments. */
export function elfOf(segments: readonly LoadSegment[]): Uint8Array {
  const table = 52;
  const data = table + 32 * segments.length;
  const file = Buffer.alloc(data + segments.reduce((sum, { bytes }) => sum + bytes.length, 0));
  file.write('\x7fELF', 0, 'latin1');
  file.set([1, 1, 1], 4);
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(40, 18);
  file.writeUInt32LE(1, 20);
  file.writeUInt32LE(table, 28);
  file.writeUInt16LE(52, 40);
  file.writeUInt16LE(32, 42);
  file.writeUInt16LE(segments.length, 44);
  let offset = data;
  for (const [index, { address, bytes }] of segments.entries()) {
    // The virtual address of initial values is in RAM, the physical one in flash.
    [1, offset, 0x2000_0000, address, bytes.length, bytes.length, 5, 4].forEach((word, i) => file.writeUInt32LE(word, table + 32 * index + 4 * i));
    file.set(bytes, offset);
    offset += bytes.length;
  }
  return file;
}

/** A vector table (stack pointer, reset vector) and some code. */
export const program = (fill: number): Uint8Array => {
  const bytes = Buffer.alloc(100, fill);
  bytes.writeUInt32LE(0x2000_1000, 0);
  bytes.writeUInt32LE(0x0000_0101, 4);
  return bytes;
};

export async function writeImage(dir: string, segments: readonly LoadSegment[] = [{ address: 0x0800_0000, bytes: program(7) }]): Promise<Image> {
  const elf = join(dir, 'program with a space.elf');
  await writeFile(elf, elfOf(segments));
  return { elf, sha256: '0'.repeat(64), buildId: '0'.repeat(32), files: {} };
}

export interface ToolBench {
  readonly env: NodeJS.ProcessEnv;
  /** What the last stand-in flashed. */
  readonly flashed: string;
  /** A line of JSON a call: [tool, ...arguments]. */
  readonly log: string;
}

/** A folder of tools that are all the stand-in, in front of PATH; no probes of this computer are looked for. */
export async function toolBench(dir: string, more: NodeJS.ProcessEnv = {}): Promise<ToolBench> {
  const bin = join(dir, 'bin');
  const setools = join(dir, 'setools');
  await Promise.all([mkdir(bin), mkdir(join(setools, 'build', 'images'), { recursive: true }), mkdir(join(setools, 'build', 'config'), { recursive: true })]);
  await Promise.all([...STAND_IN_TOOLS.map((name) => symlink(flasherStandIn, join(bin, name))), ...SETOOLS.map((name) => symlink(flasherStandIn, join(setools, name)))]);
  const flashed = join(dir, 'flashed');
  const log = join(dir, 'log');
  const overrides = Object.fromEntries(Object.keys(process.env).filter((name) => name.startsWith('HIL_')).map((name) => [name, '']));
  const env = { ...process.env, ...overrides, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`, HIL_SETOOLS: setools, HIL_STAND_IN_FLASH: flashed, HIL_STAND_IN_LOG: log, ...more };
  return { env, flashed, log };
}
