import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import t from 'tap';
import type { Test } from 'tap';
import { until } from '../../device/testing/helpers.ts';
import { openRfc2217 } from './rfc2217.ts';
import { encodeSubnegotiation, TelnetDecoder } from './rfc2217-codec.ts';
import { openTcp } from './tcp.ts';
import type { FarLineOptions } from './tcp.ts';

// What ser2net does not do: a stand-in of an RFC 2217 server that misbehaves as it is told.
t.setTimeout(60_000);

interface Manners {
  /** Answers of COM-PORT commands; null: silence. Default: the value asked for. */
  readonly answer?: (command: number, value: Buffer) => Buffer | null;
  /** How its bytes are cut. */
  readonly cut?: number;
  /** Hangs up on the first COM-PORT command. */
  readonly dies?: boolean;
}

interface Server {
  readonly port: number;
  readonly data: () => Buffer;
  readonly commands: number[][];
  /** What data had come when the last command did. */
  readonly dataBefore: () => string;
  send(bytes: readonly number[]): void;
  hangUp(): void;
}

async function server(t: Test, manners: Manners = {}): Promise<Server> {
  const data: Buffer[] = [];
  const commands: number[][] = [];
  let before = '';
  let client: Socket | null = null;
  const send = (bytes: readonly number[] | Buffer): void => {
    const all = Buffer.from(bytes);
    for (let i = 0; i < all.length; i += manners.cut ?? all.length) client?.write(all.subarray(i, i + (manners.cut ?? all.length)));
  };
  const listening = createServer({ noDelay: true }, (socket) => {
    client = socket.on('error', () => undefined);
    const decoder = new TelnetDecoder({
      data: (bytes) => void data.push(Buffer.from(bytes)),
      verb: (verb, option) => {
        if (verb === 'will') send([255, 253, option]);
        if (verb === 'do') send([255, 251, option]);
      },
      subnegotiation: (option, payload) => {
        commands.push([...payload]);
        before = Buffer.concat(data).toString();
        if (manners.dies === true) return void socket.resetAndDestroy();
        const value = manners.answer === undefined ? payload.subarray(1) : manners.answer(payload[0]!, payload.subarray(1));
        if (value !== null) send(encodeSubnegotiation(option, Buffer.concat([Buffer.of(payload[0]! + 100), value])));
      },
    });
    socket.on('data', (chunk) => decoder.feed(chunk as Buffer));
  }).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  t.teardown(() => new Promise((resolve) => { client?.destroy(); listening.close(resolve); }));
  return { port: (listening.address() as AddressInfo).port, data: () => Buffer.concat(data), commands, dataBefore: () => before, send, hangUp: () => client?.end() };
}

const far = (port: number, more: Partial<FarLineOptions> = {}): FarLineOptions =>
  ({ deviceId: 'board', host: '127.0.0.1', port, baud: 0x00ff00ff, dtr: false, rts: true, signal: new AbortController().signal, openMs: 10_000, ...more });

t.test('byte by byte, with 255s in values, notices in between: 8N1, the lines, the data', async (t) => {
  const there = await server(t, { cut: 1 });
  const line = await openRfc2217(far(there.port));
  await until('all commands', 5000, () => there.commands.length >= 7);
  t.same(there.commands, [[1, 0, 255, 0, 255], [2, 8], [3, 1], [4, 1], [5, 1], [5, 9], [5, 11]]);
  const here: Buffer[] = [];
  line.stream.on('data', (chunk: Buffer) => here.push(chunk));
  // Data, modem state 255 (doubled), data with a doubled 255, line state, a NOP, data.
  there.send([65, 255, 250, 44, 107, 255, 255, 255, 240, 66, 255, 255, 255, 250, 44, 106, 2, 255, 240, 255, 241, 67]);
  await until('the data', 5000, () => Buffer.concat(here).length >= 4);
  t.same([...Buffer.concat(here)], [65, 66, 255, 67]);
  await line.close();
});

t.test('suspended: bytes wait until the server takes them again', async (t) => {
  const there = await server(t);
  const line = await openRfc2217(far(there.port));
  there.send([255, 250, 44, 108, 255, 240, 33]);
  await once(line.stream, 'data');
  line.stream.write('held');
  line.stream.write(' back');
  await line.setLines({ dtr: true });
  await until('the level', 5000, () => there.commands.at(-1)![1] === 8); // sent after the bytes would have been
  t.equal(there.data().length, 0);
  there.send([255, 250, 44, 109, 255, 240]);
  await until('the bytes', 5000, () => there.data().toString() === 'held back');
  for (let i = 0; i < 3; i += 1) line.stream.write(`${i}`);
  await line.setBaud(1200);
  t.equal(there.dataBefore(), 'held back012', 'what was written goes before the speed');
  there.send([255, 250, 44, 108, 255, 240]);
  await line.setBaud(9600);
  line.stream.write('never sent');
  await line.close();
});

t.test('a speed that is not taken, commands without an answer', async (t) => {
  const slow = await server(t, { answer: (command, value) => (command === 1 ? Buffer.of(0, 0, 0x25, 0x80) : value) });
  await t.rejects(openRfc2217(far(slow.port)), { kind: 'bench', code: 'port.baud', message: /it took 9600/ });
  const silent = await server(t, { answer: () => null });
  await t.rejects(openRfc2217(far(silent.port, { openMs: 1000 })), { kind: 'bench', code: 'port.no-answer', message: /command 1 within/ });
  const noPurge = await server(t, { answer: (command, value) => (command === 12 || command === 5 ? null : value) });
  const line = await openRfc2217(far(noPurge.port));
  await line.discardInput();
  t.same(noPurge.commands.at(-1), [12, 1]);
  await line.close();
  await t.rejects(line.setBaud(9600), { kind: 'bench', code: 'port.closed' });
});

t.test('gone while it is asked and the reader is behind', async (t) => {
  const there = await server(t, { answer: (command, value) => (command === 1 && value.readUInt32BE(0) === 9600 ? null : value) });
  const line = await openRfc2217(far(there.port));
  line.stream.once('data', () => line.stream.pause());
  there.send([65]);
  await until('a first byte', 5000, () => line.stream.isPaused());
  there.send([66]);
  await until('one behind', 5000, () => line.stream.readableLength === 1);
  const asking = t.rejects(line.setBaud(9600), { kind: 'bench', code: 'port.closed-by-peer' });
  there.hangUp();
  await asking;
  t.equal(String(line.stream.read()), 'B', 'what came before is still there');
  await line.close();
});

t.test('gone while it is asked, cancelled while it is asked', async (t) => {
  const dying = await server(t, { dies: true });
  await t.rejects(openRfc2217(far(dying.port)), { kind: 'bench', code: 'port.closed-by-peer' });
  const silent = await server(t, { answer: () => null });
  const abort = new AbortController();
  const opening = t.rejects(openRfc2217(far(silent.port, { signal: abort.signal })), { kind: 'cancelled', code: 'device.cancelled' });
  await until('the question', 5000, () => silent.commands.length > 0);
  abort.abort();
  await opening;
  await t.rejects(openTcp(far(silent.port, { signal: abort.signal })), { kind: 'cancelled', code: 'device.cancelled' });
});

t.test('a far end that vanishes without a word is asked after', { skip: process.platform === 'linux' ? false : 'looks into /proc' }, async (t) => {
  const there = await server(t);
  const line = await openTcp(far(there.port));
  const hex = there.port.toString(16).toUpperCase().padStart(4, '0');
  // Timer 2 is keep-alive (proc(5), tcp).
  const table = await readFile('/proc/net/tcp', 'latin1');
  t.match(table, new RegExp(`0100007F:[0-9A-F]{4} 0100007F:${hex} 01 [0-9A-F:]+ 02:`));
  await line.close();
});
