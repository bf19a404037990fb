import { inflateRawSync } from 'node:zlib';
import t from 'tap';
import { HilError } from '../errors.ts';
import { crc32 } from './crc32.ts';
import { FieldWriter } from './fields.ts';
import { encodeFrame } from './frame.ts';
import type { Link, LinkOptions } from './link.ts';
import { ANSWER, REQUEST } from './protocol.ts';
import { openLink } from './session.ts';
import { AgentDouble } from './testing/agent-double.ts';
import type { DoubleOptions } from './testing/agent-double.ts';
import { FakeClock, settle } from './testing/fake-clock.ts';
import { seededBytes } from './testing/random.ts';
import { runPlan } from './testing/run-plan.ts';
import type { TranscriptEvent } from './transcript.ts';

interface Bench {
  readonly clock: FakeClock;
  readonly agent: AgentDouble;
  readonly logs: string[];
  readonly events: TranscriptEvent[];
  readonly abort: AbortController;
  readonly options: LinkOptions;
}

function bench(agentOptions: DoubleOptions = {}, change: Partial<LinkOptions> = {}): Bench {
  const clock = new FakeClock();
  const logs: string[] = [];
  const events: TranscriptEvent[] = [];
  const abort = new AbortController();
  const options: LinkOptions = {
    deviceId: 'bench-7', signal: abort.signal, clock, helloTimeoutMs: 2000, replyTimeoutMs: 500, silenceMs: 10_000, maxRetries: 4,
    onLog: (line) => logs.push(line), transcript: { record: (event) => events.push(event) }, ...change,
  };
  return { clock, agent: new AgentDouble(agentOptions), logs, events, abort, options };
}

async function opened(agentOptions: DoubleOptions = {}, change: Partial<LinkOptions> = {}): Promise<Bench & { readonly link: Link }> {
  const b = bench(agentOptions, change);
  return { ...b, link: await openLink(b.agent, b.options) };
}

/** Waits for a promise while the clock runs. */
async function within<T>(promise: Promise<T>, clock: FakeClock): Promise<T> {
  let settled = false;
  const done = (): void => void (settled = true);
  promise.then(done, done);
  await settle();
  while (!settled) await clock.advance(50);
  return promise;
}

/** What a promise fails with, while the clock runs for `ms`. */
async function failure(promise: Promise<unknown>, clock?: FakeClock, ms = 0): Promise<HilError> {
  const caught = promise.then(() => undefined, (error: unknown) => error);
  if (clock !== undefined) await clock.advance(ms);
  const error = await caught;
  if (!(error instanceof HilError)) throw new Error(`no HilError but ${String(error)}`);
  return error;
}

t.test('a session: hello, networks, pool, run', async (t) => {
  const { agent, link, clock, events } = await opened({ networks: 3 });
  t.match(link.hello, { core: 'double', buildId: '00112233445566778899aabbccddeeff', poolBytes: 65536, networkCount: 3 });
  t.strictSame(link.networks.map((n) => n.index), [0, 1, 2]);
  t.match(link.networks[1], { modelSha256: 'ab'.repeat(32), inputBytes: 16, name: 'inver' });

  const sent = seededBytes(1, 10_000);
  await link.write(50, sent);
  t.ok(agent.pool.subarray(50, 10_050).equals(sent));
  t.ok((await link.read(50, 10_000)).equals(sent));
  await link.write(0, Buffer.alloc(0));
  t.equal((await link.read(0, 0)).length, 0);
  t.equal(agent.overflow, 0, 'the window is kept');

  await link.write(0, sent.subarray(0, 64));
  const done = await link.run(runPlan());
  t.match(done, { status: 0, done: 4, inputCrc: crc32(sent.subarray(0, 64)), stackBytes: null });
  t.equal(crc32(await link.read(4096, 64)), done.outputCrc);
  t.match(link.stats, { resent: 0, damaged: 0, stale: 0, textBytes: 0 });
  t.ok(link.stats.bytesToDevice > 10_000 && link.stats.bytesFromDevice > 10_000);
  t.equal(events[0]?.type, 'HELLO');
  t.ok(events.every((e) => JSON.stringify(e).length < (e.dir === 'to-device' ? 600 : 600 + 1.5 * e.bytes)), 'transcript lines are bounded');
  const long = events.filter((e) => e.type === 'DATA' && e.bytes > 128);
  t.ok(long.length > 0);
  t.ok(long.every((e) => e.deflate !== undefined && crc32(inflateRawSync(Buffer.from(e.deflate, 'base64'))) === e.crc), 'what the device sent is there byte for byte');
  t.ok(events.some((e) => e.type === 'WRITE' && e.crc !== undefined && e.deflate === undefined), 'what it was sent is not');
  await link.close();
  await link.close();
  t.equal(clock.pending, 0, 'no timer is left');
  t.ok(agent.destroyed);
  t.equal((await failure(link.read(0, 1))).code, 'link.closed');
});

t.test('several calls at once share the window and keep their data apart', async (t) => {
  const { agent, link } = await opened({ rxWindowBytes: 300, maxPayload: 64 });
  const parts = [1, 2, 3, 4].map((n) => seededBytes(n, 3000));
  await Promise.all(parts.map((part, i) => link.write(i * 4000, part)));
  const back = await Promise.all(parts.map((_, i) => link.read(i * 4000, 3000)));
  t.ok(back.every((bytes, i) => bytes.equals(parts[i] as Buffer)));
  t.equal(agent.overflow, 0);
  await link.close();
});

t.test('what does not fit the pool is refused before anything is sent', async (t) => {
  const { agent, link } = await opened();
  const before = agent.seen.length;
  t.equal((await failure(link.write(65_530, Buffer.alloc(7)))).code, 'link.out-of-pool');
  t.equal((await failure(link.read(-1, 2))).code, 'link.out-of-pool');
  t.equal((await failure(link.run(runPlan({ mask: Buffer.alloc(5000) })))).code, 'link.run-too-long');
  t.equal(agent.seen.length, before);
  await link.close();
});

t.test('HELLO is repeated until the agent is up', async (t) => {
  let hellos = 0;
  const b = bench({ misbehave: (frame) => (frame.type === REQUEST.hello && ++hellos < 5 ? [] : 'serve') });
  const opening = openLink(b.agent, b.options);
  await b.clock.advance(700);
  const link = await opening;
  t.equal(hellos, 5);
  t.equal(link.stats.resent, 0, 'asking early is no loss');
  await link.close();
});

t.test('no HELLO: the error says what came instead', async (t) => {
  const expect = async (answer: readonly Uint8Array[], text: RegExp): Promise<void> => {
    const b = bench({ misbehave: () => answer });
    const error = await failure(openLink(b.agent, b.options), b.clock, 2500);
    t.match(error, { kind: 'bench', code: 'link.no-hello' });
    t.match(error.message, /device bench-7: .* 2000 ms/);
    t.match(error.message, text);
    t.ok(error.hint);
    t.equal(b.clock.pending, 0);
  };
  await expect([], /nothing at all/);
  await expect([Buffer.from('\x1b[31mHard\x07Fault\n')], /only text was received: "\\u001b\[31mHard\\u0007Fault\\n/);
  await expect([Buffer.from('feedfe0011', 'hex')], /only \d+ bytes of garbage/);
  await expect([encodeFrame(ANSWER.progress, 0, Buffer.alloc(10))], /frames came, but none that answers/);
});

t.test('an answer to another session\'s HELLO is not taken', async (t) => {
  const b = bench({ misbehave: (frame, agent) => (frame.type === REQUEST.hello ? [encodeFrame(ANSWER.hello, frame.seq, agent.helloOk(5))] : 'serve') });
  t.equal((await failure(openLink(b.agent, b.options), b.clock, 2500)).code, 'link.no-hello');
});

t.test('another protocol version is named', async (t) => {
  const b = bench({ protocolVersion: 3 });
  t.match(await failure(openLink(b.agent, b.options)), { kind: 'bench', code: 'link.protocol-version', facts: { theirs: 3, ours: 2 } });
});

t.test('lost requests and answers are sent again, without waiting where later ones were answered', async (t) => {
  let n = 0;
  const { agent, link, clock } = await opened({ misbehave: (frame) => (frame.type !== REQUEST.hello && ++n % 7 === 3 ? [] : 'serve') });
  const sent = seededBytes(2, 20_000);
  await within(link.write(0, sent), clock);
  t.ok((await within(link.read(0, 20_000), clock)).equals(sent));
  t.ok(link.stats.resent > 10);
  t.ok(clock.now() <= 2100, `only a last one needs its deadline: ${clock.now()} ms for ${link.stats.resent}`);
  t.equal(agent.overflow, 0, 'sending again keeps the window');
  await link.close();
});

t.test('DAMAGED is acted upon at once', async (t) => {
  let n = 0;
  const damaged = encodeFrame(ANSWER.damaged, 0, Buffer.of(1));
  const { agent, link } = await opened({ misbehave: (frame) => (frame.type !== REQUEST.hello && ++n % 5 === 2 ? [damaged] : 'serve') });
  const sent = seededBytes(3, 2000);
  await link.write(0, sent);
  await link.write(5000, sent.subarray(0, 10));
  t.equal((await link.run(runPlan())).status, 0);
  t.ok(agent.pool.subarray(0, 2000).equals(sent));
  t.ok(link.stats.resent > 0 && link.stats.damagedOnDevice > 0);
  await link.close();
});

t.test('what was sent again for DAMAGED and is damaged too is sent once more at once, twice; then its deadline is waited for', async (t) => {
  const damaged = encodeFrame(ANSWER.damaged, 0, Buffer.of(1));
  for (const [times, ms] of [[2, 0], [3, 0], [4, 500]] as const) {
    let lost = times;
    let broken = false;
    const { agent, link, clock } = await opened({ misbehave: () => (broken && lost-- > 0 ? [damaged] : 'serve') });
    const begun = clock.now();
    broken = true;
    await within(link.read(0, 40), clock); // too little to be sent in parts
    t.equal(clock.now() - begun, ms, `damaged ${times} times: ${ms} ms`);
    t.equal(agent.seen.filter((frame) => frame.type === REQUEST.read).length, times + 1);
    t.equal(link.stats.resent, times);
    await link.close();
  }
});

t.test('a device that never answers again is given up', async (t) => {
  let mute = false;
  const { link, clock } = await opened({ misbehave: () => (mute ? [] : 'serve') });
  mute = true;
  const error = await failure(link.write(0, Buffer.alloc(1000)), clock, 30_000);
  t.match(error, { kind: 'bench', code: 'link.no-answer' });
  t.match(error.message, /WRITE was sent 5 times/);
  t.equal(await failure(link.read(0, 4)), error, 'the link stays failed');
  t.equal(link.failure, error);
  t.equal(clock.pending, 0);
});

t.test('a device that calls everything damaged is given up', async (t) => {
  let broken = false;
  const damaged = encodeFrame(ANSWER.damaged, 0, Buffer.of(2));
  const { link, clock } = await opened({ misbehave: () => (broken ? [damaged] : 'serve') });
  broken = true;
  t.equal((await failure(link.run(runPlan()), clock, 60_000)).code, 'link.no-answer');
});

t.test('duplicates and stale answers are dropped', async (t) => {
  const { agent, link } = await opened({
    misbehave: (frame, agent) => {
      if (frame.type !== REQUEST.read) return 'serve';
      const data = new FieldWriter(9).u8(0).u32(frame.payload.readUInt32LE(1)).bytes(agent.pool.subarray(0, 4)).done();
      const stale = new FieldWriter(9).u8(0).u32(999).hex('ffffffff').done();
      return [encodeFrame(ANSWER.data, frame.seq, stale), encodeFrame(ANSWER.data, frame.seq, data), encodeFrame(ANSWER.data, frame.seq, data)];
    },
  });
  agent.pool.write('abcd');
  t.equal((await link.read(0, 4)).toString(), 'abcd');
  await settle();
  t.equal(link.stats.stale, 2);
  await link.close();
});

t.test('refused and malformed answers are bench errors', async (t) => {
  let answer: (seq: number) => Buffer = () => Buffer.alloc(0);
  const { link } = await opened({ misbehave: (frame) => (frame.type === REQUEST.read || frame.type === REQUEST.run ? [answer(frame.seq)] : 'serve') });
  answer = (seq) => encodeFrame(ANSWER.refused, seq, Buffer.of(REQUEST.run, 5));
  t.match(await failure(link.run(runPlan())), { kind: 'bench', code: 'link.refused', message: /RUN: wrong argument/ });
  answer = (seq) => encodeFrame(ANSWER.refused, seq, Buffer.of(REQUEST.read, 3));
  t.match(await failure(link.read(0, 3000)), { code: 'link.refused', message: /READ: out of range/ });
  await link.write(0, Buffer.alloc(10)); // the link itself is well
  answer = (seq) => encodeFrame(ANSWER.data, seq, Buffer.of(0, 0, 0, 0, 0, 1));
  t.match(await failure(link.read(0, 4)), { kind: 'bench', code: 'link.malformed', message: /DATA.*1 bytes where 4/ });
});

t.test('a stream that closes fails everything at once', async (t) => {
  const mute: DoubleOptions = { misbehave: (frame) => (frame.type === REQUEST.read ? [] : 'serve') };
  const { agent, link, clock } = await opened(mute);
  const pending = Promise.all([failure(link.read(0, 4)), failure(link.read(0, 4))]);
  agent.destroy(new Error('unplugged'));
  for (const error of await pending) t.match(error, { kind: 'bench', code: 'link.closed', message: /unplugged/ });
  t.equal(clock.now(), 0);

  const ended = await opened(mute);
  const reading = failure(ended.link.read(0, 4));
  ended.agent.push(null);
  t.equal((await reading).code, 'link.closed');

  const b = bench({ misbehave: () => [] });
  const opening = failure(openLink(b.agent, b.options));
  b.agent.destroy();
  t.equal((await opening).code, 'link.closed');
});

t.test('abort cancels everything, also before it began', async (t) => {
  const { abort, link } = await opened({ misbehave: (frame) => (frame.type === REQUEST.read ? [] : 'serve') });
  const reading = failure(link.read(0, 4));
  abort.abort();
  t.match(await reading, { kind: 'cancelled' });
  const b = bench();
  b.abort.abort();
  t.match(await failure(openLink(b.agent, b.options)), { kind: 'cancelled' });
  t.ok(b.agent.destroyed);
});

t.test('text between frames becomes log lines and harms nothing', async (t) => {
  const { link, logs } = await opened({ misbehave: (_frame, agent) => (agent.push('layer 1 \u00e4\r\nlayer 2\n'), 'serve') });
  await link.read(0, 500);
  t.strictSame(logs.slice(0, 2), ['layer 1 \u00e4', 'layer 2']);
  t.equal(link.stats.damaged, 0);
  t.ok(link.stats.textBytes > 0);
  await link.close();
});
