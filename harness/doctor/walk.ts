import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { acquireLease, createDevice, createWorkDir, type Device, type DeviceSession, type DeviceSpec, type Image, type Keeper, type Lease, type WorkDir } from '../device/index.ts';
import { HilError } from '../errors.ts';
import { openLink, systemClock, type Link } from '../link/index.ts';
import { checkCounters } from './counters.ts';
import { checkMemory, loopBack, loopBackAt } from './line-checks.ts';
import { lookForCompiler, lookForDevice, probeImage } from './preparations.ts';
import { walkDut } from './walk-dut.ts';
import { StepFailed, Steps, type DoctorStep } from './step.ts';

export interface DoctorOptions {
  readonly cacheDir: string;
  readonly signal: AbortSignal;
  /** Called as each step ends. */
  readonly onStep: (step: DoctorStep) => void;
  /** What the tools and the target say on the way. */
  readonly onLine?: (line: string) => void;
  readonly env?: NodeJS.ProcessEnv;
  readonly keeper?: Keeper;
  /** Default: the driver of the device's kind. */
  readonly device?: Device;
}

/** What is open and must be closed, however the walk ends. */
interface Open {
  lease?: Lease;
  work?: WorkDir;
  session?: DeviceSession;
  link?: Link;
}

/**
 * Walks a device from its tools to the last byte: compiler, tool, port, permission, lease, an image of its own, start, HELLO,
 * every byte value at every speed, memory, clock, stop. Ends at the first step that fails.
 * @returns the steps done; the last one is not ok where one failed. Nothing is left running or held.
 * @throws HilError 'cancelled' on abort
 */
export async function walkDevice(spec: DeviceSpec, options: DoctorOptions): Promise<readonly DoctorStep[]> {
  const steps = new Steps(options.signal, options.onStep);
  const open: Open = {};
  try {
    await walk(spec, options, steps, open);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
  } finally {
    await open.link?.close().catch(() => undefined);
    await open.session?.stop().catch(() => undefined);
    await open.work?.remove().catch(() => undefined);
    await open.lease?.release();
  }
  return steps.done;
}

async function walk(spec: DeviceSpec, options: DoctorOptions, steps: Steps, open: Open): Promise<void> {
  const { signal, env = process.env, keeper, onLine } = options;
  const attached = isAttached(spec);
  if (!attached) await steps.step('compiler', () => lookForCompiler(spec, env), (found) => found);
  const device = options.device ?? createDevice(spec, { env, ...(keeper === undefined ? {} : { keeper }) });
  await lookForDevice(spec, device, steps, env);
  open.lease = await steps.step('lease', () => acquireLease({ device: spec.lock ?? spec.id, slots: spec.slots, waitMs: 0, signal, command: `hil devices doctor ${spec.id}` }),
    ({ slot }) => (spec.slots === 1 ? 'free' : `place ${slot + 1} of ${spec.slots}`));
  const work = open.work = await createWorkDir();
  const image = attached ? 'attached' : await steps.step('image', () => probeImage(spec, { ...options, env }, work.path), ({ buildId, cached }) => `build ${buildId}${cached ? ', from the cache' : ''}`);
  const run = join(work.path, 'run');
  await mkdir(run);
  const told: string[] = [];
  const session = open.session = await steps.step('start', () => device.start(image, { signal, workDir: run, onText: (line) => onLine?.(line), onStep: (line) => { told.push(line); onLine?.(line); } }),
    ({ notes = [] }) => [...told, ...notes].join('; '));
  if (spec.firmware === 'mlperf-tiny') await walkDut(spec, session, steps, { signal, onLine });
  else await walkAgent(spec, session, image, steps, options, open);
  await steps.step('stop', async () => {
    await open.link?.close();
    await session.stop();
    await session.ended;
  }, () => '');
}

/** What hil's own agent can be asked. */
async function walkAgent(spec: DeviceSpec, session: DeviceSession, image: Image | 'attached', steps: Steps, { signal, onLine }: DoctorOptions, open: Open): Promise<void> {
  const link = await steps.step('HELLO', async () => {
    const opened = open.link = await openLink(session.stream, {
      deviceId: spec.id, signal, clock: systemClock, helloTimeoutMs: spec.timeouts.helloMs, replyTimeoutMs: spec.timeouts.replyMs, silenceMs: spec.timeouts.silenceMs,
      onLog: (line) => onLine?.(line), ...(session.pace === undefined ? {} : { pace: session.pace }),
    }).catch(async (error: unknown) => { throw await withItsEnd(error, session); });
    if (image !== 'attached' && opened.hello.buildId !== image.buildId) {
      throw new HilError('bench', 'doctor.wrong-image', `device ${spec.id}: another image runs: HELLO says build ${opened.hello.buildId}, built was ${image.buildId}`,
        { hint: 'The image did not get onto the device, although its tool said so: check which chip and which memory it writes to, and that the board starts from there.' });
    }
    return opened;
  }, ({ hello }) => `build ${hello.buildId}, ${hello.core}, ${hello.poolBytes} bytes for samples`);
  await checkLine(spec, session, link, steps);
  await steps.step('memory', () => checkMemory(spec.id, link), (found) => found);
  await steps.step('clock', () => checkCounters(spec.id, link, spec.invocationLimitMs), (found) => found);
}

/** After the link broke, the target's own end is waited for this long. */
const END_GRACE_MS = 500;

/** What a target printed when it ended says more than that the link broke. */
async function withItsEnd(error: unknown, session: DeviceSession): Promise<unknown> {
  const end = await Promise.race([session.ended, new Promise<null>((resolve) => setTimeout(resolve, END_GRACE_MS, null))]);
  if (end === null || !(error instanceof HilError)) return error;
  const how = end.reason ?? (end.signal === null ? `it ended with exit code ${end.exitCode}` : `it was ended by ${end.signal}`);
  return error.inContext({ after: `; ${how}${end.text.trim() === '' ? '' : `: ${end.text.trim().slice(-600)}`}` });
}

/** The firmware is on the board already, and hil has no means to put another there. */
function isAttached(spec: DeviceSpec): boolean {
  return spec.kind === 'serial' && (spec.flasher === undefined || spec.firmware === 'mlperf-tiny');
}

async function checkLine(spec: DeviceSpec, { speed }: DeviceSession, link: Link, steps: Steps): Promise<void> {
  await steps.step(speed === undefined ? 'loop-back' : `loop-back at ${speed.baud} baud`, () => loopBack(spec.id, link), (found) => found);
  if (speed === undefined || speed.faster.length === 0) return;
  if (!link.hello.changesBaud) {
    await steps.step('faster speeds', async () => `none: the firmware stays at ${speed.baud} baud`, (found) => found);
    return;
  }
  for (const baud of speed.faster) await steps.step(`loop-back at ${baud} baud`, () => loopBackAt(spec.id, link, speed, baud), (found) => found);
}
