import { execa } from 'execa';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import type { Test } from 'tap';
import type { SerialSpec } from '../../device/spec.ts';
import { tempDir } from '../../device/testing/helpers.ts';
import { openLink, systemClock } from '../index.ts';
import type { Link } from '../index.ts';
import type { SerialLine } from './line.ts';
import { openLine, pulseReset } from './open-line.ts';
import { boardsOnPty, noBoard } from './testing/board-on-pty.ts';
import type { BoardOnPty } from './testing/board-on-pty.ts';
import { noSer2net, startSer2net } from './testing/ser2net.ts';

// The link over each kind of line, to the real agent on a real QEMU.
t.setTimeout(240_000);
const deviceId = 'line';
const signal = new AbortController().signal;
const reset: SerialSpec['reset'] = { onOpen: 'rts', pulseMs: 5, bootMs: 0 };
const serial = (port: SerialSpec['port'], start = 115_200): SerialSpec => ({ port, baud: { start, faster: [] }, reset });
const open = (spec: SerialSpec): Promise<SerialLine> => openLine({ deviceId, serial: spec, signal, openMs: 15_000 });
const talk = (line: SerialLine): Promise<Link> => openLink(line.stream, { deviceId, signal, clock: systemClock, helloTimeoutMs: 30_000, replyTimeoutMs: 5000, silenceMs: 30_000 });

/** HELLO, every byte value both ways in more than one frame, and a run. */
async function session(t: Test, line: SerialLine, board: BoardOnPty): Promise<Link> {
  const link = await talk(line);
  t.equal(link.hello.buildId, board.buildId);
  const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i < 8000 ? i % 256 : i < 14_000 ? 255 : (i * 7919) >> 5)));
  await link.write(0, bytes);
  t.ok((await link.read(0, bytes.length)).equals(bytes), 'every byte value came back');
  await link.write(0, Uint8Array.of(1, 2, 3, 4));
  const done = await link.run({
    network: 0, mode: 'plain', reset: true, saveState: false, restoreState: false, paintStack: false, firstSample: 0, count: 1,
    inOffset: 0, outOffset: 16, stateOffset: 64, auxOffset: 64, auxBytes: 0, captureSkip: 0, limitTicks: 2 ** 40, mask: new Uint8Array(),
  });
  t.equal(done.status, 0);
  t.same([...(await link.read(16, 4))], [2, 3, 4, 5]);
  return link;
}

t.test('lines to a board', { skip: noBoard }, async (t) => {
  const start = await boardsOnPty(t);

  await t.test('near: QEMU\'s pty by a stable name; closed, opened again, and QEMU killed in the middle', async (t) => {
    const board = await start(t);
    const path = join(await tempDir(t), 'board');
    await symlink(board.path, path);
    const line = await open(serial({ path }));
    t.equal(line.name, path);
    t.equal(await pulseReset(line, reset, { deviceId, signal }), true);
    await (await session(t, line, board)).close();
    await line.close();
    const again = await open(serial({ path }, 921_600));
    t.equal((await execa('stty', ['-F', board.path, 'speed'])).stdout, '921600');
    const link = await session(t, again, board);
    const reading = t.rejects(link.read(0, 100_000), { kind: 'bench', code: 'link.closed' });
    process.kill(board.process.pid, 'SIGKILL');
    await reading;
    t.match(again.failure, { kind: 'bench', code: 'port.unplugged', message: new RegExp(`^device line: ${path} went away`) });
    await again.close();
    await t.rejects(open(serial({ path })), { kind: 'bench', code: 'port.not-found' });
  });

  for (const [kind, accepter] of [['tcp', 'tcp'], ['rfc2217', 'telnet(rfc2217)']] as const) {
    await t.test(`far: ${kind} through ser2net, killed in the middle`, { skip: noSer2net }, async (t) => {
      const board = await start(t);
      const server = await startSer2net(t, accepter, board.path);
      const at = { host: server.host, port: server.port };
      const line = await open(serial(kind === 'tcp' ? { tcp: at } : { rfc2217: at }));
      t.equal(line.name, `${kind}://127.0.0.1:${server.port}`);
      const link = await session(t, line, board);
      if (kind === 'rfc2217') {
        await line.setBaud(230_400);
        t.equal((await execa('stty', ['-F', board.path, 'speed'])).stdout, '230400');
      } else {
        await t.rejects(line.setBaud(230_400), { kind: 'bench', code: 'port.baud', hint: /rfc2217/ });
      }
      t.equal((await link.read(16, 4)).length, 4, 'the line still works');
      const reading = t.rejects(link.read(0, 100_000), { kind: 'bench', code: 'link.closed' });
      process.kill(server.process.pid, 'SIGKILL');
      await reading;
      t.match(line.failure, { kind: 'bench', code: 'port.closed-by-peer' });
      await line.close();
      // Until it is really gone, its socket still takes connections.
      await server.process.ended;
      await t.rejects(open(serial(kind === 'tcp' ? { tcp: at } : { rfc2217: at })), { kind: 'bench', code: 'port.refused' });
    });
  }
});
