import { execa } from 'execa';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import type { Test } from 'tap';
import { decodeDigests, decodeLayerTimes, decodeSampleTicks, digestOfDigests } from '../../harness/link/aux-messages.ts';
import { digestOfViews } from '../../harness/link/digest.ts';
import type { LayerTimes } from '../../harness/link/aux-messages.ts';
import { decodeHelloOk } from '../../harness/link/messages.ts';
import { decodeFault, decodeRunDone } from '../../harness/link/run-messages.ts';
import { BUILD_ID, compileBoard, has } from '../agent/fixtures/compile.ts';
import { FAULT, HANG, HELLO, HELLO_OK, RUN_DONE, Wire, u32 } from '../agent/fixtures/wire.ts';

interface Board {
  readonly id: string;
  /** QEMU's machine; null: a process of this computer. */
  readonly machine: string | null;
  readonly core: string;
  /** What misbehave_misaligned and misbehave_divides lead to. */
  readonly misaligned: 'fault' | 'works';
  readonly divides: 'fault' | 'works';
}

const boards: readonly Board[] = [
  { id: 'host', machine: null, core: 'native', misaligned: 'works', divides: 'fault' },
  { id: 'mps3-an547', machine: 'mps3-an547', core: 'cortex-m55', misaligned: 'works', divides: 'fault' },
  { id: 'mps2-an386', machine: 'mps2-an386', core: 'cortex-m4', misaligned: 'works', divides: 'fault' },
  { id: 'mps2-an385', machine: 'mps2-an385', core: 'cortex-m3', misaligned: 'works', divides: 'fault' },
  { id: 'mps2-an500', machine: 'mps2-an500', core: 'cortex-m7', misaligned: 'works', divides: 'fault' },
  { id: 'mps2-an505', machine: 'mps2-an505', core: 'cortex-m33', misaligned: 'works', divides: 'fault' },
  { id: 'microbit', machine: 'microbit', core: 'cortex-m0', misaligned: 'fault', divides: 'works' },
  { id: 'netduinoplus2', machine: 'netduinoplus2', core: 'cortex-m4', misaligned: 'works', divides: 'fault' },
  { id: 'mps2-an385-v6m', machine: 'mps2-an385', core: 'cortex-m0', misaligned: 'fault', divides: 'works' },
];
const ENDLESS = 1, UNMAPPED = 2, UNDEFINED = 3, OVERFLOW = 4, MISALIGNED = 5, PRINTS = 6, DEEP = 9, DIVIDES = 10;
const PC_GUESSED = 16;

t.setTimeout(300_000);
const dir = await mkdtemp(join(tmpdir(), 'hil-boards-'));
t.teardown(() => rm(dir, { recursive: true, force: true }));

interface Started { readonly wire: Wire; readonly stderr: () => string }

let sockets = 0;
async function start(t: Test, board: Board, elf: string): Promise<Started> {
  const started = await startUnheard(t, board, elf);
  const { payload } = await started.wire.booted();
  t.strictSame([...payload], [0, 0, 0, 0, ...Buffer.from(BUILD_ID, 'hex')], 'BOOT: no cause is known, and the build');
  return started;
}

async function startUnheard(t: Test, board: Board, elf: string): Promise<Started> {
  const path = join(dir, `s${sockets++}`);
  const [program, args] = board.machine === null ? [elf, []] : [process.env['HIL_QEMU'] ?? 'qemu-system-arm', [
    '-M', board.machine, '-display', 'none', '-monitor', 'none', '-no-reboot', '-icount', 'shift=6,align=off,sleep=off',
    '-chardev', `socket,id=s0,path=${path},server=on,wait=on`, '-serial', 'chardev:s0', '-kernel', elf,
  ]] as const;
  const child = execa(program, args, { encoding: 'buffer', buffer: false, reject: false, stdin: 'pipe' });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('latin1')));
  t.teardown(async () => {
    child.kill('SIGKILL');
    await child;
  });
  if (board.machine === null) return { wire: new Wire(child.stdout, child.stdin), stderr: () => stderr };
  for (let tries = 0; ; tries++) {
    const socket = createConnection(path);
    const connected = await new Promise<boolean>((resolve) => socket.once('connect', () => resolve(true)).once('error', () => resolve(false)));
    if (connected) return { wire: new Wire(socket, socket), stderr: () => stderr };
    if (tries > 250) throw new Error(`QEMU does not listen: ${stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The function that an address lies in. */
async function functionAt(board: Board, elf: string, pc: number): Promise<string> {
  const tool = board.machine === null ? 'addr2line' : 'arm-none-eabi-addr2line';
  return (await execa(tool, ['-f', '-e', elf, `0x${pc.toString(16)}`])).stdout.split('\n')[0]!;
}

const gcc = await has('gcc');
const arm = (await has('arm-none-eabi-gcc')) && (await has(process.env['HIL_QEMU'] ?? 'qemu-system-arm'));

for (const board of boards) {
  const possible = board.machine === null ? gcc && process.platform === 'linux' : arm;
  await t.test(board.id, { skip: !possible && 'needs compiler and QEMU', timeout: 120_000 }, async (t) => {
    const elf = join(dir, `${board.id}.elf`);
    await compileBoard(board.id, elf);

    await t.test('HELLO, and each mode twice with the same numbers', async (t) => {
      const { wire, stderr } = await start(t, board, elf);
      const hello = await wire.ask(HELLO, u32(42));
      t.equal(hello.type, HELLO_OK);
      const said = decodeHelloOk(hello.payload);
      t.match(said, { nonce: 42, core: board.core, buildId: BUILD_ID, catchesEndless: true, reportsFaults: true, stackPaintable: true });
      t.match(said.counters, board.machine === null ? { hostClock: true } : { sysTick: true, dwt: false });
      await wire.write(0, Buffer.of(20, 21, 22, 23, 30, 31, 32, 33, PRINTS, 0, 0, 0));
      const all: unknown[] = [];
      for (let round = 0; round < 2; round++) {
        const seen: unknown[] = [];
        for (const [k, mode] of (['plain', 'digest', 'capture', 'time-total', 'time-layers'] as const).entries()) {
          const count = mode === 'digest' || mode === 'capture' ? 3 : 2; // printing for the first time takes more time and stack
          const answer = await wire.run(100 * round + k + 1, { mode, count, paintStack: mode === 'plain', mask: Uint8Array.of(7) });
          t.equal(answer.type, RUN_DONE);
          const { nonce: _, totalTicks, ...done } = decodeRunDone(answer.payload);
          t.match(done, { status: 0, done: count });
          const aux = await wire.read(256, 128);
          const times = mode === 'time-total' ? decodeSampleTicks(aux, 2) : mode === 'time-layers' ? decodeLayerTimes(aux, 3) : null;
          if (mode === 'time-layers') t.equal((times as LayerTimes).layers[1]!.calls, 4);
          if (mode === 'digest') t.match(decodeDigests(aux, 3), [{ value: digestOfViews(Buffer.of(20, 21, 22, 23, 31, 32, 33, 34, PRINTS + 2, 2, 2, 2), 4), bytes: 12 }, { bytes: 24 }, { value: digestOfViews(u32(1, 2, 3), 4), bytes: 12 }]);
          if (mode === 'digest') t.equal(decodeRunDone(answer.payload).digest, digestOfDigests(decodeDigests(aux, 3)));
          if (board.machine === null) {
            seen.push({ ...done, stackBytes: null });
          } else {
            if (mode === 'time-total') t.ok((times as number[]).every((ticks) => ticks > 50 && ticks < 1000), `ticks ${String(times)}`);
            seen.push({ ...done, times, totalTicks: mode.startsWith('time') ? totalTicks : 0 });
          }
        }
        all.push(seen);
      }
      t.strictSame(all[0], all[1], 'same numbers');
      t.equal(wire.text.split('hello from layer 1\n').length, 5, 'printed text comes between the frames');
      t.notMatch(stderr(), /Timer|rror/);
      const block = Buffer.from(Array.from({ length: said.maxPayload - 5 }, (_, i) => (i * 7919) >> 3));
      await wire.write(said.poolBytes - block.length, block);
      t.strictSame(await wire.read(said.poolBytes - block.length, block.length), block, 'the longest frame, at the end of the pool');
    });

    await t.test('the depth of the stack', async (t) => {
      const { wire } = await start(t, board, elf);
      await wire.write(0, Buffer.of(DEEP, 0, 0, 0));
      const { stackBytes } = decodeRunDone((await wire.run(1, { paintStack: true })).payload);
      t.ok(stackBytes! >= 2000 && stackBytes! < 2400, `a frame of 2000 bytes is seen as ${stackBytes}`);
    });

    const dies = async (t: Test, how: number, name: string, type = FAULT): Promise<void> => {
      const { wire } = await start(t, board, elf);
      const { tickHz } = decodeHelloOk((await wire.ask(HELLO, u32(1))).payload);
      await wire.write(0, Buffer.of(20, 0, 0, 0, how, 0, 0, 0));
      const answer = await wire.run(1, { mode: 'digest', count: 2, firstSample: 40, limitTicks: tickHz });
      t.equal(answer.type, type, name);
      const fault = decodeFault(answer.payload);
      t.equal(fault.sample, 41);
      t.equal(fault.layer, 1, 'the layer being computed');
      const flags = answer.payload.readUInt32LE(76);
      t.equal((flags & 1) !== 0 || (flags & PC_GUESSED) !== 0, true, 'a PC is there');
      t.equal((flags & 8) !== 0, board.machine === null, 'a signal');
      t.equal((await functionAt(board, elf, answer.payload.readUInt32LE(28))).replace(/\.cold$/, ''), name);
    };
    const works = async (t: Test, how: number): Promise<void> => {
      const { wire } = await start(t, board, elf);
      await wire.write(0, Buffer.of(how, 0, 0, 0));
      t.equal((await wire.run(1, {})).type, RUN_DONE);
    };
    await t.test('an endless invocation', (t) => dies(t, ENDLESS, 'misbehave_endless', HANG));
    await t.test('a read of nothing', (t) => dies(t, UNMAPPED, 'misbehave_unmapped'));
    await t.test('an undefined instruction', (t) => dies(t, UNDEFINED, 'misbehave_undefined'));
    await t.test('a stack overflow', (t) => dies(t, OVERFLOW, 'misbehave_overflow'));
    await t.test(`a misaligned load ${board.misaligned}`, (t) =>
      board.misaligned === 'fault' ? dies(t, MISALIGNED, 'misbehave_misaligned') : works(t, MISALIGNED));
    await t.test(`a division by zero ${board.divides}`, (t) =>
      board.divides === 'fault' ? dies(t, DIVIDES, 'misbehave_divides') : works(t, DIVIDES));
  });
}

t.test('the process ends when the host closes the link', { skip: !gcc && 'needs gcc' }, async (t) => {
  const elf = join(dir, 'host.elf');
  const { exitCode } = await execa(elf, [], { input: '', timeout: 5000 });
  t.equal(exitCode, 0);
});
