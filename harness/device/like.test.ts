import t from 'tap';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { HilError } from '../errors.ts';
import { resolveLike, type JsonObject } from './like.ts';
import { builtInDevices, findDevice, loadDeviceFiles, loadDevices } from './load-devices.ts';
import { tempDir } from './testing/helpers.ts';

/** A board of the test's own: what comes with hil may change. */
const board = {
  schema: 'hil-device/1', id: 'base-board', description: 'a board', kind: 'serial', core: 'cortex-m4', board: 'some-board', simulated: false, clockHz: 100_000_000, slots: 1,
  labels: { vendor: 'st', rack: 'none' }, latency: { unit: 'cycles', quality: 'hardware', numerator: 1, denominator: 1 },
  timeouts: { startMs: 15_000, helloMs: 5000, replyMs: 2000, silenceMs: 10_000 }, invocationLimitMs: 60_000, energy: { none: 'not known' },
  serial: { port: { usb: { vendorId: '0483', productIds: ['374b'] } }, baud: { start: 115_200, faster: [1_000_000] }, reset: { onOpen: 'none', pulseMs: 0, bootMs: 100 } },
  flasher: { tool: 'openocd', configs: ['board/st_nucleo_f4.cfg'] },
};

t.test('a file takes everything from another device and says what is different', async (t) => {
  const dir = await tempDir(t);
  const write = (id: string, value: object): Promise<void> => writeFile(join(dir, `${id}.json`), JSON.stringify({ schema: 'hil-device/1', id, ...value }));
  await write('base-board', board);
  await write('mine', { like: 'base-board', serial: { port: { usb: { vendorId: '0483', productIds: ['374b'], serialNumber: '066F' } } }, labels: { rack: '3' }, timeouts: { helloMs: 9000 }, flasher: { probeSerial: '066F' } });
  await write('pyocd-board', { like: 'mine', description: 'by pyocd', flasher: { tool: 'pyocd', target: 'stm32f446retx' } });
  await write('same-tool', { like: 'mine', flasher: { tool: 'openocd', configs: ['other.cfg'] } });
  await write('attached', { like: 'base-board', flasher: null });
  await write('away', { like: 'attached', quarantine: { reason: 'lent out', until: '2027-01-31' } });
  await write('like-away', { like: 'away' });
  await write('my-m4', { like: 'qemu-m4', qemu: { icountShift: 5 }, latency: { numerator: 5, denominator: 16 } });
  const files = await loadDeviceFiles([builtInDevices, dir]);
  const specs = files.map(({ spec }) => spec);
  const mine = findDevice(specs, 'mine');
  t.same(mine, { ...board, id: 'mine', labels: { vendor: 'st', rack: '3' }, timeouts: { ...board.timeouts, helloMs: 9000 },
    serial: { ...board.serial, port: { usb: { vendorId: '0483', productIds: ['374b'], serialNumber: '066F' } } }, flasher: { ...board.flasher, probeSerial: '066F' } });
  t.same(findDevice(specs, 'pyocd-board').flasher, { tool: 'pyocd', target: 'stm32f446retx' }, 'nothing of the other tool is left');
  t.match(findDevice(specs, 'pyocd-board'), { description: 'by pyocd', labels: { rack: '3' } }, 'over two steps');
  t.same(findDevice(specs, 'same-tool').flasher, { tool: 'openocd', configs: ['other.cfg'], probeSerial: '066F' });
  t.notOk('flasher' in findDevice(specs, 'attached'), 'null takes a field away');
  t.match(findDevice(specs, 'away').quarantine, { reason: 'lent out' });
  t.notOk('quarantine' in findDevice(specs, 'like-away'), 'a quarantine is of one piece of hardware');
  t.match(findDevice(specs, 'my-m4'), { qemu: { machine: 'mps2-an386', icountShift: 5 }, latency: { unit: 'instructions', denominator: 16 } });
  t.match(files.find(({ spec }) => spec.id === 'mine'), { builtIn: false, like: 'base-board', file: join(dir, 'mine.json') });
  t.match(files.find(({ spec }) => spec.id === 'qemu-m4'), { builtIn: true, like: null });
});

t.test('what is wrong is said with the file that says it', async (t) => {
  const cases: [string, Readonly<Record<string, unknown>>, RegExp, RegExp?][] = [
    ['unknown', { a: { like: 'qemu-m44' } }, /a\.json: \$\.like: there is no device "qemu-m44"/, /Did you mean qemu-m4\?/],
    ['like itself', { a: { like: 'a' } }, /a\.json -> .*a\.json/],
    ['a circle', { a: { like: 'b' }, b: { like: 'c' }, c: { like: 'a' } }, /in a circle: .*\.json -> .*\.json -> .*\.json -> .*\.json/],
    ['a circle further on', { a: { like: 'b' }, b: { like: 'b' } }, /b\.json -> .*b\.json/],
    ['no text', { a: { like: ['qemu-m4'] } }, /a\.json: \$\.like: must be the id/],
    ['a field that is unknown', { a: { like: 'qemu-m4', color: 'red' } }, /a\.json: \$\.color: unknown field/],
    ['a field in a part', { a: { like: 'qemu-m4', qemu: { cores: 2 } } }, /a\.json: \$\.qemu\.cores: unknown field/],
    ['a part of another kind', { a: { like: 'qemu-m4', serial: board.serial } }, /a\.json: \$\.serial: is not for devices of this kind/],
    ['what is needed taken away', { a: { like: 'qemu-m4', qemu: null } }, /a\.json: .*required property 'qemu'/],
    ['null without like', { a: { ...board, id: 'a', flasher: null } }, /a\.json: \$\.flasher: must be object/],
    ['the prototype', { a: JSON.parse('{"like": "qemu-m4", "__proto__": {"slots": 1}}') as object }, /a\.json: \$\.__proto__: unknown field/],
    ['the prototype of a part', { a: JSON.parse('{"like": "qemu-m4", "qemu": {"__proto__": {"cpu": "x"}}}') as object }, /a\.json: \$\.qemu\.__proto__: unknown field/],
    ['an id that is no text', { a: { like: 'qemu-m4', id: 7 } }, /a\.json: \$\.id: must be string/],
  ];
  for (const [what, files, message, hint] of cases) {
    const dir = await tempDir(t);
    for (const [id, value] of Object.entries(files)) {
      const object = new Map(Object.entries({ schema: 'hil-device/1', id }));
      for (const [key, one] of Object.entries(value as object)) object.set(key, one as string);
      await writeFile(join(dir, `${id}.json`), JSON.stringify(Object.fromEntries(object)));
    }
    await t.rejects(loadDevices([builtInDevices, dir]), { kind: 'config', message, ...(hint === undefined ? {} : { hint }) }, what);
  }
});

t.test('any web of files is resolved or refused, and what is resolved names no other', async (t) => {
  const ids = ['a', 'b', 'c', 'd'];
  const file = fc.record({ like: fc.oneof(fc.constantFrom(...ids, 'x', '__proto__', 'constructor'), fc.anything()), labels: fc.anything(), flasher: fc.anything(), __proto__: fc.anything() }, { requiredKeys: [] });
  fc.assert(fc.property(fc.record({ a: file, b: file, c: file, d: file }), (files) => {
    const byId = new Map(Object.entries(files).map(([id, value]) => [id, { file: `${id}.json`, value: value as JsonObject }]));
    for (const [id, { value }] of byId) {
      try {
        if (Object.hasOwn(resolveLike(`${id}.json`, value, byId), 'like')) throw new Error('it still names another');
      } catch (error) {
        if (!(error instanceof HilError) || error.kind !== 'config') throw error;
      }
    }
  }), { numRuns: 300 });
  t.pass('300 webs');
});
