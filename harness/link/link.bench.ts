/**
 * What the link itself costs, on this machine alone: encoding and decoding of frames, and a session with the stand-in
 * agent over an in-process stream, against the same bytes through a bare stream. Prints one JSON object.
 */
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { systemClock } from './clock.ts';
import { decodeRecord, encodeFrame } from './frame.ts';
import { openLink } from './session.ts';
import { splitRecords } from './splitter.ts';
import { AgentDouble } from './testing/agent-double.ts';
import { seededBytes } from './testing/random.ts';

const PAYLOAD = 4096;
const FRAMES = 5000;
const payload = seededBytes(1, PAYLOAD);
const megabytes = (PAYLOAD * FRAMES) / 1e6;

/** Seconds that `work` takes: the least of five. */
async function seconds(work: () => unknown): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    await work();
    least = Math.min(least, (performance.now() - start) / 1000);
  }
  return least;
}

const wires = Array.from({ length: FRAMES }, (_, i) => encodeFrame(0x84, (i % 255) + 1, payload));
const encode = await seconds(() => {
  for (let i = 0; i < FRAMES; i++) encodeFrame(0x84, (i % 255) + 1, payload);
});
const decode = await seconds(() => {
  for (const wire of wires) if (decodeRecord(wire.subarray(1, -1)) === null) throw new Error('not decoded');
});
const copy = await seconds(() => pipeline(Readable.from(wires, { objectMode: false }), new PassThrough(), async (source) => {
  for await (const chunk of source) void chunk;
}));
let frames = 0;
const split = await seconds(async () => {
  frames = 0;
  await splitRecords(Readable.from(wires, { objectMode: false }), { frame: () => void (frames += 1), text: () => {}, damaged: () => {} });
});
if (frames !== FRAMES) throw new Error(`${frames} frames`);

const agent = new AgentDouble({ maxPayload: 4096, rxWindowBytes: 16_384, poolBytes: 1 << 24 });
const link = await openLink(agent, {
  deviceId: 'bench', signal: new AbortController().signal, clock: systemClock, helloTimeoutMs: 5000, replyTimeoutMs: 1000, silenceMs: 5000,
});
const data = seededBytes(2, 8_000_000);
const write = await seconds(() => link.write(0, data));
const read = await seconds(() => link.read(0, data.length));
await link.close();

const round = (value: number): number => Math.round(value * 10) / 10;
console.log(JSON.stringify({
  name: 'link', payloadBytes: PAYLOAD,
  encode: { framesPerSecond: Math.round(FRAMES / encode), megabytesPerSecond: round(megabytes / encode) },
  decode: { framesPerSecond: Math.round(FRAMES / decode), megabytesPerSecond: round(megabytes / decode) },
  bareStream: { megabytesPerSecond: round(megabytes / copy) },
  splitter: { megabytesPerSecond: round(megabytes / split), timesBareStream: round(split / copy) },
  session: { writeMegabytesPerSecond: round(data.length / 1e6 / write), readMegabytesPerSecond: round(data.length / 1e6 / read), resent: link.stats.resent },
}, null, 2));
