import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { encodeNpy, FormatError } from './npy.ts';
import { parseNpz } from './npz.ts';
import { unzip } from './zip.ts';

interface Entry { readonly name: string; readonly data: Uint8Array; readonly deflate?: boolean; readonly claim?: number; readonly flags?: number }

/** A ZIP archive; `claim` is the unpacked size that the directory states. */
function zip(entries: readonly Entry[]): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, data, deflate = false, claim = data.length, flags = 0 } of entries) {
    const packed = deflate ? deflateRawSync(data) : Buffer.from(data);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(flags, 2);
    fields.writeUInt16LE(deflate ? 8 : 0, 4);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(claim, 18);
    fields.writeUInt16LE(name.length, 22);
    // NumPy puts a ZIP64 extra field into the local header only: it must be skipped.
    const extra = Buffer.from([1, 0, 16, 0, ...new Uint8Array(16)]);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), extra, packed]);
    local.writeUInt16LE(extra.length, 28);
    const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, Buffer.alloc(14), Buffer.from(name)]);
    central.writeUInt32LE(at, 42);
    parts.push(local);
    directory.push(central);
    at += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...parts, ...directory, end]));
}

const array = (...values: number[]): Uint8Array => encodeNpy({ dtype: 'float32', shape: [values.length], data: new Float32Array(values) });

t.test('stored and deflated arrays', async (t) => {
  const arrays = parseNpz(zip([{ name: 'a.npy', data: array(1, 2) }, { name: 'b.npy', data: array(3), deflate: true }]));
  t.same([...arrays.keys()], ['a', 'b']);
  t.same([...(arrays.get('b')?.data ?? [])], [3]);
});

const bomb = new Uint8Array(5_000_000);
const refused: [string, Uint8Array, RegExp][] = [
  ['no archive', new Uint8Array(50), /not a ZIP/],
  ['an entry larger than it claims', zip([{ name: 'a.npy', data: bomb, deflate: true, claim: 1000 }]), /damaged entry "a\.npy"/],
  ['an entry smaller than it claims', zip([{ name: 'a.npy', data: array(1), deflate: true, claim: 5000 }]), /damaged entry/],
  ['more than the limit in all', zip([{ name: 'a', data: bomb, deflate: true }, { name: 'b', data: bomb, deflate: true }]), /more than 6000000 bytes/],
  ['an encrypted entry', zip([{ name: 'a.npy', data: array(1), flags: 1 }]), /encrypted/],
  ['ZIP64', zip([{ name: 'a.npy', data: array(1), claim: 0xffffffff }]), /unpacks to more|ZIP64/],
  ['one name twice', zip([{ name: 'a.npy', data: array(1) }, { name: 'a.npy', data: array(2) }]), /two entries/],
];
for (const [name, bytes, message] of refused) {
  t.test(`${name}: refused`, async (t) => { t.throws(() => unzip(bytes, { entries: 10, bytes: 6_000_000 }), { name: 'FormatError', message }); });
}

t.test('too many entries, and what is no array, are refused', async (t) => {
  t.throws(() => unzip(zip([{ name: 'a', data: bomb.subarray(0, 1) }, { name: 'b', data: bomb.subarray(0, 1) }]), { entries: 1, bytes: 10 }), /has 2 entries/);
  t.throws(() => parseNpz(zip([{ name: 'a.txt', data: array(1) }])), /is no array/);
  t.throws(() => parseNpz(zip([{ name: 'a.npy', data: new Uint8Array(3) }])), /"a\.npy" in it is not a \.npy file/);
});

t.test('a damaged archive is refused with a FormatError or read', async () => {
  const whole = zip([{ name: 'a.npy', data: array(1, 2, 3), deflate: true }, { name: 'b.npy', data: array(3) }]);
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }), fc.nat(whole.length), (changes, cut) => {
    const bytes = cut % 3 === 0 ? whole.slice(0, cut) : whole.slice();
    for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
    try {
      parseNpz(bytes);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
  }), { numRuns: 2000 });
});
