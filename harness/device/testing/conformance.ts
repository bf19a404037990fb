/**
 * What every driver must do, with the real firmware on whatever it drives. To check a driver of your own: write a
 * ConformanceSubject for it and call conformance(t, subject) in a tap test (devices/README.md has an example).
 */
import type { Test } from 'tap';
import { openLink, systemClock } from '../../link/index.ts';
import type { Link, RunDone } from '../../link/index.ts';
import { seededRandom } from '../../link/testing/random.ts';
import type { Device, DeviceSession, Image, StartOptions } from '../device.ts';
import { CRASH, ENDLESS } from './conformance-network.ts';
import { closed, startOptions } from './helpers.ts';

export interface ConformanceSubject {
  readonly device: Device;
  /** conformance-network.ts, built for the device's board. */
  readonly image: Image;
  /** Pulls the plug of a running session: the cable, the process, the far end. */
  readonly unplug: (session: DeviceSession) => void | Promise<void>;
  /** True when nothing of what the driver started is left: no process, no open port. */
  readonly allGone: () => boolean | Promise<boolean>;
  /** What a second start does while the first session runs: both work, or it is refused with this error code. */
  readonly second: 'works' | RegExp;
  /** After a session that hung or crashed: what a person does by hand, where start() itself is no new start. */
  readonly restart?: () => Promise<void>;
  /** Moments after a start at which it is cancelled. Default: some between 0 and 300 ms. */
  readonly cancelAfterMs?: readonly number[];
  /** Default 150,000: more than any buffer on the way holds. No more than the target's pool is sent. */
  readonly largeBytes?: number;
}

const CANCEL_AFTER_MS = [0, 2, 10, 30, 80, 150, 300];
const LARGE_BYTES = 150_000;

const connect = (device: Device, session: DeviceSession, signal = new AbortController().signal): Promise<Link> => openLink(session.stream, {
  deviceId: device.spec.id, signal, clock: systemClock,
  helloTimeoutMs: device.spec.timeouts.helloMs, replyTimeoutMs: device.spec.timeouts.replyMs, silenceMs: device.spec.timeouts.silenceMs,
  ...(session.pace === undefined ? {} : { pace: session.pace }),
});

/** Four bytes in at offset 0, four out at 16. */
async function compute(link: Link, input: readonly number[]): Promise<RunDone> {
  await link.write(0, Uint8Array.from(input));
  return link.run({
    network: 0, mode: 'digest', reset: true, saveState: false, restoreState: false, paintStack: false, firstSample: 0, count: 1,
    inOffset: 0, outOffset: 16, stateOffset: 32, auxOffset: 32, auxBytes: 8, captureSkip: 0, limitTicks: link.hello.tickHz * 2, mask: new Uint8Array(),
  });
}

/** Runs the whole suite on one driver. */
export async function conformance(t: Test, subject: ConformanceSubject): Promise<void> {
  const { device, image } = subject;
  const begin = async (t: Test, more: Partial<StartOptions> = {}): Promise<{ session: DeviceSession; link: Link }> => {
    const session = await device.start(image, await startOptions(t, more));
    t.teardown(() => session.stop());
    return { session, link: await connect(device, session, more.signal) };
  };
  const end = async ({ session, link }: { session: DeviceSession; link: Link }): Promise<void> => {
    await link.close();
    await session.stop();
  };
  const works = async (t: Test, { link }: { link: Link }): Promise<void> => {
    t.equal((await compute(link, [1, 2, 3, 100])).status, 0);
    t.same([...(await link.read(16, 4))], [2, 3, 4, 101], 'it computes');
  };
  const nothingLeft = async (t: Test): Promise<void> => void t.ok(await subject.allGone(), 'nothing is left');

  await t.test('it can be used', async (t) => t.match(await device.probe(), { usable: true, missing: [] }));

  await t.test('start, HELLO with the build id, a computation, the end; stopped twice', async (t) => {
    const running = await begin(t);
    t.equal(running.link.hello.buildId, image.buildId);
    await works(t, running);
    await end(running);
    await running.session.stop();
    t.equal((await running.session.ended).lockup, false);
    await nothingLeft(t);
  });

  await t.test('echo of every byte value in every order of neighbours, and a large input', async (t) => {
    const running = await begin(t);
    const room = Math.min(running.link.hello.poolBytes, subject.largeBytes ?? LARGE_BYTES);
    const large = Uint8Array.from({ length: room }, (_each, i) => (i < 65_536 ? ((i >> 8) * (i & 1)) + (i >> 1) : i * 2_654_435_761 >>> 24));
    await running.link.write(0, large);
    t.ok(Buffer.from(large).equals(await running.link.read(0, room)), `${room} bytes there and back`);
    await end(running);
  });

  await t.test('garbage on the wire before and between the requests', async (t) => {
    const session = await device.start(image, await startOptions(t));
    t.teardown(() => session.stop());
    const random = seededRandom(7);
    const garbage = (): void => void session.stream.write(Uint8Array.from({ length: 300 }, () => Math.floor(random() * 256)));
    garbage();
    const link = await connect(device, session);
    garbage();
    await works(t, { link });
    await end({ session, link });
  });

  for (const [name, input, code] of [['hang', ENDLESS, 'target.hang'], ['crash', CRASH, 'target.fault']] as const) {
    await t.test(`${name}: the code under test is blamed, and the next start is a fresh one`, async (t) => {
      const running = await begin(t);
      await t.rejects(compute(running.link, [input, 0, 0, 0]), { kind: 'target', code });
      await end(running);
      await subject.restart?.();
      const again = await begin(t);
      await works(t, again);
      await end(again);
      await nothingLeft(t);
    });
  }

  await t.test('unplugged: a waiting reader is told, the stream closes, `ended` settles', async (t) => {
    const { session, link } = await begin(t);
    const reading = t.rejects((async () => { for (;;) await link.read(0, 16); })(), { kind: 'bench', code: 'link.closed' });
    await subject.unplug(session);
    await reading;
    await closed(session);
    t.type((await session.ended).text, 'string');
    await session.stop();
    await subject.restart?.();
  });

  await t.test('a second start while the first runs does not disturb it', async (t) => {
    const first = await begin(t);
    if (subject.second === 'works') {
      const second = await begin(t);
      await Promise.all([works(t, first), works(t, second)]);
      await end(second);
    } else {
      await t.rejects(device.start(image, await startOptions(t)), { kind: 'bench', code: subject.second });
    }
    await works(t, first);
    await end(first);
    await nothingLeft(t);
  });

  await t.test('cancelled at every step: nothing but "cancelled", and nothing is left', async (t) => {
    for (const ms of subject.cancelAfterMs ?? CANCEL_AFTER_MS) {
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), ms);
      const outcome = await cancelledRun(t, device, image, abort.signal);
      clearTimeout(timer);
      t.equal(outcome, 'cancelled', `after ${ms} ms`);
      t.ok(await subject.allGone(), `nothing is left after ${ms} ms`);
    }
    const again = await begin(t);
    await works(t, again);
    await end(again);
  });

  await t.test('an image that is not there: a bench error at once, and nothing is left', async (t) => {
    await t.rejects(device.start({ ...image, elf: `${image.elf}.none`, buildId: 'f'.repeat(32) }, await startOptions(t)), { name: 'HilError', kind: 'bench' });
    await nothingLeft(t);
  });

  if (device.recover !== undefined) {
    await t.test('brought back by power or reset, it works', async (t) => {
      const { signal, workDir } = await startOptions(t);
      t.match(await device.recover?.({ signal, workDir }), /\S/, 'it says what was done');
      const again = await begin(t);
      await works(t, again);
      await end(again);
    });
  }
}

/** Runs until it is aborted. @returns 'cancelled' where that was the only thing that ended it */
async function cancelledRun(t: Test, device: Device, image: Image, signal: AbortSignal): Promise<string> {
  let session: DeviceSession | undefined;
  try {
    session = await device.start(image, await startOptions(t, { signal }));
    const link = await connect(device, session, signal);
    for (;;) await link.read(0, 16);
  } catch (error) {
    await session?.stop();
    return (error as { kind?: string }).kind ?? String(error);
  }
}
