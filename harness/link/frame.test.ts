import fc from 'fast-check';
import t from 'tap';
import { cobsBound, cobsDecode, cobsEncode } from './cobs.ts';
import { crc32 } from './crc32.ts';
import { decodeRecord, encodeFrame, frameBound, MAX_PAYLOAD, recordBound } from './frame.ts';

t.test('CRC-32 is the common one, and can be continued', (t) => {
  t.equal(crc32(Buffer.from('123456789')), 0xcbf43926);
  t.equal(crc32(Buffer.from('6789'), crc32(Buffer.from('12345'))), 0xcbf43926);
  t.end();
});

t.test('COBS encodes the published examples', (t) => {
  const run = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const cases: [number[], number[]][] = [
    [[], [1]],
    [[0], [1, 1]],
    [[0, 0], [1, 1, 1]],
    [[0x11, 0x22, 0, 0x33], [3, 0x11, 0x22, 2, 0x33]],
    [[0x11, 0, 0, 0], [2, 0x11, 1, 1, 1]],
    [run(1, 254), [0xff, ...run(1, 254)]],
    [[0, ...run(1, 254)], [1, 0xff, ...run(1, 254)]],
    [run(1, 255), [0xff, ...run(1, 254), 2, 0xff]],
    [[...run(2, 255), 0], [0xff, ...run(2, 255), 1, 1]],
    [[...run(3, 255), 0, 1], [0xfe, ...run(3, 255), 2, 1]],
  ];
  for (const [plain, coded] of cases) {
    t.strictSame([...cobsEncode(Buffer.from(plain))], coded);
    t.strictSame([...(cobsDecode(Buffer.from(coded)) ?? [])], plain);
  }
  t.end();
});

t.test('COBS decodes a full last block that is followed by an empty one', (t) => {
  const plain = Buffer.alloc(254, 7);
  t.strictSame(cobsDecode(Buffer.concat([Buffer.from([255]), plain, Buffer.from([1])])), plain);
  t.end();
});

t.test('COBS brings every block back, in its bound, without zeros', (t) => {
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 1200 }), fc.array(fc.constantFrom(0, 1, 255), { maxLength: 1200 }).map((a) => Uint8Array.from(a)));
  fc.assert(fc.property(bytes, (plain) => {
    const coded = cobsEncode(plain);
    return !coded.includes(0) && coded.length <= cobsBound(plain.length) && Buffer.from(plain).equals(cobsDecode(coded) as Buffer);
  }));
  t.end();
});

t.test('COBS refuses what is no block', (t) => {
  for (const bad of [[], [0], [5, 1, 1], [2, 0], [1, 0, 1], [255, 1]]) t.equal(cobsDecode(Buffer.from(bad)), null);
  t.end();
});

t.test('a frame comes back as it was, and begins and ends with zero', (t) => {
  const any = fc.tuple(fc.integer({ min: 1, max: 255 }), fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 700 }));
  fc.assert(fc.property(any, ([type, seq, payload]) => {
    const wire = encodeFrame(type, seq, payload);
    const frame = decodeRecord(wire.subarray(1, -1));
    return wire[0] === 0 && wire.at(-1) === 0 && wire.length <= frameBound(payload.length)
      && frame?.type === type && frame.seq === seq && frame.payload.equals(payload);
  }));
  t.end();
});

t.test('the longest frame fits its bound; a longer one is a mistake', (t) => {
  const longest = encodeFrame(0x84, 1, Buffer.alloc(MAX_PAYLOAD, 1));
  t.ok(longest.length - 2 <= recordBound(MAX_PAYLOAD));
  t.equal(decodeRecord(longest.subarray(1, -1))?.payload.length, MAX_PAYLOAD);
  t.throws(() => encodeFrame(0x84, 1, Buffer.alloc(MAX_PAYLOAD + 1)), RangeError);
  t.throws(() => encodeFrame(0, 1, Buffer.alloc(1)), RangeError);
  t.throws(() => encodeFrame(1, 256, Buffer.alloc(1)), RangeError);
  t.end();
});

t.test('one changed bit, or one byte more or less, is always seen', (t) => {
  const record = Buffer.from(encodeFrame(0x84, 9, Buffer.from('00ff10002030000000aa', 'hex')).subarray(1, -1));
  for (let bit = 0; bit < record.length * 8; bit++) {
    const spoilt = Buffer.from(record);
    spoilt[bit >> 3] = (spoilt[bit >> 3] as number) ^ (1 << (bit & 7));
    t.equal(decodeRecord(spoilt), null, `bit ${bit}`);
  }
  for (let at = 0; at < record.length; at++) {
    t.equal(decodeRecord(Buffer.concat([record.subarray(0, at), record.subarray(at + 1)])), null, `byte ${at} lost`);
    t.equal(decodeRecord(Buffer.concat([record.subarray(0, at + 1), record.subarray(at)])), null, `byte ${at} doubled`);
  }
  t.end();
});
