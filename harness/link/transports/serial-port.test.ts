import t from 'tap';
import { execa } from 'execa';
import { once } from 'node:events';
import { chmod, realpath, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSerialPort } from './serial-port.ts';
import type { SerialPortOptions } from './serial-port.ts';
import { makePty, noSocat } from './testing/pty.ts';
import { pulseReset } from './open-line.ts';
import { portHolders } from '../../device/ports/holders.ts';
import { tempDir, until } from '../../device/testing/helpers.ts';
import type { BindingPort } from './tty-stream.ts';

t.setTimeout(60_000);
const open = (path: string, more: Partial<SerialPortOptions> = {}) => openSerialPort({ deviceId: 'board', path, baud: 115_200, signal: new AbortController().signal, openMs: 10_000, ...more });

t.test('a pty: bytes both ways, every value', { skip: noSocat }, async (t) => {
  const pty = await makePty(t);
  const line = await open(pty.path);
  const all = Buffer.from([...Array(256).keys()]);
  const received: Buffer[] = [];
  pty.fromPort.on('data', (chunk: Buffer) => received.push(chunk));
  const back: Buffer[] = [];
  line.stream.on('data', (chunk: Buffer) => back.push(chunk));
  line.stream.write(all);
  pty.toPort.write(all);
  await until('both', 5000, () => Buffer.concat(received).length >= 256 && Buffer.concat(back).length >= 256);
  t.same(Buffer.concat(received), all);
  t.same(Buffer.concat(back), all);
  await line.close();
  await line.close();
  t.equal(line.failure, undefined, 'closing is no failure');
  const again = await open(pty.path);
  await again.close();
});

t.test('unplugged: what came before is delivered, then the stream ends; the reason is kept', { skip: noSocat }, async (t) => {
  const pty = await makePty(t);
  const line = await open(pty.path);
  const chunks: Buffer[] = [];
  const reading = (async () => { for await (const chunk of line.stream) chunks.push(chunk as Buffer); })();
  pty.toPort.write('half a fra');
  await until('the bytes', 5000, () => chunks.length > 0);
  process.kill(pty.socat.pid, 'SIGKILL');
  await reading;
  t.equal(Buffer.concat(chunks).toString(), 'half a fra');
  t.match(line.failure, { kind: 'bench', code: 'port.unplugged' });
  await t.rejects(line.setBaud(9600), { code: 'port.unplugged' });
  await line.close();
});

t.test('unplugged while nobody reads, and while the reader is behind', { skip: noSocat }, async (t) => {
  const idle = await makePty(t);
  const unread = await open(idle.path);
  const closed = once(unread.stream, 'close');
  process.kill(idle.socat.pid, 'SIGKILL');
  await closed;
  t.match(unread.failure, { kind: 'bench', code: 'port.unplugged' });

  const pty = await makePty(t);
  const line = await open(pty.path);
  // Once something has waited to write, the package's poller looks out for that too.
  pty.fromPort.resume();
  line.stream.write(Buffer.alloc(300_000));
  await once(line.stream, 'drain');
  const chunks: Buffer[] = [];
  line.stream.once('data', (chunk: Buffer) => { line.stream.pause(); chunks.push(chunk); });
  pty.toPort.on('error', () => undefined);
  pty.toPort.write(Buffer.alloc(500_000, 0x55));
  await until('a full buffer', 10_000, () => line.stream.readableLength >= line.stream.readableHighWaterMark);
  const before = performance.eventLoopUtilization();
  await sleep(300);
  const { utilization } = performance.eventLoopUtilization(before);
  t.ok(utilization < 0.5, 'waiting for the reader is no work', { utilization });
  process.kill(pty.socat.pid, 'SIGKILL');
  await until('the unplugging', 10_000, () => line.failure !== undefined);
  const kept = line.stream.readableLength;
  for await (const chunk of line.stream) chunks.push(chunk as Buffer);
  t.ok(Buffer.concat(chunks).length >= kept && kept > 0, 'what was read before is delivered');
  await line.close();
});

t.test('a far side that only sends: it is heard while writing waits', { skip: noSocat }, async (t) => {
  const pty = await makePty(t, undefined, true);
  const line = await open(pty.path);
  const heard = once(line.stream, 'data');
  await sleep(20); // the reader waits
  line.stream.write(Buffer.alloc(300_000)); // and then the writer
  await sleep(50);
  t.equal(line.stream.writableNeedDrain, true);
  pty.toPort.write('heard');
  t.equal(String((await heard)[0]), 'heard');
  await line.close();
});

t.test('a far side that takes nothing: writing waits, nothing is lost, closing does not wait', { skip: noSocat }, async (t) => {
  const pty = await makePty(t);
  const line = await open(pty.path);
  const sent = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) & 0xff));
  process.kill(pty.socat.pid, 'SIGSTOP');
  t.equal(line.stream.write(sent), false);
  await sleep(50);
  t.equal(line.stream.writableNeedDrain, true);
  process.kill(pty.socat.pid, 'SIGCONT');
  const there: Buffer[] = [];
  pty.fromPort.on('data', (chunk: Buffer) => there.push(chunk));
  await until('all bytes', 20_000, () => there.reduce((sum, chunk) => sum + chunk.length, 0) >= sent.length);
  t.ok(Buffer.concat(there).equals(sent));
  process.kill(pty.socat.pid, 'SIGSTOP');
  line.stream.write(sent);
  await sleep(50);
  await line.close();
  t.same((await portHolders(pty.path)).filter((holder) => holder.pid === process.pid), [], 'the port is free');
  process.kill(pty.socat.pid, 'SIGCONT');
});

t.test('lines that are left up when the port is closed', { skip: noSocat }, async (t) => {
  const pty = await makePty(t);
  for (const keepLines of [false, true]) {
    const line = await open(pty.path, { keepLines });
    t.match((await execa('stty', ['-F', pty.path, '-a'])).stdout, keepLines ? / -hupcl/ : / hupcl/);
    await line.close();
  }
});

t.test('a program that socat runs behind the pty inherits the near side, and is no rival', { skip: noSocat }, async (t) => {
  const path = join(await tempDir(t), 'tty');
  const echo = execa('socat', [`PTY,rawer,link=${path}`, 'EXEC:cat'], { reject: false });
  await until('a pty by socat', 5000, () => realpath(path).then(() => true, () => false));
  const line = await open(path);
  line.stream.write('echo');
  t.equal(String((await once(line.stream, 'data'))[0]), 'echo');
  await line.close();
  echo.kill();
  await echo;
});

t.test('in use: by a program that heeds no locks, and by this process', { skip: noSocat }, async (t) => {
  const pty = await makePty(t);
  const thief = execa('cat', [pty.path], { reject: false });
  await until('cat', 5000, async () => (await portHolders(pty.path)).length > 0);
  const untouched = standIn();
  await t.rejects(open(pty.path, { binding: untouched.binding }), { code: 'port.busy' });
  t.equal(untouched.opened(), 0, 'not opened, which would pulse DTR');
  await t.rejects(open(pty.path), { kind: 'bench', code: 'port.busy', message: new RegExp(`in use by process ${thief.pid} \\(cat ${pty.path}\\)`) });
  thief.kill();
  await thief;
  const line = await open(pty.path);
  await t.rejects(open(pty.path), { code: 'port.busy', message: /this process/ });
  await line.close();
  let second: { kill(): unknown } & PromiseLike<unknown> | undefined;
  const meanwhile = standIn();
  const binding = { open: async () => {
    second = execa('cat', [pty.path], { reject: false });
    await until('cat', 5000, async () => (await portHolders(pty.path)).length > 0);
    return meanwhile.binding.open();
  } };
  await t.rejects(open(pty.path, { binding }), { code: 'port.busy', message: /\(cat/ });
  t.same(meanwhile.done, ['close'], 'opened at the same moment: let go again');
  second?.kill();
  await second;
});

t.test('what cannot be opened', async (t) => {
  const dir = await tempDir(t);
  await writeFile(join(dir, 'file'), '');
  await t.rejects(open(join(dir, 'none')), { kind: 'bench', code: 'port.not-found' });
  await t.rejects(open(join(dir, 'file')), { kind: 'bench', code: 'port.not-a-tty' });
  await t.rejects(open('/dev/null'), { kind: 'bench', code: 'port.not-a-tty' });
  const abort = new AbortController();
  abort.abort();
  await t.rejects(open('/dev/null', { signal: abort.signal }), { kind: 'cancelled', code: 'device.cancelled' });
});

t.test('no permission', { skip: noSocat || (process.getuid?.() === 0 ? 'root may open everything' : false) }, async (t) => {
  const pty = await makePty(t);
  const real = await realpath(pty.path);
  const { mode } = await stat(real);
  await chmod(real, 0);
  await t.rejects(open(pty.path), { kind: 'bench', code: 'port.no-permission', hint: /dialout/ });
  await chmod(real, mode);
});

t.test('plugged in again under another number: the same name leads to it; any speed', { skip: noSocat }, async (t) => {
  const dir = await tempDir(t);
  const first = await makePty(t, dir);
  const before = await realpath(first.path);
  await first.socat.stop();
  await makePty(t); // takes its number
  const second = await makePty(t, dir);
  t.equal(second.path, first.path);
  t.comment(`${before}, then ${await realpath(second.path)}`); // another test may have taken or freed numbers meanwhile
  const line = await open(second.path, { baud: 250_000 }); // no entry of the classic table
  t.equal(line.baud, 250_000);
  await line.setBaud(1_000_000);
  t.equal((await execa('stty', ['-F', second.path, 'speed'])).stdout, '1000000');
  second.toPort.write('stale');
  await sleep(50);
  await line.discardInput();
  second.toPort.write('new');
  t.equal(String((await once(line.stream, 'data'))[0]), 'new');
  await line.close();
});

/** A port as on Windows: no descriptor, all by the binding. It notes what is done to it, and misbehaves as told. */
function standIn(wrong: { readonly baudRate?: number; readonly openMs?: number; readonly setFails?: string } = {}) {
  const done: string[] = [];
  let opened = 0;
  let resume: ((result: { bytesRead: number }) => void) | null = null;
  const port = {
    isOpen: true,
    getBaudRate: async () => ({ baudRate: wrong.baudRate ?? 115_200 }),
    set: async ({ dtr, rts }: { dtr: boolean; rts: boolean }) => {
      if (wrong.setFails !== undefined) throw new Error(wrong.setFails);
      done.push(`dtr ${dtr ? 1 : 0} rts ${rts ? 1 : 0}`);
    },
    read: () => new Promise<{ bytesRead: number }>((resolve) => (resume = resolve)),
    write: async () => undefined, drain: async () => undefined, update: async () => undefined,
    flush: async () => void done.push('flush'), close: async () => void done.push('close'),
  };
  const binding = { open: async () => (opened += 1, await sleep(wrong.openMs ?? 0), port as unknown as BindingPort) };
  return { done, binding, opened: () => opened, unplug: () => resume?.({ bytesRead: 0 }) };
}

t.test('stand-in of a port: levels, pulses, and what a system may do wrong', { skip: noSocat }, async (t) => {
  const { path } = await makePty(t); // what is looked at before opening
  const good = standIn();
  const line = await open(path, { binding: good.binding, dtr: false });
  const reset = { onOpen: 'rts', pulseMs: 1, bootMs: 0 } as const;
  const options = { deviceId: 'board', signal: new AbortController().signal };
  t.equal(await pulseReset(line, reset, options), true);
  t.equal(await pulseReset(line, { ...reset, onOpen: 'dtr', dtr: false }, options), true);
  t.equal(await pulseReset(line, { ...reset, onOpen: 'none' }, options), false);
  t.same(good.done, ['dtr 0 rts 1', 'dtr 0 rts 0', 'flush', 'dtr 0 rts 1', 'dtr 1 rts 1', 'flush', 'dtr 0 rts 1']);
  const abort = new AbortController();
  const pulsing = t.rejects(pulseReset(line, { ...reset, pulseMs: 10_000 }, { ...options, signal: abort.signal }), { kind: 'cancelled', code: 'device.cancelled' });
  abort.abort();
  await pulsing;
  t.equal(good.done.at(-1), 'dtr 0 rts 1', 'a reset that was cancelled lets the board go');
  line.stream.resume();
  good.unplug();
  await once(line.stream, 'close');
  t.match(line.failure, { code: 'port.unplugged' });
  t.same(good.done.slice(-2), ['flush', 'close'], 'output that nobody takes does not hold up the closing');

  const wrongSpeed = standIn({ baudRate: 9600 });
  await t.rejects(open(path, { binding: wrongSpeed.binding }), { kind: 'bench', code: 'port.baud', message: /115200 baud \(it took 9600\)/ });
  t.same(wrongSpeed.done, ['close']);
  const noLines = standIn({ setFails: 'Error: Input/output error, cannot set' });
  await t.rejects(open(path, { binding: noLines.binding }), { kind: 'bench', code: 'port.lines' });
  t.equal(noLines.done.at(-1), 'close');
  const slow = standIn({ openMs: 100 });
  await t.rejects(open(path, { binding: slow.binding, openMs: 5 }), { kind: 'bench', code: 'port.open-timeout', message: /after 5 ms \(timeouts.startMs\)/ });
  await until('the late port closed', 5000, () => slow.done.includes('close'));
  const late = new AbortController();
  const opening = t.rejects(open(path, { binding: standIn({ openMs: 100 }).binding, signal: late.signal }), { kind: 'cancelled', code: 'device.cancelled' });
  await sleep(20);
  late.abort();
  await opening;
});
