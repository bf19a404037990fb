import { Readable } from 'node:stream';
import fc from 'fast-check';
import t from 'tap';
import { crc32 } from './crc32.ts';
import { cobsDecode } from './cobs.ts';
import { encodeFrame } from './frame.ts';
import type { Frame } from './frame.ts';
import { splitRecords } from './splitter.ts';
import type { SplitOptions } from './splitter.ts';
import { seededBytes, seededRandom } from './testing/random.ts';
import { LogLines, MAX_LINE_CHARACTERS, MAX_LINES, Sample } from './text.ts';

interface Sorted {
  readonly frames: Frame[];
  readonly texts: string[];
  readonly damaged: number[];
}

async function sort(chunks: readonly Uint8Array[], options?: SplitOptions): Promise<Sorted> {
  const sorted: Sorted = { frames: [], texts: [], damaged: [] };
  await splitRecords(Readable.from(chunks.map((c) => Buffer.from(c)), { objectMode: false }), {
    frame: (frame) => sorted.frames.push(frame),
    text: (bytes) => sorted.texts.push(bytes.toString('utf8')),
    damaged: (bytes) => sorted.damaged.push(bytes),
  }, options);
  return sorted;
}

const frame = (seq: number, length = 20): Buffer => encodeFrame(0x84, seq, seededBytes(seq, length));
const chop = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

t.test('frames, text and damage come out apart, wherever the chunks are cut', async (t) => {
  const spoilt = Buffer.from(frame(3));
  spoilt[9] = (spoilt[9] as number) ^ 0x40;
  const stream = Buffer.concat([
    Buffer.from('boot v1\r\n'), frame(1), Buffer.from('between\n'), frame(2), spoilt, frame(4, 700), frame(5, 0), Buffer.from('\x01\x02\xff\x00'),
  ]);
  for (let size = 1; size < 64; size++) {
    const { frames, texts, damaged } = await sort(chop(stream, size));
    t.strictSame(frames.map((f) => f.seq), [1, 2, 4, 5], `frames at ${size}`);
    t.strictSame(texts, ['boot v1\r\n', 'between\n'], `text at ${size}`);
    t.equal(damaged.length, 2, `damage at ${size}`);
    const live = await sort(chop(stream, size), { liveText: true });
    t.strictSame(live.frames.map((f) => f.seq), [1, 2, 4, 5], `frames at ${size} with live text`);
    t.equal(live.texts.join(''), 'boot v1\r\nbetween\n', `live text at ${size}`);
  }
});

t.test('an unterminated tail is never a frame', async (t) => {
  const { frames, damaged } = await sort([frame(1), frame(2).subarray(0, -1)]);
  t.strictSame(frames.map((f) => f.seq), [1]);
  t.equal(damaged.length, 1);
  t.strictSame((await sort([frame(1), Buffer.from('last words')])).texts, ['last words']);
});

t.test('a lost or extra zero costs at most the frame it belongs to', async (t) => {
  const whole = Buffer.concat([frame(1), frame(2), frame(3)]);
  const zeros = [...whole.keys()].filter((i) => whole[i] === 0);
  for (const at of zeros.slice(0, -1)) {
    const lost = await sort([whole.subarray(0, at), whole.subarray(at + 1)]);
    t.strictSame(lost.frames.map((f) => f.seq), [1, 2, 3], `zero at ${at} lost`);
    const doubled = await sort([whole.subarray(0, at), Buffer.of(0), whole.subarray(at)]);
    t.strictSame(doubled.frames.map((f) => f.seq), [1, 2, 3], `zero at ${at} doubled`);
  }
});

t.test('live text comes out without a frame after it', async (t) => {
  const texts: string[] = [];
  const source = new Readable({ read: () => {} });
  const done = splitRecords(source, { frame: () => {}, damaged: () => {}, text: (b) => texts.push(b.toString()) }, { liveText: true });
  source.push('hello\nwor');
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.strictSame(texts, ['hello\n']);
  source.push(null);
  await done;
  t.strictSame(texts, ['hello\n', 'wor']);
});

t.test('babble without delimiter takes bounded memory, is counted once, and the next frame survives', async (t) => {
  let longest = 0;
  const damaged: number[] = [];
  const frames: Frame[] = [];
  const chunk = Buffer.alloc(4096, 0xfe); // one and the same, so that what grows is what the splitter keeps
  const babble = function* (): Generator<Buffer> {
    for (let i = 0; i < 4000; i++) {
      longest = Math.max(longest, process.memoryUsage().arrayBuffers);
      yield chunk;
    }
    yield frame(7);
  };
  const before = process.memoryUsage().arrayBuffers;
  await splitRecords(Readable.from(babble(), { objectMode: false }), {
    frame: (f) => frames.push(f), text: () => {}, damaged: (n) => damaged.push(n),
  });
  t.strictSame(damaged, [4000 * 4096]);
  t.equal(frames.length, 1);
  t.ok(longest - before < 8e6, `held ${longest - before} bytes at most`);
});

t.test('a long record in small chunks costs no quadratic time', async (t) => {
  const chunks = Array.from({ length: 40 }, (_, i) => chop(frame(i + 1, 60_000), 16)).flat();
  const start = performance.now();
  t.equal((await sort(chunks, { liveText: true })).frames.length, 40);
  t.ok(performance.now() - start < 5000, `${chunks.length} chunks in ${Math.round(performance.now() - start)} ms`);
});

t.test('a record above the limit is cut out also when it comes in one chunk', async (t) => {
  const { frames, damaged } = await sort([Buffer.concat([frame(1), Buffer.alloc(500, 3), frame(2)])], { maxRecordBytes: 64 });
  t.strictSame(frames.map((f) => f.seq), [1, 2]);
  t.strictSame(damaged, [500]);
});

t.test('noise never makes a frame, whatever is accepted has its CRC', async (t) => {
  await fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), fc.boolean(), async (chunks, liveText) => {
    const { frames } = await sort(chunks, { liveText, maxRecordBytes: 128 });
    return frames.length === 0;
  }), { numRuns: 300 });
  const random = seededRandom(11);
  let accepted = 0;
  for (let round = 0; round < 300; round++) {
    const sent = Array.from({ length: 10 }, (_, i) => frame(i + 1, Math.floor(random() * 300)));
    const wire = Buffer.concat(sent);
    for (let k = 0; k < 6; k++) wire[Math.floor(random() * wire.length)] = Math.floor(random() * 256);
    const originals = new Set(sent.map((s) => (cobsDecode(s.subarray(1, -1)) as Buffer).toString('hex')));
    for (const f of (await sort(chop(wire, 1 + Math.floor(random() * 90)))).frames) {
      const body = Buffer.concat([Buffer.of(f.type, f.seq), f.payload]);
      const crc = Buffer.alloc(4);
      crc.writeUInt32LE(crc32(body));
      if (!originals.has(Buffer.concat([body, crc]).toString('hex'))) t.fail('a frame that was never sent');
      accepted += 1;
    }
  }
  t.ok(accepted > 1000, `${accepted} undamaged frames found among the damage`);
});

t.test('a stream that fails or closes early is an error, not silence', async (t) => {
  const source = new Readable({ read: () => {} });
  const ignore = { frame: () => {}, text: () => {}, damaged: () => {} };
  const failing = splitRecords(source, ignore);
  source.destroy();
  await t.rejects(failing, { code: 'ERR_STREAM_PREMATURE_CLOSE' });
  const broken = new Readable({ read: () => {} });
  const rejecting = splitRecords(broken, ignore);
  broken.destroy(new Error('unplugged'));
  await t.rejects(rejecting, /unplugged/);
});

t.test('log lines are bounded in length and number', (t) => {
  const lines: string[] = [];
  const log = new LogLines((line) => lines.push(line));
  log.take(Buffer.from('a\r\nb\n\n' + 'x'.repeat(MAX_LINE_CHARACTERS + 5)));
  t.strictSame(lines.slice(0, 2), ['a', 'b']);
  t.equal(lines[2]?.length, MAX_LINE_CHARACTERS + 6);
  for (let i = 0; i < MAX_LINES + 100; i++) log.take(Buffer.from('again'));
  t.equal(lines.length, MAX_LINES + 1);
  t.match(lines.at(-1), /not shown/);
  t.end();
});

t.test('a sample is quoted, escaped and bounded', (t) => {
  const sample = new Sample(8);
  t.ok(sample.empty);
  sample.add('\x1b[31m\u00fcab');
  sample.add('cdef');
  t.equal(sample.toString(), '"\\u001b[31m\\u00fcab" and 4 characters more');
  t.end();
});
