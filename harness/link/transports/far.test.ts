import t from 'tap';
import type { Test } from 'tap';
import { execa } from 'execa';
import { once } from 'node:events';
import { until } from '../../device/testing/helpers.ts';
import type { SerialLine } from './line.ts';
import { openRfc2217 } from './rfc2217.ts';
import { openTcp } from './tcp.ts';
import type { FarLineOptions } from './tcp.ts';
import { makePty, noSocat } from './testing/pty.ts';
import type { Pty } from './testing/pty.ts';
import { freePort, noSer2net, startSer2net } from './testing/ser2net.ts';

t.setTimeout(120_000);
const skip = noSocat || noSer2net;
const far = (at: { readonly host: string; readonly port: number }, more: Partial<FarLineOptions> = {}): FarLineOptions =>
  ({ deviceId: 'board', host: at.host, port: at.port, baud: 115_200, dtr: true, rts: true, signal: new AbortController().signal, openMs: 10_000, ...more });

/** Every byte value, and 255 in runs, which Telnet doubles. */
const bytes = Buffer.concat([Buffer.from([...Array(256).keys()]), Buffer.alloc(3, 255), Buffer.of(13, 0, 13, 10), Buffer.alloc(4000, 255), Buffer.from('end')]);

async function bothWays(t: Test, line: SerialLine, pty: Pty): Promise<void> {
  const there: Buffer[] = [];
  const here: Buffer[] = [];
  pty.fromPort.on('data', (chunk: Buffer) => there.push(chunk));
  line.stream.on('data', (chunk: Buffer) => here.push(chunk));
  line.stream.write(bytes);
  pty.toPort.write(bytes);
  await until('all bytes', 10_000, () => Buffer.concat(there).length >= bytes.length && Buffer.concat(here).length >= bytes.length);
  t.ok(Buffer.concat(there).equals(bytes), 'to the port');
  t.ok(Buffer.concat(here).equals(bytes), 'from the port');
}

for (const [accepter, open] of [['tcp', openTcp], ['telnet(rfc2217)', openRfc2217]] as const) {
  t.test(`ser2net, ${accepter}: every byte both ways, one client at a time, killed`, { skip }, async (t) => {
    const pty = await makePty(t);
    const server = await startSer2net(t, accepter, pty.path);
    const line = await open(far(server));
    await bothWays(t, line, pty);
    const second = await open(far(server)).then(async (second) => {
      second.stream.resume();
      await once(second.stream, 'close');
      return second.failure;
    }, (error: unknown) => error);
    t.match(second, { kind: 'bench', code: 'port.far-busy' });
    t.comment((second as Error).message);
    const closed = once(line.stream, 'close');
    process.kill(server.process.pid, 'SIGKILL');
    await closed;
    t.match(line.failure, { kind: 'bench', code: 'port.closed-by-peer' });
    await line.close();
  });
}

t.test('ser2net, RFC 2217: the speed arrives at the port, DTR is not waited for, input is thrown away', { skip }, async (t) => {
  const pty = await makePty(t);
  const server = await startSer2net(t, 'telnet(rfc2217)', pty.path);
  const line = await openRfc2217(far(server, { baud: 57_600 }));
  const speed = async (): Promise<string> => (await execa('stty', ['-F', pty.path, 'speed'])).stdout;
  t.equal(await speed(), '57600');
  t.equal(line.baud, 57_600);
  for (const baud of [921_600, 1200, 230_400]) {
    await line.setBaud(baud);
    t.equal(await speed(), String(baud));
  }
  await line.setLines({ dtr: false, rts: true });
  await line.setLines({ dtr: true });
  pty.toPort.write('stale');
  await until('the stale bytes', 5000, () => line.stream.readableLength === 5);
  await line.discardInput();
  pty.toPort.write('new');
  t.equal(String((await once(line.stream, 'data'))[0]), 'new');
  await line.close();
  t.equal(line.failure, undefined);
});

t.test('ser2net without RFC 2217: raw TCP says nothing, plain Telnet refuses', { skip }, async (t) => {
  const pty = await makePty(t);
  const raw = await startSer2net(t, 'tcp', pty.path);
  await t.rejects(openRfc2217(far(raw, { openMs: 1000 })), { kind: 'bench', code: 'port.no-rfc2217', message: /within 1000 ms/ });
  await raw.process.stop();
  const telnet = await startSer2net(t, 'telnet', pty.path);
  await t.rejects(openRfc2217(far(telnet)), { kind: 'bench', code: 'port.no-rfc2217', message: /COM-PORT/ });
});

t.test('ser2net whose port is not there, and no ser2net at all', { skip: noSer2net }, async (t) => {
  const server = await startSer2net(t, 'telnet(rfc2217)', '/dev/no-such-port');
  const error = await openRfc2217(far(server)).catch((error: unknown) => error);
  t.match(error, { kind: 'bench', code: 'port.far-busy' });
  t.comment((error as Error).message);
  const nobody = { host: '127.0.0.1', port: await freePort() };
  for (const open of [openTcp, openRfc2217]) await t.rejects(open(far(nobody)), { kind: 'bench', code: 'port.refused' });
  await t.rejects(openTcp(far({ host: 'no-such-host.invalid', port: 1 })), { kind: 'bench', code: 'port.unreachable' });
});
