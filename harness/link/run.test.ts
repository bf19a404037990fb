import t from 'tap';
import { HilError } from '../errors.ts';
import { FieldWriter } from './fields.ts';
import { encodeFrame } from './frame.ts';
import type { Link } from './link.ts';
import { ANSWER, REQUEST } from './protocol.ts';
import { openLink } from './session.ts';
import { AgentDouble } from './testing/agent-double.ts';
import type { DoubleOptions } from './testing/agent-double.ts';
import { FakeClock } from './testing/fake-clock.ts';
import { runPlan } from './testing/run-plan.ts';

async function opened(options: DoubleOptions): Promise<{ clock: FakeClock; agent: AgentDouble; link: Link }> {
  const clock = new FakeClock();
  const agent = new AgentDouble(options);
  const link = await openLink(agent, {
    deviceId: 'bench-7', signal: new AbortController().signal, clock, helloTimeoutMs: 2000, replyTimeoutMs: 500, silenceMs: 10_000,
  });
  return { clock, agent, link };
}

async function failure(promise: Promise<unknown>, clock: FakeClock, ms: number): Promise<HilError> {
  const caught = promise.then(() => undefined, (error: unknown) => error);
  await clock.advance(ms);
  return (await caught) as HilError;
}

const progress = (nonce: number, done: number): Buffer => encodeFrame(ANSWER.progress, 0, new FieldWriter(10).u32(nonce).u32(done).u16(2).done());

t.test('a long run lives as long as progress comes', async (t) => {
  let finish = (): void => {};
  let nonce = 0;
  const { clock, agent, link } = await opened({ computing: (n) => new Promise((resolve) => ((nonce = n), (finish = resolve))) });
  const seen: number[] = [];
  const running = link.run(runPlan(), { onProgress: (p) => seen.push(p.done) });
  for (let i = 0; i < 10; i++) {
    await clock.advance(9000);
    agent.push(progress(nonce, i));
    agent.push(progress(nonce + 1, 99)); // of another run
  }
  await clock.advance(9000);
  agent.push('still here\n'); // text is a sign of life too
  await clock.advance(9000);
  finish();
  await clock.advance(0);
  t.equal((await running).done, 4);
  t.strictSame(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  t.equal(agent.runs, 1, 'questions in between start nothing');
  t.ok(link.stats.runSeconds > 100);
  t.ok(agent.overflow === 0, 'and stay within the window');
  await link.close();
});

t.test('a lost RUN_DONE or RUN is asked for again after silence, and runs once', async (t) => {
  let lose = 3;
  const { clock, agent, link } = await opened({
    misbehave: (frame) => (frame.type === REQUEST.run && lose-- > 0 ? [] : 'serve'),
  });
  const running = link.run(runPlan());
  await clock.advance(8000);
  t.equal((await running).status, 0);
  t.equal(agent.runs, 1);
  t.equal(link.stats.resent, 3);
  const runs = agent.seen.filter((f) => f.type === REQUEST.run);
  t.ok(runs.every((f) => f.seq === runs[0]?.seq && f.payload.equals(runs[0].payload)), 'the same bytes each time');
  await link.close();
});

t.test('silence ends a run', async (t) => {
  const { clock, link } = await opened({ computing: () => new Promise(() => {}) });
  const error = await failure(link.run(runPlan(), { silenceMs: 3000 }), clock, 3100);
  t.match(error, { kind: 'bench', code: 'link.silent', message: /bench-7.*3000 ms/ });
  t.equal(await failure(link.run(runPlan()), clock, 0), error);
  t.equal(clock.pending, 0);
});

t.test('garbage is no sign of life', async (t) => {
  const { clock, agent, link } = await opened({ computing: () => new Promise(() => {}) });
  const running = failure(link.run(runPlan(), { silenceMs: 3000 }), clock, 3500);
  agent.push(Buffer.from('00fefefe00fdfd00', 'hex'));
  t.equal((await running).code, 'link.silent');
  t.ok(link.stats.damaged > 0);
});

t.test('a deadline ends a run in spite of progress', async (t) => {
  let nonce = 0;
  const { clock, agent, link } = await opened({ computing: (n) => ((nonce = n), new Promise(() => {})) });
  const running = link.run(runPlan(), { deadlineMs: 1000 });
  await clock.advance(500);
  agent.push(progress(nonce, 3));
  const error = await failure(running, clock, 501);
  t.match(error, { kind: 'bench', code: 'link.run-deadline', message: /3 samples/ });
});

t.test('nothing but the RUN is sent while it computes', async (t) => {
  let finish = (): void => {};
  const { clock, agent, link } = await opened({ computing: () => new Promise((resolve) => (finish = resolve)) });
  const before = link.write(0, Buffer.alloc(3000, 1));
  const running = link.run(runPlan());
  const after = link.write(100, Buffer.alloc(10));
  await clock.advance(0);
  const types = agent.seen.map((f) => f.type);
  t.equal(types.at(-1), REQUEST.run);
  t.ok(types.lastIndexOf(REQUEST.write) < types.indexOf(REQUEST.run), 'what came before is answered first');
  finish();
  await Promise.all([before, running, after]);
  t.equal(agent.seen.at(-1)?.type, REQUEST.write);
  await link.close();
});

t.test('FAULT and HANG reject what is outstanding, and everything later', async (t) => {
  for (const [type, code] of [[ANSWER.fault, 'target.fault'], [ANSWER.hang, 'target.hang']] as const) {
    const { clock, agent, link } = await opened({ computing: () => new Promise(() => {}) });
    const running = failure(link.run(runPlan()), clock, 0);
    const w = new FieldWriter(100).u32(3);
    for (let i = 0; i < 18; i++) w.u32(0x08000000 + i);
    agent.send(type, 0, w.u32(1).u16(0).u16(7).u32(2).u32(1).u64(500).done());
    const error = await running;
    t.match(error, { kind: 'target', code, facts: { fault: { kind: 3, layer: 7, sample: 2, registers: { pc: 0x08000006 } } } });
    t.match(error.message, /bench-7.*layer 7, pc 0x08000006/);
    t.equal(await failure(link.read(0, 4), clock, 0), error);
  }
  const idle = await opened({});
  idle.agent.send(ANSWER.fault, 0, Buffer.alloc(3));
  await idle.clock.advance(0);
  t.match(await failure(idle.link.read(0, 4), idle.clock, 0), { kind: 'bench', code: 'link.malformed' });
});
