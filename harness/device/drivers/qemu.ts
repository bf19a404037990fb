import { execa } from 'execa';
import { access, constants, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HilError } from '../../errors.ts';
import type { Device, DeviceSession, Image, Preload, StartOptions, TargetEnd, Usability } from '../device.ts';
import { findTool } from '../find-tool.ts';
import type { FoundTool } from '../find-tool.ts';
import type { Keeper } from '../keeper.ts';
import { LinkStream } from '../../link/index.ts';
import { cancelled, notAttachable, openSession, throwIfAborted } from '../session.ts';
import type { DeviceSpec } from '../spec.ts';
import { isLockup, isNoise, isTooOld, missingMachine, OLDEST_TEXT, optionValue, parseQemuVersion } from './qemu-quirks.ts';
import type { QemuVersion } from './qemu-quirks.ts';
import { startTargetProcess } from '../target-process.ts';
import type { TargetProcess } from '../target-process.ts';

export const QEMU_PACKAGE = 'qemu-system-arm';
const HOW_TO_GET = `Install the package ${QEMU_PACKAGE} (Debian, Ubuntu: apt-get install ${QEMU_PACKAGE}; macOS: brew install qemu), or set HIL_QEMU to the program.`;
const PROBE_MS = 10_000;
const CONNECT_POLL_MS = 5;
/** Linux allows 107 bytes, macOS 103. */
const SOCKET_PATH_LIMIT = 100;

export interface QemuOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly keeper?: Keeper;
}

/** A Cortex-M machine of QEMU; its first UART is the link. The clock follows the instruction count, so runs repeat exactly. */
export function createQemuDevice(spec: DeviceSpec, options: QemuOptions = {}): Device {
  const { qemu } = spec;
  if (qemu === undefined) throw new HilError('config', 'device.invalid', `device ${spec.id}: $.qemu is missing`);
  const env = options.env ?? process.env;
  const find = (): Promise<FoundTool | null> => findTool('HIL_QEMU', ['qemu-system-arm'], env);
  return {
    spec,
    preloads: true,
    async probe(): Promise<Usability> {
      const tool = await find();
      if (tool === null) return unusable([], env['HIL_QEMU'] ? `HIL_QEMU (${env['HIL_QEMU']}) is no program` : 'qemu-system-arm');
      const { version, machines } = await askQemu(tool.realPath);
      if (version === null) return unusable([tool.path], `${tool.path} does not answer to --version as QEMU does`);
      const found = [`${version.text} (${tool.path})`];
      if (isTooOld(version)) return unusable(found, `QEMU ${OLDEST_TEXT} or newer; this one is ${version.text}`);
      return machines.has(qemu.machine) ? { usable: true, found, missing: [] } : unusable(found, missingMachine(qemu.machine));
    },
    async start(image: Image | 'attached', start: StartOptions): Promise<DeviceSession> {
      throwIfAborted(start.signal, spec.id);
      if (image === 'attached') throw notAttachable(spec.id);
      const tool = await find();
      if (tool === null) {
        const what = env['HIL_QEMU'] ? `HIL_QEMU names ${env['HIL_QEMU']}, which is no program` : 'qemu-system-arm was not found';
        throw new HilError('bench', 'device.no-qemu', `device ${spec.id}: ${what}`, { hint: HOW_TO_GET });
      }
      // QEMU looks for the image only after the link is connected; by then its complaint would be no start error.
      await access(image.elf, constants.R_OK).catch((cause: unknown) => {
        throw new HilError('bench', 'device.bad-image', `device ${spec.id}: cannot read the image ${image.elf}`, { cause });
      });
      const folder = await socketFolder(start.workDir);
      const socketPath = join(folder.path, 's0');
      let target: TargetProcess | null = null;
      try {
        const preload = await writePreload(start.preload ?? [], start.workDir);
        target = await startTargetProcess({
          file: tool.path, args: [...qemuArguments(qemu, socketPath, image.elf), ...preload], cwd: start.workDir, linkOnStdio: false,
          isNoise, isLockup, onText: start.onText, ...(options.keeper ? { keeper: options.keeper } : {}),
        });
        const socket = await connectTo(socketPath, target, spec, start.signal);
        return openSession(spec.id, target, new LinkStream(socket, socket), start.signal, folder.remove);
      } catch (error) {
        await target?.stop();
        await folder.remove();
        throw start.signal.aborted ? cancelled(spec.id) : error;
      }
    },
  };
}

/** Without semihosting: the program under test gets no access to this computer's files. */
function qemuArguments(qemu: NonNullable<DeviceSpec['qemu']>, socketPath: string, elf: string): string[] {
  return [
    '-M', qemu.machine, ...(qemu.cpu === undefined ? [] : ['-cpu', qemu.cpu]),
    '-display', 'none', '-monitor', 'none', '-no-reboot',
    '-icount', `shift=${qemu.icountShift},align=off,sleep=off`,
    '-chardev', `socket,id=s0,path=${optionValue(socketPath)},server=on,wait=on`, '-serial', 'chardev:s0',
    '-kernel', elf,
  ];
}

/** QEMU reads the files at its start; the caller removes the folder. */
async function writePreload(preload: readonly Preload[], workDir: string): Promise<string[]> {
  const args: string[] = [];
  for (const [index, { address, bytes }] of preload.entries()) {
    const file = join(workDir, `preload-${index}.bin`);
    await writeFile(file, bytes);
    args.push('-device', `loader,file=${optionValue(file)},addr=0x${address.toString(16)},force-raw=on`);
  }
  return args;
}

async function socketFolder(workDir: string): Promise<{ path: string; remove: () => Promise<void> }> {
  if (Buffer.byteLength(workDir) + 3 <= SOCKET_PATH_LIMIT) return { path: workDir, remove: async () => undefined };
  const path = await mkdtemp(join(tmpdir(), 'hil-'));
  if (Buffer.byteLength(path) + 3 > SOCKET_PATH_LIMIT) {
    await rm(path, { recursive: true });
    throw new HilError('bench', 'device.long-path', `no folder for a socket: both ${workDir} and ${tmpdir()} are longer than ${SOCKET_PATH_LIMIT} bytes`, {
      hint: 'Set TMPDIR to a folder with a short path.',
    });
  }
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** QEMU makes the socket a few milliseconds after its start and waits there, with the guest not yet running. */
async function connectTo(path: string, target: TargetProcess, spec: DeviceSpec, signal: AbortSignal): Promise<Socket> {
  let end: TargetEnd | null = null;
  void target.ended.then((value) => (end = value));
  const ended = (): TargetEnd | null => end;
  const deadline = performance.now() + spec.timeouts.startMs;
  for (;;) {
    const socket = await tryConnect(path);
    if (socket !== null) return socket;
    throwIfAborted(signal, spec.id);
    const over = ended();
    if (over !== null) {
      const how = over.signal === null ? `with status ${over.exitCode}` : `by ${over.signal}`;
      throw new HilError('bench', 'device.qemu-exited', `device ${spec.id}: QEMU ended at once ${how}: ${over.text.trim() || '(it printed nothing)'}`, {
        hint: `Check with: hil devices doctor ${spec.id}`, facts: { ...over },
      });
    }
    if (performance.now() > deadline) {
      throw new HilError('bench', 'device.start-timeout', `device ${spec.id}: QEMU opened no UART within ${spec.timeouts.startMs} ms (timeouts.startMs)`, {
        hint: 'Is HIL_QEMU a QEMU? Is the computer overloaded?',
      });
    }
    await sleep(CONNECT_POLL_MS);
  }
}

function tryConnect(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', () => resolve(null));
  });
}

function unusable(found: readonly string[], what: string): Usability {
  return { usable: false, found, missing: [{ what, howToGet: HOW_TO_GET }] };
}

interface QemuAnswers {
  readonly version: QemuVersion | null;
  readonly machines: ReadonlySet<string>;
}
const answers = new Map<string, Promise<QemuAnswers>>();

/** Asked once a program and process. */
function askQemu(path: string): Promise<QemuAnswers> {
  const known = answers.get(path);
  if (known !== undefined) return known;
  const ask = async (args: string[]): Promise<string> => {
    const result = await execa(path, args, { reject: false, timeout: PROBE_MS, killDescendants: true, stdin: 'ignore', maxBuffer: 1_000_000 });
    return result.failed ? '' : result.stdout;
  };
  const asked = Promise.all([ask(['--version']), ask(['-M', 'help'])]).then(([version, machines]) => ({
    version: parseQemuVersion(version),
    machines: new Set(machines.split('\n').slice(1).map((line) => line.split(/\s/)[0]!)),
  }));
  answers.set(path, asked);
  return asked;
}
