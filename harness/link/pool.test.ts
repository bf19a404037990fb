import t from 'tap';
import { frameBound } from './frame.ts';
import { writeChunkBytes } from './pool.ts';
import { REQUEST } from './protocol.ts';
import { openLink } from './session.ts';
import { AgentDouble } from './testing/agent-double.ts';
import { FakeClock, settle } from './testing/fake-clock.ts';
import { seededBytes } from './testing/random.ts';
import { runPlan } from './testing/run-plan.ts';

t.test('a WRITE is as long as payload and window allow', (t) => {
  const fits = (maxPayload: number, rxWindowBytes: number): number => {
    const chunk = writeChunkBytes({ maxPayload, rxWindowBytes });
    t.ok(chunk + 5 <= maxPayload && frameBound(chunk + 5) <= rxWindowBytes, `${maxPayload} in ${rxWindowBytes}: ${chunk}`);
    return chunk;
  };
  t.equal(fits(4096, 16384), 4091);
  t.ok(fits(4096, 1024) > 490, 'two in a small window');
  t.ok(fits(4096, 200) > 180, 'one in a very small one');
  t.equal(fits(64, 80), 59);
  t.end();
});

t.test('when everything is lost more than once it is split, in order, and long frames come back later', async (t) => {
  const clock = new FakeClock();
  let lost = 600;
  const agent = new AgentDouble({
    maxPayload: 128, rxWindowBytes: 8192,
    misbehave: (frame) => (frame.type === REQUEST.read && lost-- > 0 ? [] : 'serve'),
  });
  const link = await openLink(agent, {
    deviceId: 'bench-7', signal: new AbortController().signal, clock, helloTimeoutMs: 2000, replyTimeoutMs: 100, silenceMs: 5000,
  });
  const data = seededBytes(9, 40_000);
  await link.write(0, data);
  const reading = link.read(0, data.length);
  const running = link.run(runPlan());
  let settled = false;
  void Promise.all([reading, running]).finally(() => void (settled = true));
  await settle();
  for (let i = 0; i < 200 && !settled; i++) await clock.advance(50);
  t.ok((await reading).equals(data));
  t.equal((await running).status, 0);
  t.equal(agent.seen.at(-1)?.type, REQUEST.run, 'the run waits for all parts of what was asked before it');
  t.equal(agent.overflow, 0);
  const lengths = agent.seen.filter((f) => f.type === REQUEST.read).map((f) => f.payload.readUInt32LE(5));
  t.ok(lengths.includes(62), 'parts were asked for');
  t.ok(lengths.slice(-40).includes(123), 'and whole frames again at the end');
  await link.close();
});

t.test('a COPY of any length, in parts that each take the device a moment; refused beyond the preload', async (t) => {
  const preload = seededBytes(3, 700_000);
  const copies: number[] = [];
  let lost = 1;
  const agent = new AgentDouble({
    poolBytes: 1 << 20, preload,
    misbehave: (frame) => {
      if (frame.type !== REQUEST.copy) return 'serve';
      copies.push(frame.payload.readUInt32LE(9));
      return lost-- > 0 ? [] : 'serve';
    },
  });
  const clock = new FakeClock();
  const link = await openLink(agent, {
    deviceId: 'bench-7', signal: new AbortController().signal, clock, helloTimeoutMs: 2000, replyTimeoutMs: 500, silenceMs: 5000,
  });
  t.match(link.hello, { hasPreload: true, changesBaud: false });
  const copying = link.copy(100, 50, 600_000);
  await clock.advance(1000);
  await copying;
  t.ok(agent.pool.subarray(50, 600_050).equals(preload.subarray(100, 600_100)));
  t.equal(Math.max(...copies), 256 * 1024);
  t.ok(copies.length > 3, 'the lost one was asked for again');
  await t.rejects(link.copy(700_000, 0, 1), { code: 'link.refused', kind: 'bench' });
  await t.rejects(link.copy(0, (1 << 20) - 1, 2), { code: 'link.out-of-pool' });
  t.equal(await link.changeBaud(9600, () => Promise.reject(new Error('not to be called')), 115_200), false, 'a device without speeds is not even asked');
  await link.close();
});
