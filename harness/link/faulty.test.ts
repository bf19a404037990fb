import type { Duplex } from 'node:stream';
import t from 'tap';
import type { Test } from 'tap';
import { decodeDigests, digestAuxBytes } from './aux-messages.ts';
import { systemClock } from './clock.ts';
import { crc32 } from './crc32.ts';
import type { Link } from './link.ts';
import { openLink } from './session.ts';
import { AgentDouble } from './testing/agent-double.ts';
import { faultyWire } from './testing/faulty-wire.ts';
import type { Faults } from './testing/faulty-wire.ts';
import { buildNativeAgent, noCompiler, startNativeAgent } from './testing/native-agent.ts';
import { seededBytes } from './testing/random.ts';
import { runPlan } from './testing/run-plan.ts';
import { LinkStream } from './transports/link-stream.ts';

const RATE = 3e-4;
const KINDS: Readonly<Record<string, Faults>> = {
  flips: { flip: RATE },
  drops: { drop: RATE },
  doubles: { double: RATE },
  inserts: { insert: RATE },
  'splits everywhere': { split: 1, flip: RATE / 3 },
  'prints between frames': { print: 0.3, flip: RATE },
  'everything at once': { flip: RATE, drop: RATE, double: RATE, insert: RATE, split: 0.02, print: 0.05 },
};

function open(stream: Duplex, deviceId: string): Promise<Link> {
  return openLink(stream, {
    deviceId, signal: new AbortController().signal, clock: systemClock, helloTimeoutMs: 10_000, helloIntervalMs: 20,
    replyTimeoutMs: 60, silenceMs: 10_000, maxRetries: 60,
  });
}

/** Writes, runs and reads a good deal. @returns all that came back, as text */
async function work(link: Link, run: { readonly inputBytes: number; readonly count: number; readonly taps: number }): Promise<string> {
  const { inputBytes, count, taps } = run;
  const input = seededBytes(42, inputBytes * count).map((byte) => (byte % 100) + 20); // the fixture misbehaves on small ones
  await link.write(0, input);
  await link.write(40_000, seededBytes(43, 20_000));
  const plan = { count, inOffset: 0, outOffset: 16_384, auxOffset: 32_768, auxBytes: digestAuxBytes(taps), limitTicks: 10 ** 10 };
  const done = await link.run(runPlan({ ...plan, mode: taps > 0 ? 'digest' : 'plain' }));
  const again = await link.run(runPlan({ ...plan, mode: 'plain', count: 1 }));
  const digests = decodeDigests(await link.read(32_768, digestAuxBytes(taps)), taps);
  const output = await link.read(16_384, inputBytes * count);
  const echo = await link.read(40_000, 20_000);
  return JSON.stringify({
    status: done.status, done: done.done, inputCrc: done.inputCrc, outputCrc: done.outputCrc, output: crc32(output), digests,
    single: again.outputCrc, echo: echo.equals(seededBytes(43, 20_000)), sent: crc32(input),
  });
}

interface Target {
  readonly name: string;
  readonly work: Parameters<typeof work>[1];
  readonly start: () => Duplex;
}

async function throughNoise(t: Test, target: Target): Promise<void> {
  const clean = await open(target.start(), target.name);
  const expected = await work(clean, target.work);
  t.equal(clean.stats.resent, 0, 'nothing is sent again on a clean wire');
  t.match(JSON.parse(expected), { status: 0, done: target.work.count, echo: true });
  t.equal(JSON.parse(expected).sent, JSON.parse(expected).inputCrc, 'the device saw what was sent');
  await clean.close();
  for (const [name, faults] of Object.entries(KINDS)) {
    for (const [direction, down, up] of [['to', faults, {}], ['from', {}, faults], ['both ways', faults, faults]] as const) {
      const wire = faultyWire(target.start(), 1000 + name.length, down, up);
      const link = await open(wire.stream, target.name);
      const start = performance.now();
      t.equal(await work(link, target.work), expected, `${name} ${direction}: the same result`);
      const ms = Math.round(performance.now() - start);
      t.ok(link.stats.resent > 0, `${name} ${direction}: ${link.stats.resent} of ${link.stats.framesSent} sent again, ${ms} ms`);
      if (faults.print !== undefined && direction !== 'to') t.ok(link.stats.textBytes > 0, 'text came through');
      await link.close();
    }
  }
}


t.test('the stand-in through a bad wire', async (t) => {
  await throughNoise(t, {
    name: 'double', work: { inputBytes: 16, count: 500, taps: 0 },
    start: () => new AgentDouble({ maxPayload: 512, rxWindowBytes: 2048 }),
  });
});

t.test('the real agent', { skip: await noCompiler() }, async (t) => {
  const program = await buildNativeAgent(t.testdir({}));
  const start = (): Duplex => {
    const { stdout, stdin } = startNativeAgent(program);
    return new LinkStream(stdout!, stdin!);
  };

  await t.test('through a bad wire', async (t) => {
    await throughNoise(t, { name: 'native', work: { inputBytes: 4, count: 500, taps: 3 }, start });
  });

  await t.test('a wire that goes silent inside a frame', async (t) => {
    for (const [down, up] of [[{ silentAfter: 3000 }, {}], [{}, { silentAfter: 3000 }]]) {
      const wire = faultyWire(start(), 5, down as Faults, up as Faults);
      const link = await openLink(wire.stream, {
        deviceId: 'native', signal: new AbortController().signal, clock: systemClock, helloTimeoutMs: 5000, replyTimeoutMs: 20,
        silenceMs: 500, maxRetries: 3,
      });
      await t.rejects(work(link, { inputBytes: 4, count: 500, taps: 3 }), { kind: 'bench', code: 'link.no-answer' });
      await link.close();
    }
  });

  await t.test('a wire that is cut inside a frame', async (t) => {
    const wire = faultyWire(start(), 5, {}, { closeAfter: 3000 });
    const link = await open(wire.stream, 'native');
    const began = performance.now();
    await t.rejects(work(link, { inputBytes: 4, count: 500, taps: 3 }), { kind: 'bench', code: 'link.closed' });
    t.ok(performance.now() - began < 1000, 'at once');
  });

  await t.test('death, loops and text of the code under test', async (t) => {
    const misbehave = async (how: number): Promise<[Link, ReturnType<Link['run']>, string[]]> => {
      const logs: string[] = [];
      const link = await openLink(start(), {
        deviceId: 'native', signal: new AbortController().signal, clock: systemClock, helloTimeoutMs: 5000, replyTimeoutMs: 200,
        silenceMs: 5000, onLog: (line) => logs.push(line),
      });
      await link.write(0, Buffer.of(how, 0, 0, 0));
      return [link, link.run(runPlan({ count: 1, limitTicks: 3 * 10 ** 8 })), logs];
    };
    const [, unmapped] = await misbehave(2);
    await t.rejects(unmapped, { kind: 'target', code: 'target.fault', facts: { fault: { hostSignal: true, sample: 0 } } });
    const [, endless] = await misbehave(1);
    await t.rejects(endless, { kind: 'target', code: 'target.hang', facts: { fault: { sample: 0 } } });
    const [link, prints, logs] = await misbehave(6);
    t.equal((await prints).status, 0);
    t.strictSame(logs, ['hello from layer 1']);
    const failing = await misbehave(7);
    t.match(await failing[1], { status: 1, networkStatus: -7, done: 0 });
    await Promise.all([link.close(), failing[0].close()]);
  });
});
