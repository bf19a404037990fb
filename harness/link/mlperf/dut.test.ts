import { randomBytes } from 'node:crypto';
import { duplexPair } from 'node:stream';
import type { Duplex } from 'node:stream';
import t, { type Test } from 'tap';
import { systemClock } from '../clock.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { faultyWire } from '../testing/faulty-wire.ts';
import { HilError } from '../../errors.ts';
import { openDut, type Dut, type DutOptions } from './index.ts';
import { startStandIn } from './testing/stand-in.ts';

/** Long enough for a busy machine; the tests that wait for a deadline set their own. */
const patient = { readyMs: 20_000, replyMs: 10_000 };
const payload = Uint8Array.from({ length: 490 }, (_, i) => (i * 37) & 255);
const INFER_MS = 10_000;

t.setTimeout(120_000);

function options(more: Partial<DutOptions> = {}): DutOptions {
  return { deviceId: 'board', signal: new AbortController().signal, clock: systemClock, timeouts: patient, ...more };
}

async function open(t: Test, behaviour: Readonly<Record<string, unknown>>, more: Partial<DutOptions> = {}): Promise<Dut> {
  const dut = await openDut(startStandIn(t, behaviour), options(more));
  t.teardown(() => dut.close());
  return dut;
}

t.test('name, model, load, results and times', async (t) => {
  const dut = await open(t, { inferUs: 164286 });
  t.match(dut, { name: 'unspecified', model: 'kws01', profile: 'ULPMark for tinyML Firmware V0.0.1' });
  t.strictSame(await dut.load(payload), { commands: 16, resent: 0, attempts: 1 });
  const { numbers, elapsedUs } = await dut.infer(70, 10, INFER_MS);
  t.equal(elapsedUs, 70 * 164286);
  t.strictSame(numbers.map(({ value }) => value), [0, 0, 0, 0, 0, 0.996, 0, 0, 0, 0, 0, 0]);
  t.equal(await dut.timestamp(), 1000000 + 80 * 164286);
  t.equal(dut.stats.echoes, false);
  t.equal(dut.stats.strayLines, 0);
});

t.test('what firmware does that is allowed', async (t) => {
  const cases: [string, Record<string, unknown>, Partial<DutOptions>, (dut: Dut, t: Test) => void][] = [
    ['an echo of every character', { echo: true }, {}, (dut, t) => t.equal(dut.stats.echoes, true)],
    ['behind an IO manager', { ioManager: true }, { throughIoManager: true }, () => undefined],
    ['energy mode: no stamps', { energy: true }, {}, () => undefined],
    ['noise and text of the boot', { bootMs: 300, bootNoise: '\xff\x00\xfeboot v1\r\nInitialized\r\n' }, { timeouts: { readyMs: 20_000, replyMs: 10_000 } }, () => undefined],
    ['prints after m-ready, with and without a newline', { afterReady: 'heap 1234\r\ntask' }, {}, (dut, t) => t.ok(dut.stats.strayLines > 0)],
    ['a first question that the boot swallows, and one that it answers late', { bootMs: 300, ignoreCommand: 1 }, { timeouts: { readyMs: 20_000, replyMs: 10_000 } }, (dut, t) => t.equal(dut.stats.strayLines, 0)],
    ['a reply to profile whose end is lost', { noReadyOn: 'profile' }, { timeouts: { readyMs: 20_000, replyMs: 500 } }, () => undefined],
    ['a print in every reply', { extraLine: 'debug: m-read e-mail the-[x]' }, {}, () => undefined],
    ['three bytes at a time', { chunkBytes: 3 }, {}, () => undefined],
  ];
  for (const [what, behaviour, more, check] of cases) {
    await t.test(what, async (t) => {
      const dut = await open(t, behaviour, more);
      t.equal((await dut.load(payload)).attempts, 1);
      const { numbers, elapsedUs } = await dut.infer(1, 0, INFER_MS);
      t.equal(numbers[5]?.value, 0.996);
      t.equal(elapsedUs, behaviour['energy'] === true ? null : 150000);
      check(dut, t);
    });
  }
});

t.test('a counter of 32 bits goes round', async (t) => {
  const dut = await open(t, { startUs: 2 ** 32 - 1000 });
  await dut.load(payload);
  t.equal((await dut.infer(1, 0, INFER_MS)).elapsedUs, 150000);
});

t.test('the forms in which results are printed', async (t) => {
  const dut = await open(t, { firstResults: ['0.250,0.750,', '9.96e-01,1', '-0.5, .25'] });
  await dut.load(payload);
  t.strictSame((await dut.infer(1, 0, INFER_MS)).numbers, [{ value: 0.25, step: 0.001 }, { value: 0.75, step: 0.001 }]);
  t.strictSame((await dut.infer(1, 0, INFER_MS)).numbers, [{ value: 0.996, step: 0.001 }, { value: 1, step: 1 }]);
  t.strictSame((await dut.infer(1, 0, INFER_MS)).numbers, [{ value: -0.5, step: 0.1 }, { value: 0.25, step: 0.01 }]);
});

t.test('bytes that the line loses or changes', async (t) => {
  await t.test('a lost character is refused, and the command sent again', async (t) => {
    const dut = await open(t, { dropEvery: 100, drops: 4 });
    const report = await dut.load(payload);
    t.ok(report.resent > 0);
  });
  await t.test('a byte stored wrongly is found by reading back', async (t) => {
    const dut = await open(t, { corruptByte: 200, corruptLoads: 1 });
    t.equal((await dut.load(payload)).attempts, 2);
  });
  await t.test('and not without', async (t) => {
    const dut = await open(t, { corruptByte: 200, corruptLoads: 1 }, { readBack: false });
    t.equal((await dut.load(payload)).attempts, 1);
  });
  await t.test('it gives up', async (t) => {
    const dut = await open(t, { corruptByte: 200, corruptLoads: 99 });
    await t.rejects(dut.load(payload), { kind: 'bench', code: 'dut.load-failed', message: /3 attempts: byte 200 is \d+ in the buffer and was sent as/ });
  });
  await t.test('a reply to a command that does not come: asked for the name, and loaded anew', async (t) => {
    const dut = await open(t, { ignoreCommand: 9 }, { timeouts: { readyMs: 20_000, replyMs: 500 } });
    t.equal((await dut.load(payload)).attempts, 2);
  });
  await t.test('damaged results are asked for again', async (t) => {
    const dut = await open(t, { firstResults: ['0.2\x010,0.7', '0.2-,0.7'] });
    await dut.load(payload);
    t.equal((await dut.infer(1, 0, INFER_MS)).numbers[5]?.value, 0.996);
    const worse = await open(t, { results: '0.99x' });
    await worse.load(payload);
    await t.rejects(worse.infer(1, 0, INFER_MS), { kind: 'bench', code: 'dut.damaged-results' });
  });
});

t.test('what ends in an error, with its name', async (t) => {
  const quick = { timeouts: { readyMs: 700, replyMs: 400 } };
  await t.rejects(open(t, { deafFrom: 0 }, quick), { kind: 'bench', code: 'dut.silent', message: /device board: no m-ready within 700 ms/ });
  await t.rejects(open(t, { bootMs: 60_000 }, quick), { code: 'dut.silent' });
  await t.rejects(open(t, { noReadyOn: 'profile', noReadyAgain: true }, quick), { code: 'dut.no-reply' });
  await t.rejects(open(t, { ioManager: true }, quick), { code: 'dut.not-ready', message: /m-name-\[io\]/ }, 'an IO manager that nobody spoke of');
  await t.rejects(open(t, { babbleOn: 'name' }), { code: 'dut.babble' });
  await t.rejects(open(t, { exitOn: 'profile' }), { kind: 'bench', code: 'dut.closed' });

  const deaf = await open(t, { deafFrom: 4 }, quick);
  await t.rejects(deaf.load(payload), { code: 'dut.no-reply' });

  const small = await open(t, { maxBytes: 100 });
  await t.rejects(small.load(payload), { kind: 'bench', code: 'dut.refused', message: /Supplied buffer size 490 exceeds maximum of 100/ });

  for (const token of ['nan', '-inf', 'NaN']) {
    const odd = await open(t, { results: `0.1,${token}` });
    await odd.load(payload);
    await t.rejects(odd.infer(1, 0, INFER_MS), { kind: 'target', code: 'target.not-finite' });
  }
  const aborted = new AbortController();
  const dut = await open(t, { deafFrom: 2 }, { signal: aborted.signal });
  setTimeout(() => aborted.abort(), 50);
  await t.rejects(dut.infer(1, 0, INFER_MS), { kind: 'cancelled', code: 'dut.cancelled' });
});

t.test('a silent board is given up by the clock, and leaves no timer', async (t) => {
  const clock = new FakeClock();
  const [near] = duplexPair();
  const opening = openDut(near, options({ clock, timeouts: { readyMs: 5000, replyMs: 1000 } }));
  const outcome = opening.then(() => 'open', (error: { code: string }) => error.code);
  await clock.advance(5000);
  t.equal(await outcome, 'dut.silent');
  t.equal(clock.pending, 0);
  t.equal(near.destroyed, true);
});

/** The exchange that is described for performance mode, played back in pieces cut at every place. */
t.test('the documented exchange, cut anywhere', async (t) => {
  const script: [RegExp, string][] = [
    [/^name%$/, 'm-name-dut-[unspecified]\r\nm-ready\r\n'],
    [/^profile%$/, 'm-profile-[ULPMark for tinyML Firmware V0.0.1]\r\nm-model-[kws01]\r\nm-ready\r\n'],
    [/^db load 3%$/, 'm-[Expecting 3 bytes]\r\nm-ready\r\n'],
    [/^db 025551%$/, 'm-load-done\r\nm-ready\r\n'],
    [/^db print%$/, 'm-buffer-02-55-51\r\n\r\nm-ready\r\n'],
    [/^infer 70 10%$/, 'm-warmup-start-10\r\nm-warmup-done\r\nm-infer-start-70\r\nm-lap-us-1000000\r\nm-lap-us-11500000\r\nm-infer-done\r\nm-results-[0.000,0.996,0.003]\r\nm-ready\r\n'],
  ];
  const longest = Math.max(...script.map(([, reply]) => reply.length));
  for (let cut = 0; cut <= longest; cut += 1) {
    const [near, far] = duplexPair();
    const left = [...script];
    far.on('data', (chunk: Buffer) => {
      const [question, reply] = left.shift() ?? [/^$/, ''];
      if (!question.test(chunk.toString())) t.fail(`asked ${chunk.toString()}`);
      answerInTwo(far, reply, cut);
    });
    const dut = await openDut(near, options());
    await dut.load(Uint8Array.of(2, 0x55, 0x51));
    const { numbers, elapsedUs } = await dut.infer(70, 10, INFER_MS);
    await dut.close();
    if (elapsedUs !== 10_500_000 || numbers.length !== 3 || left.length !== 0) t.fail(`cut at ${cut}`);
  }
  t.pass(`${longest + 1} cuts`);
});

t.test('the end of the boot and the name in one piece', async (t) => {
  const [near, far] = duplexPair();
  far.on('data', (chunk: Buffer) => {
    const name = 'm-name-dut-[x]\r\nm-ready\r\n';
    if (chunk.toString() === 'name%') far.write(asked++ === 0 ? `m-timestamp-mode-performance\r\nm-init-done\r\nm-ready\r\n${name}` : name);
    else far.write('m-model-[ad01]\r\nm-ready\r\n');
  });
  let asked = 0;
  const dut = await openDut(near, options());
  t.match(dut, { name: 'x', model: 'ad01', profile: null, stats: { strayLines: 0 } });
  await dut.close();
});

function answerInTwo(far: Duplex, reply: string, cut: number): void {
  far.write(reply.slice(0, cut));
  setImmediate(() => far.write(reply.slice(cut)));
}

/** A line that loses, changes, doubles and cuts: every question ends, in time, and a load that is called done has the bytes. */
t.test('a bad line', async (t) => {
  const outcomes = new Map<string, number>();
  await Promise.all(Array.from({ length: 8 }, async (_, seed) => {
    const rate = [0.0003, 0.002][seed % 2] as number;
    const faults = { flip: rate, drop: rate, double: rate, split: 0.05 };
    const { stream } = faultyWire(startStandIn(t, {}), seed + 1, faults, faults);
    let outcome = 'done';
    try {
      const dut = await openDut(stream, options({ timeouts: { readyMs: 20_000, replyMs: 300 }, loadAttempts: 6 }));
      await dut.load(payload.subarray(0, 100));
      const { numbers } = await dut.infer(1, 0, 300);
      if (numbers.length === 0) outcome = 'no numbers';
      await dut.close();
    } catch (error) {
      outcome = error instanceof HilError && error.kind === 'bench' ? error.code : String(error);
    }
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }));
  t.strictSame([...outcomes.keys()].filter((outcome) => !/^(?:done|dut\.(?:no-reply|unexpected|load-failed|refused|damaged-results|not-ready))$/.test(outcome)), []);
  t.ok((outcomes.get('done') ?? 0) >= 3, `most get through: ${JSON.stringify(Object.fromEntries(outcomes))}`);
});

t.test('payloads of any length go through', async (t) => {
  const dut = await open(t, {});
  for (const length of [1, 8, 31, 32, 62, 63, 2560]) {
    t.equal((await dut.load(randomBytes(length))).attempts, 1, `${length} bytes`);
  }
});
