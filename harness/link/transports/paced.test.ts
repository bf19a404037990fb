import t from 'tap';
import { Writable } from 'node:stream';
import { once } from 'node:events';
import { openLink, systemClock } from '../index.ts';
import type { LinkPace } from '../index.ts';
import { decodeRecord } from '../frame.ts';
import { AgentDouble } from '../testing/agent-double.ts';
import { LinkStream } from './link-stream.ts';
import { PacedWriter } from './paced.ts';

/** Notes each piece and the step it came at. */
function collector() {
  const pieces: Buffer[] = [];
  const target = new Writable({ write: (chunk: Buffer, _encoding, done) => (pieces.push(chunk), done()) });
  return { target, pieces };
}
const write = (paced: PacedWriter, bytes: Buffer): Promise<void> => new Promise((resolve, reject) => void paced.write(bytes, (error) => (error ? reject(error) : resolve())));

t.test('all bytes, in order, one by one at first; the caller is held back meanwhile', async (t) => {
  const { target, pieces } = collector();
  const paced = new PacedWriter(target);
  const begin = performance.now();
  await write(paced, Buffer.from('0123456789'));
  t.ok(performance.now() - begin >= 10, 'no faster than a byte a millisecond');
  t.same(pieces.map(String), [...'0123456789']);
  paced.end();
  await once(target, 'finish');
});

t.test('faster while requests are answered, slower after a loss, and a step that failed has to wait', async (t) => {
  const { target, pieces } = collector();
  const paced = new PacedWriter(target);
  const first = paced.bytesPerSecond;
  paced.fine(100);
  t.equal(paced.bytesPerSecond, 2 * first);
  await write(paced, Buffer.from('abcde'));
  t.same(pieces.map(String), ['ab', 'cd', 'e']);
  paced.lost();
  t.equal(paced.bytesPerSecond, first);
  paced.lost();
  t.equal(paced.bytesPerSecond, first, 'told twice of one loss');
  paced.fine(100);
  t.equal(paced.bytesPerSecond, first, 'not at once again');
  paced.fine(100);
  t.equal(paced.bytesPerSecond, 2 * first);
  for (let i = 0; i < 50; i++) paced.fine(1000);
  t.ok(paced.bytesPerSecond >= 30_000 && paced.bytesPerSecond <= 50_000, 'there is a fastest');
  await write(paced, Buffer.alloc(3));
  paced.lost();
  t.ok(paced.bytesPerSecond >= 30_000, 'one loss in much does not slow down');
  for (let i = 0; i < 30; i++) {
    await write(paced, Buffer.alloc(1));
    paced.lost();
  }
  t.equal(paced.bytesPerSecond, 100, 'there is a slowest');
});

t.test('the last byte goes alone', async (t) => {
  const { target, pieces } = collector();
  const paced = new PacedWriter(target);
  for (let i = 0; i < 50; i++) paced.fine(1000);
  pieces.length = 0;
  await write(paced, Buffer.alloc(40));
  t.same(pieces.map((piece) => piece.length), [32, 7, 1]);
});

t.test('destroyed in the middle: silent, and its target is closed', async (t) => {
  const { target, pieces } = collector();
  const paced = new PacedWriter(target);
  paced.on('error', (error) => t.fail(String(error)));
  paced.write(Buffer.alloc(1000));
  paced.destroy();
  await once(paced, 'close');
  const so = pieces.length;
  await new Promise((resolve) => setTimeout(resolve, 30));
  t.equal(pieces.length, so);
  t.ok(target.destroyed);
});

t.test('a target that is gone takes nothing, and that is no error', async (t) => {
  const { target } = collector();
  target.destroy();
  await t.resolves(write(new PacedWriter(target), Buffer.alloc(100)));
});

t.test('the link with a pace: short writes, one request at a time, and it is told of every loss', async (t) => {
  let outstanding = 0;
  let most = 0;
  let longest = 0;
  let spoiled = 0;
  const told = { lost: 0, fine: 0 };
  const pace: LinkPace = { writeBytes: 50, lost: () => void told.lost++, fine: (bytes) => void (told.fine += bytes) };
  const agent = new AgentDouble({ poolBytes: 4096 });
  const watched = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      const frame = decodeRecord(chunk.subarray(1, -1));
      most = Math.max(most, ++outstanding);
      longest = Math.max(longest, frame!.payload.length);
      // Every tenth write is spoilt on its way.
      const damaged = frame!.type === 3 && ++spoiled % 10 === 0;
      agent.write(damaged ? Buffer.from(chunk.map((byte, i) => (i === 8 ? byte ^ 1 : byte))) : chunk);
      if (damaged) outstanding -= 1;
      done();
    },
  });
  agent.on('data', () => void (outstanding = Math.max(0, outstanding - 1)));
  const link = await openLink(new LinkStream(agent, watched), { deviceId: 'double', signal: new AbortController().signal, clock: systemClock, helloTimeoutMs: 5000, replyTimeoutMs: 300, silenceMs: 5000, pace });
  const bytes = Buffer.from(Array.from({ length: 2000 }, (_each, i) => i % 251));
  await link.write(0, bytes);
  t.ok(bytes.equals(await link.read(0, 2000)));
  t.equal(most, 1, 'one request at a time');
  t.ok(longest <= 60, `${longest} bytes of payload`);
  t.ok(told.lost >= 4, `told of ${told.lost} losses`);
  t.ok(told.fine > 2000);
  await link.close();
});
