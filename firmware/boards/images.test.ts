import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { Test } from 'tap';
import { buildImage } from '../../harness/build/build-image.ts';
import { loadBoard } from '../../harness/build/board.ts';
import type { BoardSpec } from '../../harness/build/board.ts';
import { parseElf, SHF_ALLOC } from '../../harness/build/elf.ts';
import { symbolValues } from '../../harness/build/elf-symbols.ts';
import { writeConformanceNetwork } from '../../harness/device/testing/conformance-network.ts';
import { parseModel } from '../../harness/model/index.ts';
import { prepareNetwork } from '../../harness/runtimes/index.ts';
import { boardsDir, compileBoard, has } from '../agent/fixtures/compile.ts';

// What can be known of an image without its board: where everything lies, and what the core finds at reset.

t.setTimeout(300_000);
/** Where the chip, its boot ROM or its boot loader looks for the vectors. */
const VECTORS: Readonly<Record<string, number>> = {
  microbit: 0, netduinoplus2: 0x0800_0000, 'nucleo-f446re': 0x0800_0000, 'nucleo-h743zi2': 0x0800_0000, 'portenta-h7': 0x0804_0000,
  'nano-33-ble': 0x1_0000, pico: 0x1000_0100, 'alif-e7-he': 0x8048_0000,
};
/** Compiled with the small network, and started, in boards.test.ts. */
const ON_QEMU = ['microbit', 'netduinoplus2'];
const SEMIHOSTING = 0xbeab; // bkpt 0xab

const dir = await mkdtemp(join(tmpdir(), 'hil-images-'));
t.teardown(() => rm(dir, { recursive: true, force: true }));
const compiler = await has('arm-none-eabi-gcc');
if (compiler) await Promise.all(Object.keys(VECTORS).filter((id) => !ON_QEMU.includes(id)).map((id) => compileBoard(id, join(dir, `${id}.elf`))));
const model = parseModel(await readFile(new URL('../../suites/engine-rom/model/engine_rom_int8.tflite', import.meta.url)));

/** A memory of the linker script, from the board's --defsym. */
function region(board: BoardSpec, name: string): { low: number; high: number } {
  const value = (what: string): number => Number(board.ldFlags.find((flag) => flag.startsWith(`-Wl,--defsym=HIL_${name}_${what}=`))?.split('=').at(-1) ?? 0);
  return { low: value('BASE'), high: value('BASE') + value('BYTES') };
}

/** Where the parts of the file that a flasher writes go (p_paddr of the loaded segments), and their size. */
function loaded(elf: Uint8Array): { at: number; size: number }[] {
  const view = new DataView(elf.buffer, elf.byteOffset, elf.byteLength);
  return Array.from({ length: view.getUint16(44, true) }, (_, i) => view.getUint32(28, true) + 32 * i)
    .map((at) => ({ type: view.getUint32(at, true), at: view.getUint32(at + 12, true), size: view.getUint32(at + 16, true) }))
    .filter(({ type, size }) => type === 1 && size > 0);
}

function check(t: Test, board: BoardSpec, file: Buffer): void {
  const elf = parseElf(file);
  const places = [region(board, 'CODE'), region(board, 'RAM'), region(board, 'BIG')];
  const fits = (at: number, size: number, where = places): boolean => where.some(({ low, high }) => at >= low && at + size <= high);
  for (const section of elf.sections.filter(({ flags, size }) => (flags & SHF_ALLOC) !== 0 && size > 0)) {
    t.ok(fits(section.address, section.size), `${section.name} lies in a memory of the chip`);
  }
  for (const { at, size } of loaded(file)) t.ok(fits(at, size, [places[0]!]), `what is flashed to 0x${at.toString(16)} lies in flash`);

  const symbols = symbolValues(elf, ['hil_vectors', 'hil_reset', 'hil_fault_entry', 'hil_uart_interrupt', '__handler_stack_high']);
  const address = (name: string): number => symbols.get(name)!;
  const code = (name: string): number => (address(name) | 1) >>> 0; // Thumb
  t.equal(address('hil_vectors'), VECTORS[board.id], 'the vectors are where they are looked for');
  const text = elf.sections.find(({ name }) => name === '.text')!;
  const words = new DataView(text.data.buffer, text.data.byteOffset + address('hil_vectors') - text.address);
  const vector = (n: number): number => words.getUint32(4 * n, true);
  t.equal(vector(0), address('__handler_stack_high'));
  t.ok(vector(0) % 8 === 0 && fits(vector(0) - 8, 8, [places[1]!]), 'the first stack is in RAM');
  t.equal(vector(1), code('hil_reset'), 'reset');
  t.equal(elf.entry, vector(1));
  const irq = Number(board.defines['HIL_UART_IRQ']);
  const irqs = board.defines['HIL_MANY_IRQS'] === undefined ? 96 : 160;
  const others = Array.from({ length: irqs }, (_, n) => n).filter((n) => vector(16 + n) !== code('hil_fault_entry'));
  t.same(others, [irq], 'one interrupt goes to the UART, the others are faults');
  t.equal(vector(16 + irq), code('hil_uart_interrupt'));
  const halves = new Uint16Array(text.data.slice(0, text.data.length & ~1).buffer);
  t.notOk(halves.includes(SEMIHOSTING), 'no semihosting');
}

t.test('every board with a clock tree or a UART of its own is here', async (t) => {
  const boards = await Promise.all((await readdir(boardsDir, { withFileTypes: true })).filter((each) => each.isDirectory() && each.name !== 'common').map(({ name }) => loadBoard(name)));
  t.same(boards.filter(({ defines }) => 'HIL_UART_IRQ' in defines).map(({ id }) => id).sort(), Object.keys(VECTORS).sort());
});

for (const id of Object.keys(VECTORS)) {
  t.test(id, { skip: !compiler && 'needs arm-none-eabi-gcc' }, async (t) => {
    const board = await loadBoard(id);
    if (!ON_QEMU.includes(id)) await t.test('the small network, compiled with all warnings', async (t) => check(t, board, await readFile(join(dir, `${id}.elf`))));
    await t.test('engine-rom', async (t) => {
      const network = await prepareNetwork({ kind: 'builtin' }, { model, modelFile: 'engine_rom.tflite', outDir: join(dir, id), core: board.core });
      const image = await buildImage({ package: network, board, cacheDir: join(dir, 'cache'), signal: new AbortController().signal });
      check(t, board, await readFile(image.elf));
    });
  });
}

t.test('what does not fit is a build error that says so', { skip: !compiler && 'needs arm-none-eabi-gcc' }, async (t) => {
  const board = await loadBoard('microbit');
  for (const [declaration, message] of [['static volatile int8_t big[20000];', /variables do not fit into the board's memory/], ['static const volatile int8_t big[300000] = {1};', /constants and start values do not fit/]] as const) {
    const network = await writeConformanceNetwork(join(dir, 'big'));
    const file = join(dir, 'big/net.c');
    await writeFile(file, (await readFile(file, 'utf8')).replace('static int8_t in', `${declaration}\nstatic int8_t in`).replace('hil_tap_fn tap) {', 'hil_tap_fn tap) { out[0] = big[in[0] & 127];'));
    await t.rejects(buildImage({ package: network, board, cacheDir: join(dir, 'cache'), signal: new AbortController().signal }), { kind: 'build', code: 'build.link', message });
  }
});

t.test('pico: the boot ROM accepts what it is to run', { skip: !compiler && 'needs arm-none-eabi-gcc' }, async (t) => {
  const { data, address, size } = parseElf(await readFile(join(dir, 'pico.elf'))).sections.find(({ name }) => name === '.boot2')!;
  t.same([address, size], [0x1000_0000, 256]);
  let crc = 0xffff_ffff; // RP2040 Datasheet 2.8.1.3.1: polynomial 04C11DB7, neither reflected nor inverted
  for (const byte of data.subarray(0, 252)) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc < 0 || crc > 0x7fff_ffff ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  }
  t.equal(`0x${(crc >>> 0).toString(16)}`, `0x${Buffer.from(data.subarray(252)).readUInt32LE().toString(16)}`);
});
