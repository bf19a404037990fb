import { execa } from 'execa';
import { join } from 'node:path';
import t from 'tap';
import { agentDir, fixture, has, strict } from '../../firmware/agent/fixtures/compile.ts';
import { digestOf, digestOfViews } from './digest.ts';
import { seededBytes, seededRandom } from './testing/random.ts';

const noCompiler = !(await has('gcc')) && 'gcc is not installed';

t.test('known answers', (t) => {
  const text = Buffer.from('the digest of a layer');
  t.strictSame([digestOf(new Uint8Array(0)), digestOf(Uint8Array.of(0)), digestOf(Uint8Array.of(0, 0, 0, 0)), digestOf(text), digestOf(text, 1)].map((each) => each.toString(16)),
    ['fa880ba2', 'fd0f1f89', '2dd41928', '4737c536', 'fa09eb9b'], 'these values are the protocol');
  t.equal(digestOfViews(text.subarray(0, 20), 5), [0, 5, 10, 15].reduce((state, at) => digestOf(text.subarray(at, at + 5), state), 0));
  t.end();
});

t.test('the C gives the same, however the bytes lie in memory', { skip: noCompiler }, async (t) => {
  const program = join(t.testdir({}), 'digest');
  await execa('gcc', ['-std=c99', '-O2', ...strict, '-fsanitize=undefined,address', '-fno-sanitize-recover=all', `-I${agentDir}`, join(agentDir, 'hil_digest.c'), fixture('digest_main.c'), '-o', program]);
  const input = seededBytes(7, 4099);
  const { stdout } = await execa(program, [], { input });
  const expected: string[] = [];
  for (let skip = 0; skip < 4; skip++) for (let n = 0; n <= 40; n++) expected.push(digestOf(input.subarray(skip, skip + n), n).toString(16));
  expected.push(digestOf(input).toString(16));
  t.strictSame(stdout.split('\n'), expected);
});

t.test('every change of one word is seen, wherever it is', (t) => {
  for (const bytes of [seededBytes(1, 67), Buffer.alloc(67), Buffer.alloc(64, 0x80), Buffer.alloc(65, 0xff)]) {
    const right = digestOf(bytes);
    let missed = 0;
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      if (digestOf(bytes) === right) missed++;
      bytes[bit >> 3]! ^= 1 << (bit & 7);
    }
    const random = seededRandom(bytes.length);
    for (let k = 0; k < 20_000; k++) {
      const at = 4 * Math.floor(random() * (bytes.length >> 2));
      const before = bytes.readUInt32LE(at);
      const other = Math.floor(random() * 2 ** 32);
      bytes.writeUInt32LE(other, at);
      if (other !== before && digestOf(bytes) === right) missed++;
      bytes.writeUInt32LE(before, at);
    }
    t.equal(missed, 0);
  }
  t.end();
});

t.test('pairs of flips do not cancel: none of all pairs of bits in 16 words', (t) => {
  let missed = 0;
  for (const bytes of [seededBytes(2, 64), Buffer.alloc(64), Buffer.alloc(64, 0x80)]) {
    const right = digestOf(bytes);
    const flip = (bit: number): void => void (bytes[bit >> 3]! ^= 1 << (bit & 7));
    for (let a = 0; a < 512; a++) {
      flip(a);
      for (let b = a + 1; b < 512; b++) {
        flip(b);
        if (digestOf(bytes) === right) missed++;
        flip(b);
      }
      flip(a);
    }
  }
  t.equal(missed, 0, '392,448 pairs, of them those of sign bits');
  t.end();
});

t.test('values in other places, and other lengths, are seen', (t) => {
  const bytes = seededBytes(3, 4096);
  const seen = new Map<number, string>([[digestOf(bytes), 'as it was']]);
  const tell = (what: string, changed: Uint8Array): void => {
    if (Buffer.compare(bytes, changed) === 0) return;
    const value = digestOf(changed);
    t.notOk(seen.has(value), `${what} looks like ${seen.get(value)}`);
    seen.set(value, what);
  };
  const swapped = (a: number, b: number, n: number): Uint8Array => {
    const other = Buffer.from(bytes);
    bytes.copy(other, a, b, b + n);
    bytes.copy(other, b, a, a + n);
    return other;
  };
  for (const size of [1, 2, 4, 16, 64, 256, 1024]) for (let at = 0; at + 2 * size <= 2048; at += 2 * size) tell(`blocks of ${size} at ${at} swapped`, swapped(at, at + size, size));
  for (let shift = 1; shift < 32; shift++) tell(`turned by ${shift}`, Buffer.concat([bytes.subarray(shift), bytes.subarray(0, shift)]));
  for (let stride = 1; stride <= 64; stride *= 2) tell(`sign of every ${stride}th`, bytes.map((byte, i) => (i % stride === 0 ? byte ^ 0x80 : byte)));
  for (let short = 1; short < 9; short++) tell(`${short} bytes short`, bytes.subarray(0, -short));
  tell('a zero more', Buffer.concat([bytes, Buffer.of(0)]));
  const zeros = Array.from({ length: 64 }, (_, n) => digestOf(new Uint8Array(n)));
  t.equal(new Set(zeros).size, 64, 'zeros of different lengths');
  t.end();
});

t.test('random changes of many words collide by chance only', (t) => {
  const bytes = seededBytes(4, 256);
  const right = digestOf(bytes);
  const random = seededRandom(5);
  const seen = new Set<number>();
  for (let k = 0; k < 100_000; k++) {
    const other = Buffer.from(bytes);
    for (let n = 2 + Math.floor(random() * 6); n > 0; n--) other[Math.floor(random() * 256)]! ^= 1 << Math.floor(random() * 8);
    if (Buffer.compare(other, bytes) !== 0) seen.add(digestOf(other));
  }
  t.notOk(seen.has(right));
  t.end();
});
