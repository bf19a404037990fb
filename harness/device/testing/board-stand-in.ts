/** A board to test with, where there is none: see fixtures/board-stand-in.mjs. Needs qemu-system-arm and python3. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTool } from '../find-tool.ts';
import { groupIsAlive } from '../process-identity.ts';
import type { DeviceSpec, FlasherSpec, PowerSpec, SerialSpec } from '../spec.ts';
import { tellBoard, toolBench } from './flashers.ts';
import { tempDir } from './helpers.ts';

const fixture = fileURLToPath(new URL('./fixtures/board-stand-in.mjs', import.meta.url));

export interface BoardOptions {
  /** Default: OpenOCD's stand-in; null: no flasher in the device file. */
  readonly flasher?: FlasherSpec | null;
  readonly power?: boolean;
  /** From reset until QEMU runs. Default 0. */
  readonly bootMs?: number;
  /** The port is the chip's own USB and goes away with every reset. Default false. */
  readonly ownUsb?: boolean;
  readonly serial?: Partial<SerialSpec>;
  readonly spec?: Partial<DeviceSpec>;
  /** For the stand-ins of the flashers (HIL_STAND_IN_FAULT, ...). */
  readonly env?: NodeJS.ProcessEnv;
}

export interface StandInBoard {
  /** A device file for it; the image must be built for its board. */
  readonly spec: DeviceSpec;
  /** For createSerialDevice: finds the stand-ins of the flashers. */
  readonly env: NodeJS.ProcessEnv;
  /** Calls of flashers and power switch so far. */
  readonly log: string;
  readonly port: string;
  /** "reset", "off", "on", "unplug", "plug". */
  tell(order: string): Promise<string>;
  /** What of it runs now. */
  status(): Promise<{ readonly power: boolean; readonly plugged: boolean; readonly cpu: number | null; readonly cable: number | null; readonly life: number }>;
}

/** @returns why there can be no stand-in board here, or null */
export async function whyNoBoard(env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  if ((await findTool('HIL_QEMU', ['qemu-system-arm'], env)) === null) return 'no qemu-system-arm';
  return (await findTool('HIL_PYTHON', ['python3'], env)) === null ? 'no python3' : null;
}

/** Plugs in a blank board, which is unplugged for good when the test ends. */
export async function startBoard(t: { teardown(fn: () => unknown): unknown }, options: BoardOptions = {}): Promise<StandInBoard> {
  const dir = await tempDir(t);
  const qemu = (await findTool('HIL_QEMU', ['qemu-system-arm']))!;
  // As devices/qemu-m4.json has it.
  const args = ['-M', 'mps2-an386', '-display', 'none', '-monitor', 'none', '-no-reboot', '-icount', 'shift=6,align=off,sleep=off'];
  const child = spawn(process.execPath, [fixture, dir, JSON.stringify({ qemu: qemu.path, args, bootMs: options.bootMs ?? 0, ownUsb: options.ownUsb ?? false })], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.teardown(async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'exit');
  });
  await ready(child);
  const control = join(dir, 'control');
  const { env, log } = await toolBench(dir, { HIL_STAND_IN_BOARD: control, HIL_STAND_IN_FLASH: '', ...options.env });
  const port = join(dir, 'tty');
  const tell = (order: string): Promise<string> => ask(control, order);
  return { spec: specOf(port, options), env, log, port, tell, status: async () => JSON.parse(await tell('status')) };
}

function specOf(port: string, { flasher, power, bootMs = 0, serial, spec }: BoardOptions): DeviceSpec {
  const supply: PowerSpec = { off: [tellBoard, 'off'], on: [tellBoard, 'on'], offMs: 50 };
  const tool: FlasherSpec | null = flasher === undefined ? { tool: 'openocd', configs: ['interface/stlink.cfg', 'target/stm32f4x.cfg'], probeSerial: 'PROBE1' } : flasher;
  return {
    schema: 'hil-device/1', id: 'test-board', description: 'a stand-in board', kind: 'serial', core: 'cortex-m4', board: 'mps2-an386', simulated: true,
    clockHz: 25_000_000, slots: 1, labels: {}, latency: { unit: 'instructions', quality: 'modelled', numerator: 5, denominator: 8 },
    timeouts: { startMs: 20_000, helloMs: 10_000, replyMs: 2000, silenceMs: 10_000 }, invocationLimitMs: 2000,
    serial: { port: { path: port }, baud: { start: 115_200, faster: [] }, reset: { onOpen: 'none', pulseMs: 0, bootMs }, ...serial },
    ...(tool === null ? {} : { flasher: tool }), ...(power === true ? { power: supply } : {}), energy: { none: 'for tests' }, ...spec,
  };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout!.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`the stand-in board ended with status ${code}`)));
  });
}

function ask(control: string, order: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(control, () => socket.write(`${order}\n`));
    socket.setEncoding('utf8').on('data', (text) => (answer += text)).on('error', reject);
    socket.on('close', () => (answer.startsWith('ok ') ? resolve(answer.slice(3).trim()) : reject(new Error(`${order}: ${answer}`))));
  });
}

/** For `allGone`: no process group is left, and nobody here has the port open. */
export async function portIsFree(port: string, groups: readonly number[]): Promise<boolean> {
  const { portHolders } = await import('../ports/holders.ts');
  return !groups.some(groupIsAlive) && !(await portHolders(port)).some(({ pid }) => pid === process.pid);
}
