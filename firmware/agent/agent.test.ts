import { execa } from 'execa';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import t from 'tap';
import type { Test } from 'tap';
import { decodeDigests, decodeLayerTimes, decodeSampleTicks, type TapDigest } from '../../harness/link/aux-messages.ts';
import { digestOf, digestOfViews } from '../../harness/link/digest.ts';
import { encodeFrame } from '../../harness/link/frame.ts';
import { decodeRunDone, encodeRun } from '../../harness/link/run-messages.ts';
import { compileNative, has } from './fixtures/compile.ts';
import { BAUD, BOOT, COPY, COPY_OK, DAMAGED, HELLO, HELLO_OK, NETWORK, READ, REFUSED, RUN, RUN_DONE, Wire, plainRun, readPayload, split, u32, writePayload } from './fixtures/wire.ts';

if (!(await has('gcc'))) {
  t.pass('no gcc here', { skip: 'needs gcc' });
  process.exit(0);
}
const dir = t.testdir({});
const pipe = join(dir, 'pipe');
await compileNative('pipe_main.c', pipe, ['-DDUMMY_TAME', '-fsanitize=address,undefined', '-fno-sanitize-recover=all']);

const samples = [[20, 21, 22, 23], [30, 31, 32, 33], [40, 0, 0, 255]].map((row) => Buffer.from(row));
const sums = samples.map((row, k) => row.map((x) => x + k));
const doubles = sums.map((row) => row.map((x) => 2 * x));
const bytesOf = (rows: Uint8Array[]): Buffer => Buffer.concat(rows);
/** Layer 1 is shown twice: after its even elements, then after all; the odd ones are those of the sample before. */
const shown = doubles.flatMap((row, k) => [Buffer.from(row.map((x, i) => (i % 2 === 0 ? x : (doubles[k - 1]?.[i] ?? 0)))), Buffer.from(row)]);
const counters = bytesOf(samples.map((_, k) => u32(k + 1)));

function start(t: Test, program: string): Wire {
  const child = execa(program, [], { encoding: 'buffer', buffer: false, reject: false });
  t.teardown(async () => {
    child.kill('SIGKILL');
    await child;
  });
  return new Wire(child.stdout, child.stdin);
}

t.test('every mode shows the same invocations', async (t) => {
  const wire = start(t, pipe);
  t.equal((await wire.write(0, bytesOf(samples))).type, 0x83);
  const inputCrc = crc32(bytesOf(samples));
  const outputCrc = crc32(bytesOf(doubles));
  const run = { count: 3 } as const;

  const plain = decodeRunDone((await wire.run(1, run)).payload);
  t.match(plain, { status: 0, done: 3, inputCrc, outputCrc, lastLayer: 0xffff, stackBytes: null });
  t.strictSame(await wire.read(64, 12), bytesOf(doubles));

  const taps = (aux: Buffer): unknown => decodeDigests(aux, 3);
  t.match(decodeRunDone((await wire.run(2, { ...run, mode: 'digest' })).payload), { status: 0, inputCrc, outputCrc, lastLayer: 2 });
  const digests = taps(await wire.read(256, 24));
  t.match((digests as TapDigest[])[0], { value: digestOfViews(bytesOf(sums), 4), bytes: 12 });
  t.match((digests as TapDigest[])[2], { value: digestOfViews(counters, 4), bytes: 12 });

  await wire.write(256, Buffer.alloc(200, 0x55));
  const whole = Buffer.concat(samples.flatMap((_, k) => [sums[k]!, counters.subarray(4 * k, 4 * k + 4)]));
  const capture = { ...run, mode: 'capture', mask: Uint8Array.of(0b101) } as const;
  t.match(decodeRunDone((await wire.run(3, capture)).payload), { captureBytes: 24 });
  t.strictSame((await wire.read(256 + 24, 28)), Buffer.concat([whole, Buffer.alloc(4, 0x55)]));
  t.strictSame(taps(await wire.read(256, 24)), digests, 'capture takes the same digests');
  await wire.run(4, { ...capture, captureSkip: 5, auxBytes: 24 + 6 });
  t.strictSame((await wire.read(256 + 24, 7)), Buffer.concat([whole.subarray(5, 11), whole.subarray(6, 7)]), 'a window of the stream');

  await wire.run(5, { ...run, mode: 'capture', mask: Uint8Array.of(0b010) });
  t.strictSame((await wire.read(256 + 24, 24)).subarray(4), bytesOf(shown).subarray(4), 'occurrences follow each other');

  // The clock counts its readings: one a stamp, however much work lies between.
  const total = decodeRunDone((await wire.run(6, { ...run, mode: 'time-total' })).payload);
  t.strictSame(decodeSampleTicks(await wire.read(256, 12), 3), [0, 0, 0]);
  t.equal(total.totalTicks, 0);
  await wire.run(7, { ...run, mode: 'time-layers' });
  const times = decodeLayerTimes(await wire.read(256, 16 + 72), 3);
  t.match(times, { tickSum: 3 * 8, samples: 3, stampTicks: 1, layers: [{ sum: 3, min: 1, max: 1, calls: 3 }, { calls: 6 }, { calls: 3 }] });
});

t.test('state is reset, saved and restored; a nonce runs once', async (t) => {
  const wire = start(t, pipe);
  await wire.write(0, Buffer.alloc(12));
  await wire.run(1, { count: 3 });
  await wire.run(2, { reset: false, saveState: true });
  t.strictSame(await wire.read(128, 4), u32(3));
  t.strictSame(await wire.read(64, 1), Buffer.of(6));
  const again = await wire.run(2, { reset: false, saveState: true });
  t.equal(decodeRunDone(again.payload).nonce, 2);
  await wire.run(3, { reset: false });
  t.strictSame(await wire.read(64, 1), Buffer.of(8), 'the repeated RUN did not run');
  await wire.run(4, { reset: false, restoreState: true });
  t.strictSame(await wire.read(64, 1), Buffer.of(6));
  t.equal(decodeRunDone((await wire.run(5, { network: 1, count: 2, inOffset: 0xffffffff })).payload).status, 0, 'no inputs: no offset to check');
  t.strictSame(await wire.read(64, 2), Buffer.of(0xa6, 0xa6), 'outputs are poisoned before each invocation');
});

t.test('memory is filled with another byte before each sample, and inputs and state stay', async (t) => {
  const wire = start(t, pipe);
  t.strictSame([(await wire.ask(NETWORK, Buffer.of(0, 0))).payload[59], (await wire.ask(NETWORK, Buffer.of(1, 0))).payload[59]], [1, 0], 'which network tells of its scratch memory');
  await wire.write(0, bytesOf(samples));
  for (const [k, fill] of ([0x00, 0x55, 0xa5, 0xff] as const).entries()) {
    const done = decodeRunDone((await wire.run(10 + k, { count: 3, mode: 'capture', mask: Uint8Array.of(0b010), fill })).payload);
    t.match(done, { status: 0, inputCrc: crc32(bytesOf(samples)), outputCrc: crc32(bytesOf(doubles)) });
    // Layer 1 shows its even elements first; the odd ones are what was in its buffer.
    t.strictSame(await wire.read(256 + 24, 24), bytesOf(doubles.flatMap((row) => [Buffer.from(row.map((x, i) => (i % 2 === 0 ? x : fill))), Buffer.from(row)])));
    t.equal(done.digest, digestOf(await wire.read(256, 24)), 'the digest of the digests');
    await wire.run(20 + k, { network: 1, fill });
    t.strictSame(await wire.read(64, 1), Buffer.of((fill + 1) & 0xff), 'outputs too');
  }
});

t.test('failures of the network are told apart', async (t) => {
  const wire = start(t, pipe);
  await wire.write(0, Buffer.of(20, 0, 0, 0, 7, 0, 0, 0));
  t.match(decodeRunDone((await wire.run(1, { count: 2, mode: 'digest' })).payload), { status: 1, networkStatus: -7, done: 1, lastLayer: 0 });
  await wire.write(0, Buffer.of(8));
  t.match(decodeRunDone((await wire.run(2, { mode: 'digest' })).payload), { status: 2, done: 0, lastLayer: 1 });
  t.equal(decodeRunDone((await wire.run(3, { mode: 'time-layers' })).payload).status, 2);
});

t.test('what is out of bounds is refused', async (t) => {
  const wire = start(t, pipe);
  const refused = async (type: number, payload: Buffer): Promise<number> => {
    const frame = await wire.ask(type, payload);
    t.equal(frame.type, REFUSED);
    t.equal(frame.payload[0], type);
    return frame.payload[1]!;
  };
  const run = async (request: Parameters<Wire['run']>[1]): Promise<number> => {
    const frame = await wire.run(9, request);
    return frame.type === REFUSED ? frame.payload[1]! : 0;
  };
  t.equal(await refused(0x2a, Buffer.alloc(0)), 1);
  t.equal(await refused(HELLO, Buffer.alloc(3)), 2);
  t.equal(await refused(NETWORK, Buffer.of(2, 0)), 4);
  t.equal(await refused(READ, readPayload(0xffffffff, 2)), 3);
  t.equal(await refused(READ, readPayload(4090, 7)), 3);
  t.equal(await refused(READ, readPayload(0, 252)), 3, 'more than an answer may carry');
  t.equal(await refused(3, writePayload(4095, Buffer.alloc(2))), 3);
  t.equal(await refused(3, Buffer.of(1, 0, 0, 0, 0)), 5, 'no such space');
  t.equal(await refused(RUN, Buffer.alloc(53)), 2);
  t.equal(await run({ network: 2 }), 4);
  t.equal(await run({ count: 0x40000001 }), 3, 'count * bytes leaves 32 bits');
  t.equal(await run({ inOffset: 0xfffffffc, count: 1 }), 3);
  t.equal(await run({ outOffset: 4093 }), 3);
  t.equal(await run({ stateOffset: 4093, saveState: true }), 3);
  t.equal(await run({ stateOffset: 4093 }), 0, 'an area that is not used may be anywhere');
  t.equal(await run({ mode: 'digest', auxBytes: 0xffffff00 }), 0, 'but its nonce was answered already');
  const odd = encodeRun(12, { ...plainRun });
  odd[7] = 32; // which byte, and no order to fill
  t.equal(await refused(RUN, odd), 5);
  const next = async (request: Parameters<Wire['run']>[1]): Promise<number> => (await wire.run(11, request)).payload[1]!;
  t.equal(await next({ mode: 'digest', auxBytes: 0xffffff00 }), 3);
  t.equal(await next({ mode: 'digest', auxBytes: 23 }), 5);
  t.equal(await next({ mode: 'time-total', count: 100, auxBytes: 399 }), 5);
  t.equal(await next({ mode: 'time-layers', auxBytes: 16 + 71 }), 5);
  t.equal(await next({ mode: 'capture', mask: Uint8Array.of(8) }), 5, 'a tap that there is not');
});

/** All frames in reply to these bytes, followed by a HELLO that shows that the agent lives; without the BOOT before them all. */
async function replies(bytes: Buffer): Promise<ReturnType<typeof split>> {
  const { stdout } = await execa(pipe, [], { input: Buffer.concat([bytes, encodeFrame(HELLO, 255, u32(0xfeedbeef))]), encoding: 'buffer', maxBuffer: 2e8, timeout: 120_000 });
  const { frames: [boot, ...frames], text } = split(Buffer.from(stdout));
  if (boot?.type !== BOOT) throw new Error(`the first frame is no BOOT but ${boot?.type}`);
  return { frames, text };
}

t.test('the preload is copied into the pool, within the bounds of both', async (t) => {
  const wire = start(t, pipe);
  const copy = (space: number, from: number, to: number, count: number): Promise<{ type: number; payload: Buffer }> =>
    wire.ask(COPY, Buffer.concat([Buffer.of(space), u32(from, to, count)]));
  const hello = await wire.ask(HELLO, u32(1));
  t.equal(hello.payload.readUInt16LE(38) & 24, 16, 'a preload, and no other speed');
  for (const at of [0, 200]) await wire.write(at, Buffer.alloc(200, 0x55));
  const done = await copy(1, 3, 7, 250);
  t.strictSame([done.type, done.payload], [COPY_OK, u32(7, 250)]);
  const back = Buffer.concat([await wire.read(0, 200), await wire.read(200, 100)]);
  const preload = Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 7) & 0xff)); // as pipe_main.c fills it
  t.strictSame(back, Buffer.concat([Buffer.alloc(7, 0x55), preload.subarray(3, 253), Buffer.alloc(43, 0x55)]));
  t.strictSame((await copy(1, 300, 4096, 0)).payload, u32(4096, 0), 'nothing may be copied from and to the very end');
  for (const [space, from, to, count, reason] of [
    [0, 0, 0, 1, 5], [2, 0, 0, 1, 5], [1, 0, 0, 301, 3], [1, 300, 0, 1, 3], [1, 0xffffffff, 0, 2, 3], [1, 1, 0, 0xffffffff, 3], [1, 0, 4000, 97, 3], [1, 0, 0xffffffff, 2, 3],
  ] as const) {
    const refused = await copy(space, from, to, count);
    t.strictSame([refused.type, ...refused.payload], [REFUSED, COPY, reason], `${[space, from, to, count]}`);
  }
  t.strictSame([...(await wire.ask(COPY, Buffer.alloc(12))).payload], [COPY, 2]);
  t.strictSame([...(await wire.ask(BAUD, u32(9600))).payload], [BAUD, 1], 'a line without a speed');
});

t.test('noise is survived, and answered at most once a delimiter', async (t) => {
  const hello = encodeFrame(HELLO, 1, u32(1));
  const types = async (...parts: (string | Uint8Array)[]): Promise<number[]> =>
    (await replies(Buffer.concat(parts.map((part) => Buffer.from(part as string))))).frames.map((frame) => frame.type);
  t.strictSame(await types(Buffer.alloc(9)), [HELLO_OK]);
  t.strictSame(await types('a line of text\n', hello, 'more\r\n', hello), [HELLO_OK, HELLO_OK, HELLO_OK]);
  t.strictSame(await types(Buffer.of(1, 2, 3, 0)), [HELLO_OK], 'a scrap');
  t.strictSame(await types(hello.subarray(0, 8)), [DAMAGED, HELLO_OK], 'a frame cut short, ended by the next');
  const flipped = Buffer.from(hello);
  flipped[5]! ^= 0x40;
  t.strictSame(await types(flipped), [DAMAGED, HELLO_OK]);
  const long = await replies(Buffer.concat([Buffer.of(0), Buffer.alloc(5000, 0xee), Buffer.of(0)]));
  t.strictSame(long.frames.map(({ type, payload }) => [type, payload[0]]), [[DAMAGED, 2], [HELLO_OK, 0xef]]);
  t.strictSame(await types(encodeFrame(HELLO_OK, 1, u32(1)), encodeFrame(RUN_DONE, 1, Buffer.alloc(48))), [HELLO_OK], 'its own echo');
});

t.test('120,000 mutated frames do not crash it', async (t) => {
  let seed = 12345;
  const random = (n: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % n;
  };
  const noise = (n: number): Buffer => Buffer.from(Array.from({ length: n }, () => random(256)));
  const modes = ['plain', 'digest', 'capture', 'time-total', 'time-layers'] as const;
  const requests: (() => [number, Buffer])[] = [
    () => [HELLO, u32(random(100))], () => [COPY, Buffer.concat([Buffer.of(random(2)), u32(random(400), random(4200), random(400))])], () => [NETWORK, Buffer.of(random(3), 0)],
    () => [3, writePayload(random(4096), noise(random(60)))], () => [READ, readPayload(random(4096), random(100))],
    () => [RUN, encodeRun(random(1e9), {
      ...plainRun, network: random(2), mode: modes[random(5)]!, count: random(12), saveState: random(2) === 0, fill: ([undefined, 0, 0x55, 0xa5, 0xff] as const)[random(5)], paintStack: random(2) === 0,
      restoreState: random(2) === 0, captureSkip: random(40), limitTicks: random(9), mask: noise(random(2)),
    })],
  ];
  const parts: Buffer[] = [];
  for (let k = 0; k < 120_000; k++) {
    const [type, payload] = requests[random(requests.length)]!();
    const how = random(6);
    // Wrong numbers under a right CRC, ...
    if (how < 2 && payload.length > 0) for (let i = random(3); i >= 0; i--) payload[random(payload.length)] = [0, 1, 0x7f, 0xff, random(256)][random(5)]!;
    if (how === 2) { parts.push(encodeFrame(random(255) + 1, random(256), payload.subarray(0, random(payload.length + 1)))); continue; }
    const frame = encodeFrame(type, random(256), payload);
    // ... and damage on the wire.
    if (how === 3) for (let i = random(4); i >= 0; i--) frame[random(frame.length)] = random(256);
    if (how === 4) { parts.push(frame.subarray(0, random(frame.length)), random(8) === 0 ? noise(random(400)) : Buffer.alloc(0)); continue; }
    parts.push(frame);
  }
  const { frames } = await replies(Buffer.concat(parts));
  const last = frames.at(-1)!;
  t.equal(last.type, HELLO_OK);
  t.equal(last.payload.readUInt32LE(0), 0xfeedbeef);
  const count = (type: number): number => frames.filter((frame) => frame.type === type).length;
  t.ok(count(RUN_DONE) > 5000 && count(REFUSED) > 5000 && count(DAMAGED) > 5000, `runs ${count(RUN_DONE)}, refused ${count(REFUSED)}, damaged ${count(DAMAGED)}`);
});

t.test("the agent is a guest in somebody else's main loop", async (t) => {
  const foreign = join(dir, 'foreign');
  await compileNative('foreign_main.c', foreign);
  const wire = start(t, foreign);
  const hello = await wire.ask(HELLO, u32(77));
  t.equal(hello.type, HELLO_OK);
  t.equal(hello.payload.readUInt16LE(6), 64, 'the smallest maxPayload');
  t.equal(hello.payload.readUInt16LE(38), 0, 'neither paint, hang nor fault is promised');
  t.match((await wire.ask(NETWORK, Buffer.of(0, 0))).payload.subarray(60).toString('latin1'), '\x03dum', 'the name is cut to fit');
  await wire.write(0, samples[0]!);
  t.match(decodeRunDone((await wire.run(1, { mode: 'digest' })).payload), { status: 0, outputCrc: crc32(doubles[0]!) });
  t.equal(decodeRunDone((await wire.run(2, { paintStack: true })).payload).stackBytes, null);
  while (!/work \d+/.test(wire.text)) await new Promise((resolve) => setTimeout(resolve, 10));
  const [, work, idle] = /work (\d+), idle polls (\d+)/.exec(wire.text)!.map(Number);
  t.ok(idle! > work! / 2, 'its own work goes on between');
});

t.test('the headers are C++ too', { skip: !(await has('g++')) && 'needs g++' }, async (t) => {
  const { agentDir } = await import('./fixtures/compile.ts');
  await execa('g++', ['-std=c++17', '-Wall', '-Wextra', '-Wpedantic', '-Werror', '-fsyntax-only', `-I${agentDir}`, '-x', 'c++', '-'], {
    input: '#include "hil_agent.h"\n#include "hil_bytes.h"\n#include "hil_crc32.h"\n#include "hil_digest.h"\nint main() { hil_agent a; return sizeof a == 0; }\n',
  });
  t.pass();
});
