import { execa } from 'execa';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import t from 'tap';
import type { Test } from 'tap';
import { HilError } from '../../harness/errors.ts';
import { openLink, systemClock } from '../../harness/link/index.ts';
import type { FaultReport, Link } from '../../harness/link/index.ts';
import { LinkStream } from '../../harness/link/transports/link-stream.ts';
import { runPlan } from '../../harness/link/testing/run-plan.ts';
import { compileBoard, fixture, has } from './fixtures/compile.ts';

/** Code under test that ends itself, on real emulated cores and this computer, seen through the real link. */

const ASSERTS = 11, ABORTS = 12, EXITS = 13, RESETS = 14;
const boards = [
  { id: 'mps2-an385-v6m', machine: 'mps2-an385' }, { id: 'mps2-an386', machine: 'mps2-an386' },
  { id: 'mps2-an505', machine: 'mps2-an505' }, { id: 'mps3-an547', machine: 'mps3-an547' }, { id: 'host', machine: null },
] as const;
type Board = (typeof boards)[number];
const qemu = process.env['HIL_QEMU'] ?? 'qemu-system-arm';
const gcc = await has('gcc');
const arm = await has('arm-none-eabi-gcc') && await has(qemu);
const dir = await mkdtemp(join(tmpdir(), 'hil-endings-'));
const network = readFileSync(fixture('dummy_network.c'), 'utf8').split('\n');
const lineOf = (text: string): number => network.findIndex((line) => line.includes(text)) + 1;

t.setTimeout(300_000);
t.teardown(() => rm(dir, { recursive: true, force: true }));

let sockets = 0;
async function streamTo(t: Test, board: Board, elf: string): Promise<Duplex> {
  const path = join(dir, `s${sockets++}`);
  const child = execa(board.machine === null ? elf : qemu, board.machine === null ? [] : [
    '-M', board.machine, '-display', 'none', '-monitor', 'none', '-icount', 'shift=6,align=off,sleep=off',
    '-chardev', `socket,id=s0,path=${path},server=on,wait=on`, '-serial', 'chardev:s0', '-kernel', elf,
  ], { buffer: false, reject: false, stdin: 'pipe' });
  t.teardown(async () => {
    child.kill('SIGKILL');
    await child;
  });
  if (board.machine === null) return new LinkStream(child.stdout, child.stdin);
  for (let tries = 0; tries < 500; tries++) {
    const socket = createConnection(path);
    if (await new Promise<boolean>((resolve) => socket.once('connect', () => resolve(true)).once('error', () => resolve(false)))) return socket;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('QEMU does not listen');
}

/** What a RUN fails with whose second sample misbehaves so. */
async function ending(t: Test, board: Board, elf: string, how: number): Promise<{ error: HilError; link: Link; logs: string[] }> {
  const logs: string[] = [];
  const link = await openLink(await streamTo(t, board, elf), {
    deviceId: board.id, signal: new AbortController().signal, clock: systemClock, helloTimeoutMs: 20_000, replyTimeoutMs: 2000, silenceMs: 20_000,
    onLog: (line) => logs.push(line),
  });
  t.teardown(() => link.close());
  await link.write(0, Buffer.of(20, 0, 0, 0, how, 0, 0, 0));
  const error = await link.run(runPlan({ mode: 'digest', count: 2, outOffset: 64, stateOffset: 128, auxOffset: 256, auxBytes: 256, limitTicks: link.hello.tickHz * 5 }))
    .then(() => undefined, (e: unknown) => e);
  if (!(error instanceof HilError)) throw new Error(`no HilError but ${String(error)}`);
  return { error, link, logs };
}

/** Function and line of an address. */
async function placeOf(board: Board, elf: string, pc: number): Promise<string> {
  const tool = board.machine === null ? 'addr2line' : 'arm-none-eabi-addr2line';
  const [name, place] = (await execa(tool, ['-f', '-s', '-e', elf, `0x${pc.toString(16)}`])).stdout.split('\n');
  return `${name?.replace(/\.cold$/, '')} ${place?.replace(/ \(discriminator.*/, '')}`;
}

for (const board of boards) {
  const possible = board.machine === null ? gcc && process.platform === 'linux' : arm;
  await t.test(board.id, { skip: !possible && 'needs compiler and QEMU', timeout: 120_000 }, async (t) => {
    const elf = join(dir, `${board.id}.elf`);
    await compileBoard(board.id, elf);

    const dies = async (how: number, kind: number, name: string, statement: string, message: RegExp): Promise<void> => {
      const { error, logs } = await ending(t, board, elf, how);
      t.match(error, { kind: 'target', code: 'target.fault' }, name);
      t.match(error.message, message, name);
      const fault = error.facts['fault'] as FaultReport;
      t.match(fault, { kind, hostSignal: false, sample: 1, layer: 1 }, name);
      t.equal(await placeOf(board, elf, fault.pc ?? 0), `${name} dummy_network.c:${lineOf(statement)}`);
      t.equal(logs.at(-1), error.facts['printed'], 'its last words are in the log, too');
    };
    await dies(ASSERTS, 0x100, 'misbehave_asserts', 'assert(zero != 0);',
      /failed an assert\(\) \(sample 1, layer 1, pc 0x[0-9a-f]{8}\): "assertion \\"zero != 0\\" failed: file \\".*dummy_network\.c\\", line \d+, function: misbehave_asserts"$/);
    await dies(ABORTS, 0x101, 'misbehave_aborts', '{ abort(); }', /called abort\(\) or exit\(\) \(.*\): "abort\(\) was called"$/);
    if (board.machine === null) return;
    await dies(EXITS, 0x101, 'misbehave_exits', '{ exit(-3); }', /called abort\(\) or exit\(\) \(.*\): "exit\(-3\) was called"$/);

    const { error, link } = await ending(t, board, elf, RESETS);
    t.match(error, { kind: 'target', code: 'target.reset', facts: { causes: [], running: true } });
    t.match(error.message, /the device was reset while it ran the code under test; the chip does not tell why/);
    t.equal(link.failure, error);
  });
}
