import t from 'tap';
import fc from 'fast-check';
import { checkNetworkName, commentText, networkNameFrom } from './names.ts';

t.test('network names from file names', async (t) => {
  t.equal(networkNameFrom('hello_world_int8.tflite'), 'hello_world_int8');
  t.equal(networkNameFrom('/a/b/Motor (v2).tflite'), 'motor_v2');
  t.equal(networkNameFrom('C:\\x\\3d-net.tflite'), 'net_3d_net');
  t.equal(networkNameFrom('string.tflite'), 'net_string');
  t.equal(networkNameFrom('hil.tflite'), 'net_hil');
  t.equal(networkNameFrom('.tflite'), 'net');
  t.equal(networkNameFrom('x'.repeat(200)).length, 40);
});

t.test('property: a derived name is always accepted', async (t) => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (file) => checkNetworkName(networkNameFrom(file)) !== ''), { numRuns: 1000 });
  t.pass();
});

t.test('names that would break or hide other names are refused', async (t) => {
  for (const name of ['', 'A', '1a', 'a-b', 'a b', 'a/b', '../a', 'a'.repeat(41), 'string', 'stdint', 'hil', 'hil_network', 'nn_lstm', 'a\n']) {
    t.throws(() => checkNetworkName(name), { kind: 'config', code: 'codegen.name' }, JSON.stringify(name));
  }
});

t.test('property: no text leaves the comment it is put into', async (t) => {
  const nasty = fc.array(fc.constantFrom('*', '/', '\\', '\n', '?', '"', ' ', '\r', '\u2028', 'a', '#', '=', '<', '%>'), { maxLength: 200 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 300 })), (text) => {
      const safe = commentText(text);
      return /^[A-Za-z0-9_./:; -]{0,60}$/.test(safe) && !/^\/|\/$|\/\//.test(safe);
    }),
    { numRuns: 2000 },
  );
  t.equal(commentText('*/ int x; /*'), '_/ int x; /_');
});
