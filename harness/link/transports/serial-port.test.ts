import t from 'tap';
import { once } from 'node:events';
import { openSerialPort } from './serial-port.ts';
import type { SerialPortOptions } from './serial-port.ts';
import { makePty, noSocat } from './testing/pty.ts';
import { until } from '../../device/testing/helpers.ts';

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

t.test('unplugged while nobody reads: noticed all the same, without load', { skip: noSocat }, async (t) => {
  const pty = await makePty(t);
  const line = await open(pty.path);
  const closed = once(line.stream, 'close');
  process.kill(pty.socat.pid, 'SIGKILL');
  await closed;
  t.match(line.failure, { kind: 'bench', code: 'port.unplugged' });
});
