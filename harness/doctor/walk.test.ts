import { spawn } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Duplex } from 'node:stream';
import t from 'tap';
import type { Test } from 'tap';
import { compileNative } from '../../firmware/agent/fixtures/compile.ts';
import { examineDevices } from '../build/index.ts';
import { acquireLease, builtInDevices, createDevice, findDevice, leaseHolders, loadDevices, type Device, type DeviceSession, type DeviceSpec } from '../device/index.ts';
import { createSerialDevice } from '../device/drivers/serial.ts';
import { tempDir } from '../device/testing/helpers.ts';
import { HilError } from '../errors.ts';
import { encodeFrame } from '../link/frame.ts';
import { FieldReader, FieldWriter } from '../link/fields.ts';
import { LinkStream } from '../link/index.ts';
import { ANSWER, REQUEST } from '../link/protocol.ts';
import { AgentDouble, type DoubleOptions } from '../link/testing/agent-double.ts';
import { KeyedLine } from '../link/testing/keyed-line.ts';
import { boardsOnPty, noBoard } from '../link/transports/testing/board-on-pty.ts';
import { startStandIn } from '../link/mlperf/testing/stand-in.ts';
import { walkDevice, type DoctorOptions, type DoctorStep } from './index.ts';

/** Every step, on real targets where there are any, and with one that is broken at that very step. */
t.setTimeout(240_000);

const home = await tempDir(t);
process.env['HIL_HOME'] = home;
const cacheDir = await tempDir(t);
const signal = new AbortController().signal;
const specs = await loadDevices([builtInDevices]);
const host = findDevice(specs, 'host');
const m3 = findDevice(specs, 'qemu-m3');
const [hostDiagnosis, m3Diagnosis] = await examineDevices([host, m3]);
const noHost = hostDiagnosis?.usable === true ? false : 'no compiler for this computer';
const noQemu = m3Diagnosis?.usable === true ? false : 'no QEMU or no compiler for it';

/** A board that is reached far away, so that nothing is looked for here; the test brings its driver. */
const far: DeviceSpec = {
  ...host, id: 'far', kind: 'serial', core: 'cortex-m4', slots: 1, timeouts: { startMs: 5000, helloMs: 400, replyMs: 5000, silenceMs: 5000 },
  serial: { port: { tcp: { host: 'localhost', port: 9 } }, baud: { start: 115_200, faster: [] }, reset: { onOpen: 'none', pulseMs: 0, bootMs: 0 } },
};

async function walk(spec: DeviceSpec, more: Partial<DoctorOptions> = {}): Promise<{ steps: readonly DoctorStep[]; names: string[]; last: DoctorStep }> {
  const told: DoctorStep[] = [];
  const steps = await walkDevice(spec, { cacheDir, signal, onStep: (step) => told.push(step), ...more });
  t.same(told, steps, 'each is told');
  t.same(await leaseHolders(spec.lock ?? spec.id, spec.slots), [], 'the lease is given back');
  return { steps, names: steps.map(({ name }) => name), last: steps.at(-1) as DoctorStep };
}

/** A driver around a stream. */
function withStream(stream: Duplex, more: Partial<DeviceSession> = {}): Device {
  return {
    spec: far, probe: async () => ({ usable: true, found: ['a stand-in'], missing: [] }),
    start: async () => ({ stream, ended: new Promise(() => undefined), stop: async () => void stream.destroy(), ...more, ...(more.ended === undefined ? { ended: new Promise((resolve) => stream.once('close', () => resolve({ exitCode: null, signal: null, text: '', lockup: false }))) } : {}) }),
  };
}
const double = (options: DoubleOptions = {}): Device => withStream(new AgentDouble(options));

t.test('all is well', async (t) => {
  await t.test('the host', { skip: noHost }, async (t) => {
    const { steps, names } = await walk(host);
    t.same(names, ['compiler', 'tool', 'lease', 'image', 'start', 'HELLO', 'loop-back', 'memory', 'clock', 'stop']);
    t.same(steps.filter(({ ok }) => !ok), []);
    t.match(Object.fromEntries(steps.map(({ name, detail }) => [name, detail])), { 'loop-back': 'every byte value 4 times there and back', memory: /^\d+ bytes for samples, \d\d addresses told apart$/, clock: /moving: hostClock; 4 invocations took \d+/ });
  });

  await t.test('QEMU', { skip: noQemu }, async (t) => {
    const { steps, names } = await walk(m3);
    t.equal(names.length, 10);
    t.same(steps.filter(({ ok }) => !ok), []);
    t.match(steps.find(({ name }) => name === 'clock')?.detail, /sysTick; 4 invocations took (\d+), \1, \1, \1 ticks of 25000000 Hz/, 'and every invocation costs the same');
  });

  await t.test('a board on a serial port: QEMU on a pty', { skip: noBoard }, async (t) => {
    const board = await (await boardsOnPty(t))(t);
    const spec: DeviceSpec = { ...far, id: 'pty-board', timeouts: { ...far.timeouts, helloMs: 20_000 }, serial: { ...far.serial!, port: { path: board.path } } };
    const { steps, names } = await walk(spec, { device: createSerialDevice(spec) });
    t.same(steps.filter(({ ok }) => !ok), []);
    t.same(names.slice(0, 6), ['port', 'permission', 'driver', 'lease', 'start', 'HELLO']);
    for (const name of ['loop-back at 115200 baud', 'memory', 'clock', 'stop']) t.ok(names.includes(name), name);
    t.match(steps.find(({ name }) => name === 'HELLO')?.detail, board.buildId);

    const flashed: DeviceSpec = { ...spec, board: m3.board, flasher: { tool: 'command', argv: ['/bin/true', '{elf}'] } };
    const lying = await walk(flashed, { device: createSerialDevice(flashed) });
    if (noQemu === false) t.match(lying.last, { name: 'HELLO', ok: false, detail: new RegExp(`another image runs: HELLO says build ${board.buildId}`), todo: [/did not get onto the device, although its tool said so/] }, 'a tool that flashes nothing and is content');

    const dut: DeviceSpec = { ...spec, firmware: 'mlperf-tiny' };
    const stock = await walk(dut, { device: createSerialDevice(dut) });
    t.same(stock.names, ['port', 'permission', 'driver', 'lease', 'start', 'name', 'loop-back', 'clock', 'stop']);
    t.same(stock.steps.filter(({ ok }) => !ok), []);
  });

  await t.test('every speed, with the real agent', { skip: noHost }, async (t) => {
    const program = join(t.testdir({}), 'line');
    await compileNative('line_main.c', program, ['-DDUMMY_TAME']);
    const child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
    t.teardown(() => child.kill('SIGKILL'));
    const line = new KeyedLine(new LinkStream(child.stdout, child.stdin));
    const device = withStream(line, { speed: { baud: 115_200, faster: [921_600, 460_800, 250_000], setBaud: (baud) => line.setBaud(baud) } });
    const { steps } = await walk({ ...far, timeouts: { ...far.timeouts, helloMs: 10_000, replyMs: 500 } }, { device });
    t.match(steps.filter(({ name }) => name.startsWith('loop-back')), [
      { name: 'loop-back at 115200 baud', ok: true, detail: /^every byte value/ }, { name: 'loop-back at 921600 baud', ok: true, detail: /^every byte value/ },
      { name: 'loop-back at 460800 baud', ok: true, detail: /^not agreed on: the line stays at 115200 baud/ }, { name: 'loop-back at 250000 baud', ok: true },
    ]);
    t.equal(line.baud, 115_200);
    t.equal(steps.at(-1)?.name, 'stop');
  });
});

t.test('broken at each step: that step fails, says what to do, and is the last', async (t) => {
  const fails = async (t: Test, name: string, detail: RegExp, todo: RegExp, walked: Promise<{ steps: readonly DoctorStep[]; last: DoctorStep }>): Promise<void> => {
    const { steps, last } = await walked;
    t.match(last, { name, ok: false, detail }, `${last.name}: ${last.detail}`);
    t.match(last.todo.join('\n'), todo);
    t.equal(steps.filter(({ ok }) => !ok).length, 1);
  };
  const bench = (code: string): HilError => new HilError('bench', code, `${code} happened`, { hint: 'do this' });
  const path = (where: string): DeviceSpec => ({ ...far, serial: { ...far.serial!, port: { path: where } } });

  await fails(t, 'compiler', /nonexistent/, /./, walk(host, { env: { ...process.env, HIL_HOST_GCC: '/nonexistent/gcc' } }));
  await fails(t, 'compiler', /no-such-board/, /^/, walk({ ...host, board: 'no-such-board' }));
  if (noQemu === false) await fails(t, 'tool', /nonexistent\/qemu/, /HIL_QEMU/, walk(m3, { env: { ...process.env, HIL_QEMU: '/nonexistent/qemu' } }));
  if (noHost === false) await fails(t, 'flasher', /nonexistent\/flash/, /./, walk({ ...far, board: 'host', flasher: { tool: 'command', argv: ['/nonexistent/flash', '{elf}'] } }, { device: double() }));
  await fails(t, 'port', /no port \/dev\/nonexistent/, /plugged in/, walk(path('/dev/nonexistent'), { device: double() }));
  await fails(t, 'driver', /no supply/, /buy one/, walk(far, { device: { ...double(), probe: async () => ({ usable: false, found: [], missing: [{ what: 'no supply', howToGet: 'buy one' }] }) } }));
  await fails(t, 'port', /no port \/dev\/null/, /./, walk(path('/dev/null'), { device: createSerialDevice(path('/dev/null')) }));
  await fails(t, 'start', /refused happened/, /do this/, walk(far, { device: { ...double(), start: async () => { throw bench('start.refused'); } } }));

  const lease = await acquireLease({ device: 'held', slots: 1, waitMs: 0, signal, command: 'hil run something' });
  const { last } = { last: (await walkDevice({ ...far, id: 'held' }, { cacheDir, signal, onStep: () => undefined, device: double() })).at(-1) };
  t.match(last, { name: 'lease', ok: false, detail: /held by .* process \d+, since .* \(hil run something\)/ });
  await lease.release();

  if (noHost === false) {
    const gcc = join(await tempDir(t), 'gcc');
    await writeFile(gcc, '#!/bin/sh\nfor arg in "$@"; do [ "$arg" = -c ] && { echo "a.c:1:1: error: planted" >&2; exit 1; }; done\nexec gcc "$@"\n');
    await chmod(gcc, 0o755);
    await fails(t, 'image', /planted/, /^/, walk(host, { env: { ...process.env, HIL_HOST_GCC: gcc }, cacheDir: await tempDir(t) }));
    const real = createDevice(host);
    await fails(t, 'HELLO', /it ended with exit code 1/, /^/, walk(host, { device: { ...real, start: (image, options) => real.start(image === 'attached' ? image : { ...image, elf: '/bin/false' }, options) } }));
    await fails(t, 'stop', /stop\.stuck happened/, /do this/, walk(host, { device: { ...real, start: async (image, options) => {
      const session = await real.start(image, options);
      return { ...session, stop: async () => { await session.stop(); throw bench('stop.stuck'); } };
    } } }));
  }
  const silent = Duplex.from({ readable: new PassThrough(), writable: new PassThrough() });
  await fails(t, 'HELLO', /400 ms/, /./, walk(far, { device: withStream(silent) }));
  await fails(t, 'HELLO', /version/, /./, walk(far, { device: double({ protocolVersion: 99 }) }));

  // One value changed on its way, with a right checksum: a memory or a copy on the device that is wrong.
  const bent: NonNullable<DoubleOptions['misbehave']> = ({ type, seq, payload }, agent) => {
    if (type !== REQUEST.read) return 'serve';
    const fields = new FieldReader(payload);
    fields.u8();
    const offset = fields.u32();
    const bytes = Buffer.from(agent.pool.subarray(offset, offset + fields.u32())).map((byte) => (byte === 0x11 ? 0x13 : byte));
    return [encodeFrame(ANSWER.data, seq, new FieldWriter(5 + bytes.length).u8(0).u32(offset).bytes(bytes).done())];
  };
  await fails(t, 'loop-back', /byte 17 of the pool came back as 19, sent was 17/, /cable/, walk(far, { device: double({ misbehave: bent }) }));
  const folded: NonNullable<DoubleOptions['misbehave']> = ({ type, payload }, agent) => {
    if (type !== REQUEST.write) return 'serve';
    const fields = new FieldReader(payload);
    fields.u8();
    const offset = fields.u32();
    if (offset >= 32_768) agent.pool.set(fields.rest(), offset - 32_768);
    return 'serve';
  };
  await fails(t, 'memory', /byte 0 of the pool came back/, /linker script/, walk(far, { device: double({ misbehave: folded }) }));

  const stock: DeviceSpec = { ...far, firmware: 'mlperf-tiny', timeouts: { ...far.timeouts, helloMs: 10_000 } };
  await fails(t, 'name', /400|silent|no answer|nothing/i, /./, walk({ ...stock, timeouts: far.timeouts }, { device: withStream(Duplex.from({ readable: new PassThrough(), writable: new PassThrough() })) }));
  await fails(t, 'clock', /stands still/, /th_timestamp/, walk(stock, { device: withStream(startStandIn(t)) }));
});

t.test('cancelled in the middle: nothing is held', async (t) => {
  const controller = new AbortController();
  const stream = Duplex.from({ readable: new PassThrough(), writable: new PassThrough() });
  let stopped = false;
  const device: Device = { ...withStream(stream), start: async () => {
    setTimeout(() => controller.abort(new HilError('cancelled', 'cli.interrupted', 'interrupted')), 50);
    return { stream, ended: new Promise(() => undefined), stop: async () => { stopped = true; stream.destroy(); } };
  } };
  await t.rejects(walkDevice({ ...far, timeouts: { ...far.timeouts, helloMs: 60_000 } }, { cacheDir, signal: controller.signal, onStep: () => undefined, device }), { kind: 'cancelled', code: 'cli.interrupted' });
  t.equal(stopped, true);
  t.same(await leaseHolders('far', 1), []);
});
