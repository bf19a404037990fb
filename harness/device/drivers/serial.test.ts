// The driver of serial boards, against a stand-in board: a real pty in front of a real QEMU that runs what stand-ins of the
// flashers gave it.
import t from 'tap';
import type { Test } from 'tap';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex, Transform } from 'node:stream';
import { loadBoard } from '../../build/board.ts';
import { buildImage } from '../../build/build-image.ts';
import { openLink, systemClock } from '../../link/index.ts';
import type { Link } from '../../link/index.ts';
import { openLine } from '../../link/transports/open-line.ts';
import type { SerialLine } from '../../link/transports/line.ts';
import { noSer2net, startSer2net } from '../../link/transports/testing/ser2net.ts';
import type { DeviceSession, Image, StartOptions } from '../device.ts';
import type { DeviceSpec } from '../spec.ts';
import { portIsFree, startBoard, whyNoBoard } from '../testing/board-stand-in.ts';
import type { BoardOptions, StandInBoard } from '../testing/board-stand-in.ts';
import { writeConformanceNetwork } from '../testing/conformance-network.ts';
import { closed, keeperInto, startOptions, tempDir, until } from '../testing/helpers.ts';
import { createSerialDevice } from './serial.ts';
import { askWhoRuns } from './serial-who-runs.ts';

t.setTimeout(240_000);
t.jobs = 3; // most of the time they wait
const why = await whyNoBoard();
const skip = why === null ? false : why;
const cache = mkdtempSync(join(tmpdir(), 'hil-serial-'));
t.teardown(() => rmSync(cache, { recursive: true, force: true }));
const build = async (): Promise<Image> => buildImage({
  package: await writeConformanceNetwork(join(cache, 'net')), board: await loadBoard('mps2-an386'), cacheDir: join(cache, 'cache'), signal: new AbortController().signal,
});
const image: Image = why === null ? await build() : { elf: '', sha256: '', buildId: '', files: {} };
/** The same program, asked for under another build id. */
const otherImage: Image = { ...image, buildId: 'f'.repeat(32) };

const connect = (session: DeviceSession, spec: DeviceSpec): Promise<Link> => openLink(session.stream, {
  deviceId: spec.id, signal: new AbortController().signal, clock: systemClock, helloTimeoutMs: spec.timeouts.helloMs, replyTimeoutMs: spec.timeouts.replyMs, silenceMs: spec.timeouts.silenceMs,
});

interface Bench {
  readonly board: StandInBoard;
  readonly device: ReturnType<typeof createSerialDevice>;
  readonly groups: number[];
  start(image?: Image | 'attached', more?: Partial<StartOptions>): Promise<DeviceSession>;
  /** Tools called so far, by name. */
  calls(): string[];
}

async function bench(t: Test, options: BoardOptions = {}): Promise<Bench> {
  const board = await startBoard(t, options);
  const groups: number[] = [];
  const keeper = keeperInto(groups);
  const none = join(await tempDir(t), 'none');
  const device = createSerialDevice(board.spec, { env: board.env, keeper, usb: { devices: none, nodes: none } });
  const read = (): string => {
    try {
      return readFileSync(board.log, 'utf8');
    } catch {
      return '';
    }
  };
  return {
    board, device, groups,
    start: async (what = image, more = {}) => {
      const session = await device.start(what, await startOptions(t, more));
      t.teardown(() => session.stop());
      return session;
    },
    calls: () => read().split('\n').filter((line) => line !== '').map((line) => (JSON.parse(line) as string[]).slice(0, line.startsWith('["power"') ? 2 : 1).join(' ')),
  };
}

const bareOf = ({ flasher: _, ...rest }: DeviceSpec): DeviceSpec => rest;

/** Build id by HELLO, and a computation. */
async function works(t: Test, session: DeviceSession, spec: DeviceSpec): Promise<string> {
  const link = await connect(session, spec);
  await link.write(0, Uint8Array.of(1, 2, 3, 100));
  const done = await link.run({
    network: 0, mode: 'plain', reset: true, saveState: false, restoreState: false, paintStack: false, firstSample: 0, count: 1,
    inOffset: 0, outOffset: 16, stateOffset: 64, auxOffset: 64, auxBytes: 0, captureSkip: 0, limitTicks: 2 ** 40, mask: new Uint8Array(),
  });
  t.equal(done.status, 0);
  t.same([...(await link.read(16, 4))], [2, 3, 4, 101]);
  const { buildId } = link.hello;
  await link.close();
  return buildId;
}

t.test('flashed once: a second start finds the build there; the board goes on running', { skip, buffered: true }, async (t) => {
  const { board, device, start, calls, groups } = await bench(t);
  t.match(await device.probe(), { usable: true, missing: [] });
  const steps: string[] = [];
  const first = await start(image, { onStep: (step) => steps.push(step) });
  t.match(first.notes!.join('\n'), /^flashed with openocd/);
  t.match(steps.join('\n'), /flashing with openocd\nwaiting for the port/);
  t.equal(await works(t, first, board.spec), image.buildId);
  await first.stop();
  await first.stop();
  t.match(await first.ended, { exitCode: null, signal: null, text: '', lockup: false });
  t.ok(await portIsFree(board.port, groups));
  const { life } = await board.status();
  const second = await start();
  t.match(second.notes!.join('\n'), /not flashed: the board already runs this build/);
  t.equal(await works(t, second, board.spec), image.buildId);
  await second.stop();
  t.same(calls().filter((call) => call === 'openocd').length, 2, 'once to ask for its version, once to flash');
  t.equal((await board.status()).life, life, 'not even reset');
});

t.test('a board that runs another build is flashed; without a flasher it is taken as it is, and that is said', { skip, buffered: true }, async (t) => {
  const { board, start, calls } = await bench(t);
  await (await start()).stop();
  const wrong = await start(otherImage);
  t.match(wrong.notes!.join('\n'), /flashed with openocd/);
  t.equal(await works(t, wrong, board.spec), image.buildId, 'the image does not show the build id that was asked for: the run tells');
  await wrong.stop();
  t.equal(calls().length, 2);
  const attached = createSerialDevice(bareOf(board.spec), { env: board.env });
  t.equal(attached.recover, undefined, 'nothing to reset it by');
  const other = await attached.start(otherImage, await startOptions(t));
  t.match(other.notes!.join('\n'), new RegExp(`names no flasher, and the board runs build ${image.buildId}`));
  await other.stop();
  const session = await attached.start('attached', await startOptions(t));
  t.same(session.notes, []);
  t.equal(await works(t, session, board.spec), image.buildId);
  await session.stop();
  t.equal(calls().length, 2, 'no tool was called');
});

t.test('unplugged in the middle: ended settles with the reason, readers are told; plugged in again it works', { skip, buffered: true }, async (t) => {
  const { board, start, groups } = await bench(t);
  const session = await start();
  const link = await connect(session, board.spec);
  const reading = t.rejects((async () => { for (;;) await link.read(0, 16); })(), { kind: 'bench', code: 'link.closed' });
  await board.tell('unplug');
  await reading;
  t.match((await session.ended).text, /went away|unplugged/);
  await closed(session);
  await session.stop();
  t.ok(await portIsFree(board.port, groups));
  await board.tell('plug');
  const again = await start();
  t.equal(await works(t, again, board.spec), image.buildId);
});

t.test('a port that goes away with every reset, and a board that boots slowly', { skip, buffered: true }, async (t) => {
  const { board, start } = await bench(t, { ownUsb: true, bootMs: 700, flasher: { tool: 'picotool', forceReboot: true } });
  const session = await start();
  t.equal(await works(t, session, board.spec), image.buildId);
  await session.stop();
  // No port before the first image: a blank board whose port is its firmware's own USB.
  const blank = await bench(t, { ownUsb: true, flasher: { tool: 'dfu-util', usbId: '0483:df11', alt: 0, address: '0x00000000' }, env: { HIL_STAND_IN_DFU_ID: '0483:df11' } });
  await blank.board.tell('unplug');
  t.match(await blank.device.probe(), { usable: true });
  const plugging = blank.start();
  await until('the flashing', 10_000, () => blank.calls().includes('dfu-util'));
  await blank.board.tell('plug');
  t.equal(await works(t, await plugging, blank.board.spec), image.buildId);
});

t.test('bossac through the board\'s own port', { skip, buffered: true }, async (t) => {
  const { board, start } = await bench(t, { flasher: { tool: 'bossac', touch1200: true } });
  const session = await start();
  t.equal(await works(t, session, board.spec), image.buildId);
});

t.test('flashers that misbehave: a bench error, nothing is left, and the port is free', { skip, buffered: true }, async (t) => {
  for (const [fault, code] of [['no-probe', 'flash.no-probe'], ['silent', 'flash.failed'], ['hang', 'flash.timeout']] as const) {
    const startMs = fault === 'hang' ? 2500 : 20_000;
    const { board, start, groups } = await bench(t, { env: { HIL_STAND_IN_FAULT: fault }, spec: { timeouts: { startMs, helloMs: 1000, replyMs: 1000, silenceMs: 1000 } } });
    await t.rejects(start(), { kind: 'bench', code }, fault);
    t.ok(await portIsFree(board.port, groups), fault);
  }
  const { start } = await bench(t, { flasher: { tool: 'openocd', configs: ['target/x.cfg'] }, env: { HIL_OPENOCD: '/nowhere' } });
  await t.rejects(start(), { kind: 'bench', code: 'flash.no-tool' });
});

t.test('no port: a bench error that says so, and probe says it too', { skip, buffered: true }, async (t) => {
  const { board, device, start, calls } = await bench(t);
  await board.tell('unplug');
  await t.rejects(start(), { kind: 'bench', code: 'port.not-found' });
  t.match(await device.probe(), { usable: false, missing: [{ what: /no port/, howToGet: /plugged in/ }] });
  t.notOk(calls().includes('openocd') && calls().length > 1, 'nothing was flashed through a probe that may belong to another board');
});

t.test('aborted at every step: cancelled, and nothing is left', { skip, buffered: true }, async (t) => {
  const { board, start, groups } = await bench(t, { env: { HIL_STAND_IN_FAULT: 'slow' }, bootMs: 200 });
  // Opening, asking, flashing (2 s), waiting for the port, booting, and a session.
  for (const ms of [0, 20, 400, 1300, 3400, 4200]) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), ms);
    // A build that never is there: flashed each time.
    const outcome = await start(otherImage, { signal: abort.signal }).then(async (session) => (await session.ended, 'session ended'), (error: unknown) => (error as { kind: string }).kind);
    clearTimeout(timer);
    t.match(outcome, /^(cancelled|session ended)$/, `after ${ms} ms`);
    await until(`nothing left after ${ms} ms`, 5000, () => portIsFree(board.port, groups));
  }
  const session = await start();
  t.equal(await works(t, session, board.spec), image.buildId);
});

t.test('recover: the power off and on, or a reset by the flasher; the board answers afterwards', { skip, buffered: true }, async (t) => {
  const cycled = await bench(t, { power: true, ownUsb: true, bootMs: 100 });
  await (await cycled.start()).stop();
  const before = (await cycled.board.status()).cpu;
  t.match(await cycled.device.recover!(await startOptions(t)), /power off for 50 ms and on again/);
  t.same(cycled.calls().filter((call) => call.startsWith('power')), ['power off', 'power on']);
  t.not((await cycled.board.status()).cpu, before);
  const session = await cycled.start();
  t.match(session.notes!.join('\n'), /not flashed/);
  t.equal(await works(t, session, cycled.board.spec), image.buildId);
  await session.stop();

  const reset = await bench(t);
  await (await reset.start()).stop();
  const { life } = await reset.board.status();
  t.match(await reset.device.recover!(await startOptions(t)), /reset with openocd/);
  t.ok((await reset.board.status()).life > life);
  const pulsed = createSerialDevice({ ...bareOf(reset.board.spec), serial: { ...reset.board.spec.serial!, reset: { onOpen: 'dtr', pulseMs: 5, bootMs: 10 } } }, { env: reset.board.env });
  t.match(await pulsed.recover!(await startOptions(t)), 'reset by DTR', 'a pty has no such line: it goes through, and nothing happens');
});

t.test('power that cannot be switched: power.failed; cut short by an abort the board is still switched on', { skip, buffered: true }, async (t) => {
  const broken = await bench(t, { power: true, env: { HIL_STAND_IN_POWER: 'fails' } });
  await t.rejects(broken.device.recover!(await startOptions(t)), { kind: 'bench', code: 'power.failed', message: /No compatible devices detected/ });
  const stuck = await bench(t, { power: true, env: { HIL_STAND_IN_POWER: 'hangs' }, spec: { timeouts: { startMs: 400, helloMs: 1000, replyMs: 1000, silenceMs: 1000 } } });
  await t.rejects(stuck.device.recover!(await startOptions(t)), { kind: 'bench', code: 'power.failed', message: /did not end within 400 ms/ });
  const cut = await bench(t, { power: true, spec: {} });
  const device = createSerialDevice({ ...cut.board.spec, power: { ...cut.board.spec.power!, offMs: 60_000 } }, { env: cut.board.env });
  const abort = new AbortController();
  const recovering = t.rejects(device.recover!(await startOptions(t, { signal: abort.signal })), { kind: 'cancelled', code: 'device.cancelled' });
  await until('power off', 10_000, async () => !(await cut.board.status()).power);
  abort.abort();
  await recovering;
  t.equal((await cut.board.status()).power, true);
});

t.test('stock MLPerf Tiny firmware is never flashed', { skip, buffered: true }, async (t) => {
  const { device, start, calls } = await bench(t, { spec: { firmware: 'mlperf-tiny' } });
  const session = await start();
  t.match(session.notes!.join('\n'), /not flashed: the board runs its own MLPerf Tiny firmware/);
  t.same(calls(), []);
  t.match(await device.probe(), { usable: true });
});

/** A line on which bytes arrive at one speed only: a pty has none. */
function deafBut(line: SerialLine, hears: number): SerialLine & { tried: number[] } {
  let baud = line.baud;
  const tried = [baud];
  const gate = new Transform({ transform: (chunk, _encoding, done) => (baud === hears ? done(null, chunk) : done()) });
  gate.pipe(line.stream);
  return {
    name: line.name, failure: undefined, stream: Duplex.from({ readable: line.stream, writable: gate }), tried,
    get baud() { return baud; },
    setBaud: async (to) => void tried.push(baud = to),
    setLines: async () => undefined, discardInput: async () => undefined, close: () => line.close(),
  };
}

t.test('a board that was left at a faster speed is found there', { skip, buffered: true }, async (t) => {
  const { board, start } = await bench(t);
  await (await start()).stop();
  const serial = { ...board.spec.serial!, baud: { start: 115_200, faster: [2_000_000, 921_600] } };
  const signal = new AbortController().signal;
  for (const [hears, fresh, found, tried] of [[921_600, false, 921_600, [115_200, 2_000_000, 921_600]], [9600, false, null, [115_200, 2_000_000, 921_600, 115_200]], [921_600, true, null, [115_200]]] as const) {
    const line = deafBut(await openLine({ deviceId: 'x', serial, signal, openMs: 5000 }), hears);
    const known = await askWhoRuns(line, serial, { deviceId: 'x', signal, fresh });
    t.equal(known?.baud ?? null, found);
    if (found !== null) t.equal(known?.hello.buildId, image.buildId);
    t.same(line.tried, tried);
    await line.close();
  }
});

for (const [scheme, accepter] of [['rfc2217', 'telnet(rfc2217)'], ['tcp', 'tcp']] as const) {
  t.test(`a board behind ser2net, by ${scheme}: flashed here, spoken to there`, { skip: skip || noSer2net, buffered: true }, async (t) => {
    const { board } = await bench(t);
    const server = await startSer2net(t, accepter, board.port);
    const far = { host: '127.0.0.1', port: server.port };
    const spec: DeviceSpec = { ...board.spec, serial: { ...board.spec.serial!, port: scheme === 'tcp' ? { tcp: far } : { rfc2217: far } } };
    const device = createSerialDevice(spec, { env: board.env });
    t.match(await device.probe(), { usable: true });
    for (const notes of [/^flashed with openocd/, /not flashed: the board already runs this build/]) {
      const session = await device.start(image, await startOptions(t));
      t.match(session.notes!.join('\n'), notes);
      t.equal(await works(t, session, spec), image.buildId);
      t.equal(session.speed === undefined, scheme === 'tcp');
      await session.stop();
    }
  });
}
