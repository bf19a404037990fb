import fc from 'fast-check';
import t from 'tap';
import { encodeNpy, FormatError, parseNpy } from './npy.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** A .npy file with any header text, as another program may have written it. */
function file(header: string, data: Uint8Array, version = 1): Uint8Array {
  const length = version === 1 ? [header.length & 255, header.length >> 8] : [header.length & 255, header.length >> 8, 0, 0];
  return Uint8Array.from([0x93, ...ascii('NUMPY'), version, 0, ...length, ...ascii(header), ...data]);
}

t.test('a file as NumPy writes it', async (t) => {
  const header = "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }".padEnd(117) + '\n';
  const array = parseNpy(file(header, Uint8Array.from([1, 0, 2, 0, 255, 255, 0, 128, 0, 0, 7, 1])));
  t.equal(array.dtype, 'int16');
  t.same(array.shape, [2, 3]);
  t.same([...array.data], [1, 2, -1, -32768, 0, 263]);
});

t.test('versions 2 and 3, big-endian, keys in another order, scalars, Python 2', async (t) => {
  t.same([...parseNpy(file("{'shape': (1L,), 'descr': '>i4', 'fortran_order': False}", Uint8Array.from([0, 0, 1, 2]), 2)).data], [258]);
  const scalar = parseNpy(file("{'descr': '<f4', 'fortran_order': False, 'shape': ()}", new Uint8Array(new Float32Array([1.5]).buffer), 3));
  t.same(scalar.shape, []);
  t.same([...scalar.data], [1.5]);
});

t.test('half precision is widened: 1, -2, the least subnormal, infinity', async (t) => {
  const array = parseNpy(encodeNpy({ dtype: 'float16', shape: [4], data: new Uint16Array([0x3c00, 0xc000, 0x0001, 0x7c00]) }));
  t.same([...array.data], [1, -2, 2 ** -24, Infinity]);
});

t.test('a Buffer from a pool is read as well as any', async (t) => {
  const bytes = encodeNpy({ dtype: 'float64', shape: [2], data: new Float64Array([1, 2]) });
  const pooled = Buffer.concat([Buffer.from('x'), bytes]).subarray(1);
  t.same([...parseNpy(pooled).data], [1, 2]);
});

const refused: [string, Uint8Array, RegExp][] = [
  ['other files', ascii('PK\x03\x04'), /not a \.npy/],
  ['an unknown version', file('{}', new Uint8Array(), 9), /version 9/],
  ['Fortran order', file("{'descr': '<f4', 'fortran_order': True, 'shape': (1,)}", new Uint8Array(4)), /Fortran/],
  ['objects', file("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", new Uint8Array(8)), /element type "\|O"/],
  ['records', file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", new Uint8Array(4)), /not understood/],
  ['a key twice', file("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", new Uint8Array(4)), /not understood/],
  ['code', file("{'descr': '<f4', 'fortran_order': False, 'shape': (__import__('os'),)}", new Uint8Array(4)), /not understood/],
  ['too little data', file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", new Uint8Array(7)), /takes 8 bytes of data, but holds 7/],
  ['too much data', file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", new Uint8Array(9)), /takes 8 bytes of data, but holds 9/],
  ['a shape beyond all memory', file("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999)}", new Uint8Array(4)), /more than 268435456 elements/],
  ['a header that is said to be huge', Uint8Array.from([0x93, ...ascii('NUMPY'), 2, 0, 255, 255, 255, 255, 0]), /at most 65536/],
  ['a header cut off', file('{', new Uint8Array()).subarray(0, 9), /ends within its header/],
];
for (const [name, bytes, message] of refused) {
  t.test(`${name}: refused`, async (t) => { t.throws(() => parseNpy(bytes), { name: 'FormatError', message }); });
}

t.test('what is written is read back, bit for bit', async (t) => {
  const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
  fc.assert(fc.property(shape, fc.infiniteStream(fc.integer({ min: -128, max: 127 })), (dims, values) => {
    const data = Int8Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => values.next().value ?? 0);
    const back = parseNpy(encodeNpy({ dtype: 'int8', shape: dims, data }));
    return back.dtype === 'int8' && `${back.shape}` === `${dims}` && Buffer.compare(Buffer.from(data.buffer), Buffer.from(back.data.buffer as ArrayBuffer)) === 0;
  }));
  t.throws(() => encodeNpy({ dtype: 'int16', shape: [2], data: new Int8Array(2) }), FormatError);
});

t.test('damaged files are refused with a FormatError or read; nothing else happens', async () => {
  const whole = encodeNpy({ dtype: 'float32', shape: [2, 2], data: new Float32Array([1, 2, 3, 4]) });
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 }), fc.nat(whole.length), (changes, length) => {
    const bytes = whole.slice(0, length);
    for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
    try {
      parseNpy(bytes);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
  }), { numRuns: 2000 });
});
