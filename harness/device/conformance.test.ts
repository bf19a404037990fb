import t from 'tap';
import type { Test } from 'tap';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage } from '../build/build-image.ts';
import { loadBoard } from '../build/board.ts';
import { examineDevices } from '../build/doctor.ts';
import { writeNetwork } from '../build/testing/fixture.ts';
import { openLink, systemClock } from '../link/index.ts';
import { createDevice } from './create-device.ts';
import type { Device, DeviceSession, Image } from './device.ts';
import type { Keeper } from './keeper.ts';
import { builtInDevices, loadDevices } from './load-devices.ts';
import { groupIsAlive } from './process-identity.ts';
import type { DeviceSpec } from './spec.ts';
import { closed, startOptions, tempDir } from './testing/helpers.ts';

// What every driver must do, with the real firmware and a small network. A device whose tools are missing is skipped,
// with the reason; HIL_REQUIRE_DEVICES=1 (continuous integration) makes that a failure.
t.setTimeout(240_000);
const cacheDir = mkdtempSync(join(tmpdir(), 'hil-conformance-'));
t.teardown(() => rmSync(cacheDir, { recursive: true, force: true }));

/** Notes which process groups a driver starts. */
function spy(): Keeper & { groups: number[] } {
  const groups: number[] = [];
  return { groups, watch: (group) => (groups.push(group), () => undefined) };
}

const hello = (session: DeviceSession, spec: DeviceSpec, signal = new AbortController().signal) => openLink(session.stream, {
  deviceId: spec.id, signal, clock: systemClock, helloTimeoutMs: spec.timeouts.helloMs, replyTimeoutMs: spec.timeouts.replyMs, silenceMs: spec.timeouts.silenceMs,
});

/** All that conformance asks of one device. */
async function conforms(t: Test, device: Device, image: Image, started: number[]): Promise<void> {
  const { spec } = device;
  const goneAll = (): boolean => started.length > 0 && !started.some(groupIsAlive);

  await t.test('starts, says HELLO with the build id, computes, stops without a trace', async (t) => {
    const begin = performance.now();
    const session = await device.start(image, await startOptions(t));
    const startMs = performance.now() - begin;
    const link = await hello(session, spec);
    t.comment(`${spec.id}: started in ${startMs.toFixed(0)} ms, HELLO after ${(performance.now() - begin).toFixed(0)} ms`);
    t.equal(link.hello.buildId, image.buildId);
    t.equal(link.networks.length, 1);
    await link.write(0, Uint8Array.of(1, 2, 3, 127));
    const done = await link.run({
      network: 0, mode: 'plain', reset: true, saveState: false, restoreState: false, paintStack: false, firstSample: 0, count: 1,
      inOffset: 0, outOffset: 16, stateOffset: 64, auxOffset: 64, auxBytes: 0, captureSkip: 0, limitTicks: 2 ** 40, mask: new Uint8Array(),
    });
    t.equal(done.status, 0);
    t.same([...(await link.read(16, 4))], [2, 3, 4, 128]);
    await link.close();
    await session.stop();
    await session.stop();
    t.ok(goneAll(), 'no process is left');
    t.equal((await session.ended).lockup, false);
  });

  await t.test('the target is killed: ended settles, the stream closes, a waiting reader is told', async (t) => {
    const session = await device.start(image, await startOptions(t));
    const link = await hello(session, spec);
    process.kill(started.at(-1)!, 'SIGKILL');
    t.equal((await session.ended).signal, 'SIGKILL');
    await closed(session);
    await t.rejects(link.read(0, 4), { kind: 'bench', code: 'link.closed' });
    await session.stop();
  });

  await t.test('abort: the session ends as cancelled', async (t) => {
    const abort = new AbortController();
    const session = await device.start(image, await startOptions(t, { signal: abort.signal }));
    const link = await hello(session, spec);
    const reading = t.rejects(link.read(0, 100_000), { name: 'HilError' });
    abort.abort();
    await reading;
    await session.ended;
    t.ok(goneAll(), 'no process is left');
    await t.rejects(device.start(image, await startOptions(t, { signal: abort.signal })), { kind: 'cancelled', code: 'device.cancelled' });
  });

  await t.test('two at once do not disturb each other', async (t) => {
    const sessions = await Promise.all([device.start(image, await startOptions(t)), device.start(image, await startOptions(t))]);
    const links = await Promise.all(sessions.map((session) => hello(session, spec)));
    await Promise.all(links.map((link, index) => link.write(0, new Uint8Array(5000).fill(index + 1))));
    const read = await Promise.all(links.map((link) => link.read(0, 5000)));
    t.same(read.map((bytes) => [bytes[0], bytes[4999]]), [[1, 1], [2, 2]]);
    await Promise.all(sessions.map((session) => session.stop()));
    t.ok(goneAll());
  });

  await t.test('an image that is not there or is no program: a bench error, and nothing is left', async (t) => {
    const dir = await tempDir(t);
    await t.rejects(device.start({ ...image, elf: join(dir, 'none') }, await startOptions(t)), { name: 'HilError', kind: 'bench', code: /^device\./ });
  });
}

for (const spec of await loadDevices([builtInDevices])) {
  const [diagnosis] = await examineDevices([spec]);
  const required = process.env['HIL_REQUIRE_DEVICES'] === '1';
  if (!diagnosis!.usable && !required) {
    t.test(spec.id, { skip: diagnosis!.missing.map((each) => each.what).join('; ') }, async () => undefined);
    continue;
  }
  t.test(spec.id, async (t) => {
    const network = await writeNetwork(join(cacheDir, 'net'));
    const image = await buildImage({ package: network, board: await loadBoard(spec.board), cacheDir, signal: new AbortController().signal });
    const keeper = spy();
    await conforms(t, createDevice(spec, { keeper }), image, keeper.groups);
  });
}

const m4 = (await loadDevices([builtInDevices])).find((device) => device.id === 'qemu-m4')!;
const { usable } = await createDevice(m4).probe();
t.test('real QEMU: a program that locks up the core, and a machine that QEMU does not know', { skip: usable ? false : 'no QEMU' }, async (t) => {
  const spec = m4;
  const dir = await tempDir(t);
  const elf = join(dir, 'image');
  writeFileSync(elf, Buffer.alloc(4096, 0xee)); // neither a stack nor code where the vectors say
  const image = { elf, sha256: '', buildId: '', files: {} };
  const session = await createDevice(spec).start(image, await startOptions(t));
  const end = await session.ended;
  t.match(end, { lockup: true, text: /Lockup/ });
  await session.stop();
  const unknown = { ...spec, qemu: { machine: 'no-such-machine', icountShift: 6 } };
  await t.rejects(createDevice(unknown).start(image, await startOptions(t)), { kind: 'bench', code: 'device.qemu-exited', message: /no-such-machine|unsupported machine/ });
});
