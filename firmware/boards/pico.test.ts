import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { ConsoleLogger, LogLevel, Simulator } from 'rp2040js';
import t from 'tap';
import type { Test } from 'tap';
import { encodeFrame } from '../../harness/link/frame.ts';
import { decodeHelloOk } from '../../harness/link/messages.ts';
import { decodeFault, decodeRunDone, encodeRun } from '../../harness/link/run-messages.ts';
import { BUILD_ID, compileBoard, has } from '../agent/fixtures/compile.ts';
import { HANG, HELLO, HELLO_OK, RUN_DONE, Wire, plainRun, u32, writePayload } from '../agent/fixtures/wire.ts';

// The Pico's image on rp2040js, an emulator of the RP2040 that models its clocks and the speed of its UART. It begins with our
// boot2 (there is no boot ROM), and does not fault where the chip does: those faults are in boards.test.ts, on QEMU.

t.setTimeout(180_000);
const RUN = 5, BAUD = 7, WRITE = 3, WRITE_OK = 0x83, BAUD_OK = 0x87, REFUSED = 0xaf, ENDLESS = 1;
const compiler = await has('arm-none-eabi-gcc');
const dir = await mkdtemp(join(tmpdir(), 'hil-pico-'));
t.teardown(() => rm(dir, { recursive: true, force: true }));
if (compiler) await compileBoard('pico', join(dir, 'pico.elf'));

interface Started { readonly wire: Wire; readonly mcu: Simulator['rp2040'] }

/** The device's answers come at once; what it receives takes its time on the wire. */
async function start(t: Test): Promise<Started> {
  const elf = await readFile(join(dir, 'pico.elf'));
  const sim = new Simulator();
  const { rp2040: mcu } = sim;
  mcu.logger = new ConsoleLogger(LogLevel.Error);
  const view = new DataView(elf.buffer, elf.byteOffset);
  for (let i = 0, at = view.getUint32(28, true); i < view.getUint16(44, true); i++, at += 32) {
    const [offset, , to, size] = [4, 8, 12, 16].map((field) => view.getUint32(at + field, true)) as [number, number, number, number];
    if (size > 0) mcu.flash.set(elf.subarray(offset, offset + size), to - 0x1000_0000);
  }
  const uart = mcu.uart[0]!;
  const output = new PassThrough(), input = new PassThrough();
  uart.onByte = (byte) => void output.write(Buffer.of(byte));
  const waiting: number[] = [];
  const alarm = sim.clock.createAlarm(() => {
    if (waiting.length > 0) uart.feedByte(waiting.shift()!);
    alarm.schedule(1e10 / uart.baudRate);
  });
  input.on('data', (chunk: Buffer) => waiting.push(...chunk));
  mcu.core.SP = 0x2004_2000;
  mcu.core.registers[14] = 0; // lr, as the boot ROM leaves it
  mcu.core.PC = 0x1000_0000;
  sim.execute();
  t.teardown(() => sim.stop());
  const wire = new Wire(output, input);
  t.same([...(await wire.booted()).payload.subarray(4)], [...Buffer.from(BUILD_ID, 'hex')]);
  alarm.schedule(1e10 / uart.baudRate);
  return { wire, mcu };
}

const skip = !compiler && 'needs arm-none-eabi-gcc';

t.test('boot2, clocks, HELLO, and modes with the same numbers each time', { skip }, async (t) => {
  const { wire, mcu } = await start(t);
  t.equal(mcu.core.VTOR, 0x1000_0100);
  t.same([mcu.clkSys, mcu.clkPeri], [125e6, 125e6]);
  const hello = await wire.ask(HELLO, u32(42));
  t.equal(hello.type, HELLO_OK);
  t.match(decodeHelloOk(hello.payload), { nonce: 42, core: 'cortex-m0plus', tickHz: 125e6, catchesEndless: true, stackPaintable: true, changesBaud: true, counters: { sysTick: true } });
  await wire.write(0, Buffer.of(20, 21, 22, 23, 30, 31, 32, 33));
  const all: unknown[] = [];
  for (const [k, mode] of (['time-total', 'digest', 'time-total'] as const).entries()) {
    const answer = await wire.run(k + 1, { mode, count: 2 });
    t.equal(answer.type, RUN_DONE);
    const { status, totalTicks, outputCrc } = decodeRunDone(answer.payload);
    t.equal(status, 0);
    all.push(mode === 'digest' ? null : { totalTicks, outputCrc });
  }
  t.strictSame(all[0], all[2]);
});

t.test('what comes while it computes is kept, and answered afterwards', { skip }, async (t) => {
  const { wire } = await start(t);
  const block = Buffer.from(Array.from({ length: 1500 }, (_, i) => (i * 7919) >> 3));
  wire.send(encodeFrame(RUN, 1, encodeRun(77, { ...plainRun, mode: 'digest', count: 9000, inOffset: 0, outOffset: 40_000, auxOffset: 90_000 })));
  wire.send(encodeFrame(WRITE, 2, writePayload(2000, block)));
  const [done, written] = [await wire.next(60_000), await wire.next()];
  t.equal(done.type, RUN_DONE);
  t.ok(decodeRunDone(done.payload).totalTicks > (block.length * 10 * 125e6) / 115_200, 'it computed for longer than that took on the wire');
  t.equal(written.type, WRITE_OK);
});

t.test('speeds', { skip }, async (t) => {
  const { wire, mcu } = await start(t);
  t.equal(Math.round(mcu.uart[0]!.baudRate / 100), 1152);
  t.equal((await wire.ask(BAUD, u32(921_600))).type, BAUD_OK);
  await wire.ask(HELLO, u32(1));
  t.ok(Math.abs(mcu.uart[0]!.baudRate / 921_600 - 1) < 0.002);
  t.equal((await wire.ask(BAUD, u32(100))).type, REFUSED);
});

t.test('an endless invocation', { skip }, async (t) => {
  const { wire } = await start(t);
  await wire.write(0, Buffer.of(20, 0, 0, 0, ENDLESS, 0, 0, 0));
  const answer = await wire.run(1, { mode: 'digest', count: 2, limitTicks: 2_000_000 });
  t.equal(answer.type, HANG);
  t.match(decodeFault(answer.payload), { sample: 1, layer: 1 });
});
