import t from 'tap';
import type { Test } from 'tap';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage } from '../../build/build-image.ts';
import type { BuiltImage } from '../../build/build-image.ts';
import { loadBoard } from '../../build/board.ts';
import { examineDevices } from '../../build/doctor.ts';
import { writeNetwork } from '../../build/testing/fixture.ts';
import { openLink, systemClock } from '../../link/index.ts';
import type { Link, PacedWriter } from '../../link/index.ts';
import type { DeviceSession, Preload } from '../device.ts';
import { builtInDevices, loadDevices } from '../load-devices.ts';
import { groupIsAlive } from '../process-identity.ts';
import type { DeviceSpec } from '../spec.ts';
import { conformance } from '../testing/conformance.ts';
import { writeConformanceNetwork } from '../testing/conformance-network.ts';
import { installStandIn } from '../testing/fvp.ts';
import { keeperInto, noImage, startOptions, until } from '../testing/helpers.ts';
import { createFvpDevice } from './fvp.ts';

// The real image, run by a real QEMU behind the stand-in for an FVP (testing/fixtures/fvp-stand-in.mjs), whose receiver loses
// what comes too fast. No real FVP was ever run with this driver.
t.setTimeout(240_000);
const cacheDir = mkdtempSync(join(tmpdir(), 'hil-fvp-'));
t.teardown(() => rmSync(cacheDir, { recursive: true, force: true }));
const devices = await loadDevices([builtInDevices]);
const device = (id: string): DeviceSpec => devices.find((one) => one.id === id)!;
const [diagnosis] = await examineDevices([device('qemu-m55')]);
const skip = diagnosis!.usable ? false : diagnosis!.missing.map((each) => each.what).join('; ');

const images = new Map<string, Promise<BuiltImage>>();
async function imageFor(spec: DeviceSpec): Promise<BuiltImage> {
  const building = images.get(spec.board) ?? buildImage({ package: await writeNetwork(join(cacheDir, 'net')), board: await loadBoard(spec.board), cacheDir, signal: new AbortController().signal });
  images.set(spec.board, building);
  return building;
}

async function open(t: Test, id: string, wishes: string, preload: readonly Preload[] = []): Promise<{ session: DeviceSession; link: Link; image: BuiltImage; pace: PacedWriter }> {
  const spec = device(id);
  const image = await imageFor(spec);
  const { env } = await installStandIn(t, wishes, spec.fvp!.programs[0]!);
  const session = await createFvpDevice(spec, { env }).start(image, await startOptions(t, { preload }));
  t.teardown(() => session.stop());
  const pace = session.pace as PacedWriter;
  const link = await openLink(session.stream, {
    deviceId: id, signal: new AbortController().signal, clock: systemClock, pace,
    helloTimeoutMs: spec.timeouts.helloMs, replyTimeoutMs: spec.timeouts.replyMs, silenceMs: spec.timeouts.silenceMs,
  });
  return { session, link, image, pace };
}

async function computes(t: Test, link: Link): Promise<void> {
  await link.write(0, Uint8Array.of(1, 2, 3, 127));
  const done = await link.run({
    network: 0, mode: 'plain', reset: true, saveState: false, restoreState: false, paintStack: false, firstSample: 0, count: 1,
    inOffset: 0, outOffset: 16, stateOffset: 64, auxOffset: 64, auxBytes: 0, captureSkip: 0, limitTicks: 2 ** 40, mask: new Uint8Array(),
  });
  t.equal(done.status, 0);
  t.same([...(await link.read(16, 4))], [2, 3, 4, 128]);
}

t.test('the boards', async (t) => {
  t.equal(device('fvp-u55').board, device('qemu-m55').board, 'the same image on the FVP and on QEMU');
  t.equal(device('fvp-u65').board, device('qemu-m55').board);
  for (const id of ['fvp-u55', 'fvp-u65', 'fvp-u85']) {
    t.match(device(id), { latency: { unit: 'instructions', quality: 'modelled', numerator: 1, denominator: 1 }, fvp: { npu: { fast: false } } });
    const hz = (await loadBoard(device(id).board)).defines['HIL_TICK_HZ'];
    t.equal(device(id).fvp!.parameters['core_clk.mul'], hz, 'the model is given the clock that the image believes in');
    t.equal(String(device(id).clockHz), hz);
  }
});

t.test('the stand-in loses what comes too fast', async (t) => {
  const { env } = await installStandIn(t, 'echo,overrun=1000', device('fvp-u55').fvp!.programs[0]!);
  const session = await createFvpDevice(device('fvp-u55'), { env }).start(noImage, await startOptions(t));
  let echoed = 0;
  session.stream.on('data', (chunk: Buffer) => (echoed += chunk.length));
  const fastest = session.pace!;
  for (let i = 0; i < 100; i++) fastest.fine(10_000);
  await new Promise((resolve) => void session.stream.write(Buffer.alloc(2000), resolve));
  await until('an echo', 10_000, () => echoed > 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  t.ok(echoed < 1000, `${echoed} of 2000 bytes came through`);
  await session.stop();
});

t.test('115,200 baud and a buffer of 16: a whole session, nothing lost in the end', { skip }, async (t) => {
  const large = Buffer.from(Array.from({ length: 20_000 }, (_each, i) => (i * 7919) >> 5));
  const { session, link, image, pace } = await open(t, 'fvp-u55', 'overrun=87:16', [{ address: 0x72000000, bytes: large }]);
  t.equal(link.hello.buildId, image.buildId);
  await computes(t, link);
  const bytes = Buffer.from(Array.from({ length: 3000 }, (_each, i) => (i * 7919) >> 3));
  const begin = performance.now();
  await link.write(1000, bytes);
  t.comment(`${(3000 / (performance.now() - begin) * 1000).toFixed(0)} bytes a second; ${link.stats.resent} sent again; the pace is at ${pace.bytesPerSecond} bytes a second`);
  t.ok(bytes.equals(await link.read(1000, 3000)));
  t.ok(link.stats.damagedOnDevice + link.stats.resent > 0, 'something was lost on the way');
  t.ok(pace.bytesPerSecond >= 1000, 'and it is not slow for ever');
  await link.copy(0, 5000, large.length);
  t.ok(large.equals(await link.read(5000, large.length)), 'the side door');
  await link.close();
  await session.stop();
});

t.test('a receiver of one byte', { skip }, async (t) => {
  const { session, link } = await open(t, 'fvp-u65', 'overrun=500');
  await computes(t, link);
  const bytes = Buffer.from(Array.from({ length: 300 }, (_each, i) => i % 251));
  await link.write(1000, bytes);
  t.ok(bytes.equals(await link.read(1000, 300)));
  t.comment(`${link.stats.resent} sent again, ${link.stats.damagedOnDevice} damaged`);
  await session.stop();
});

t.test('the SSE-320: other addresses, a Cortex-M85', { skip }, async (t) => {
  const { session, link, image } = await open(t, 'fvp-u85', '');
  t.match(link.hello, { buildId: image.buildId, core: 'cortex-m85' });
  await computes(t, link);
  await session.stop();
});

t.test('what every driver must do', { skip }, async (t) => {
  const spec = device('fvp-u55');
  const image = await buildImage({ package: await writeConformanceNetwork(join(cacheDir, 'conform')), board: await loadBoard(spec.board), cacheDir, signal: new AbortController().signal });
  const { env } = await installStandIn(t, '', spec.fvp!.programs[0]!);
  const groups: number[] = [];
  await conformance(t, {
    device: createFvpDevice(spec, { env, keeper: keeperInto(groups) }), image,
    second: 'works', allGone: () => !groups.some(groupIsAlive), unplug: () => void process.kill(groups.at(-1) as number, 'SIGKILL'),
    largeBytes: 3000, cancelAfterMs: [0, 30, 200, 500],
  });
});
