import t from 'tap';
import { encodeFloat32, parseFloat32 } from './npy.ts';

t.test('what is written is read again', (t) => {
  const bytes = encodeFloat32([2, 1, 3], [0, -1.5, 2.25, 3, 1e-3, -7]);
  t.equal(bytes.length % 4, 0);
  const back = parseFloat32(bytes);
  t.strictSame(back.shape, [2, 1, 3]);
  t.strictSame([...back.data], [0, -1.5, 2.25, 3, Math.fround(1e-3), -7]);
  t.strictSame(parseFloat32(encodeFloat32([2], [1, 2])).shape, [2]);
  t.end();
});

t.test('the header is as NumPy wants it', (t) => {
  const bytes = encodeFloat32([1], [1]);
  t.equal(bytes.length, 64 * 2 + 4);
  t.equal(bytes[127], 0x0a);
  const text = Buffer.from(bytes.subarray(10, 128)).toString('latin1');
  t.match(text, /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(1,\), \} *\n$/);
  t.end();
});

t.test('other files are refused', (t) => {
  const good = encodeFloat32([4], [1, 2, 3, 4]);
  t.throws(() => parseFloat32(good.subarray(0, good.length - 4)), /wants 4 values, the file holds 3/);
  t.throws(() => parseFloat32(Uint8Array.of(1, 2, 3)), /not a version 1.0/);
  const other = Uint8Array.from(good);
  other[10 + "{'descr': '<f".length] = 0x38;
  t.throws(() => parseFloat32(other), /want little-endian float32/);
  t.throws(() => encodeFloat32([3], [1, 2]), /wants 3 values, got 2/);
  t.end();
});
