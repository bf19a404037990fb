import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { builtInDevices, loadDevices } from '../load-devices.ts';
import { tempDir } from '../testing/helpers.ts';
import type { DeviceSpec } from '../spec.ts';
import { knownUsb } from './known-boards.ts';
import type { PortInfo } from './list-ports.ts';
import { suggestDevice } from './suggest-device.ts';

const pico: PortInfo = { path: '/dev/ttyACM0', usb: { vendorId: '2e8a', productId: '000a', serialNumber: 'E661-4C31', product: 'Pico', interface: 0, location: '1-2' } };

t.test('a board that nobody has described: a complete file, which loads', async (t) => {
  const dir = await tempDir(t);
  const odd: PortInfo = { path: '/dev/ttyUSB3', usb: { vendorId: 'ffff', productId: '0001', product: '\u001b[31m Ä-board "x" ' } };
  const plain: PortInfo = { path: '/dev/ttyS4' };
  for (const port of [pico, odd, plain]) {
    const { device } = suggestDevice(port);
    writeFileSync(join(dir, `${device.id}.json`), JSON.stringify(device));
  }
  const specs = await loadDevices([builtInDevices, dir]);
  t.match(specs.find((spec) => spec.id === 'raspberry-pi-pico-rp2040-4c31'), { kind: 'serial', board: 'my-board', serial: { port: { usb: { vendorId: '2e8a', productIds: ['000a'], serialNumber: 'E661-4C31' } } } });
  t.match(suggestDevice(odd).notes[0], /no serial number/);
  t.match(suggestDevice(plain).device, { serial: { port: { path: '/dev/ttyS4' } } });
});

t.test('a board like one that is described: only what is its own', async (t) => {
  const dir = await tempDir(t);
  const described = { ...suggestDevice(pico).device, id: 'my-pico', board: 'rp2040', serial: { ...(suggestDevice(pico).device as unknown as DeviceSpec).serial!, port: { usb: { vendorId: '2e8a', productIds: ['000a', '0003'] } } } };
  writeFileSync(join(dir, 'my-pico.json'), JSON.stringify(described));
  const devices = await loadDevices([builtInDevices, dir]);
  // Built-in files may describe this board too; the one of this test is not to be shadowed.
  const mine = devices.filter((device) => device.id === 'my-pico');
  const other: PortInfo = { path: '/dev/ttyACM1', usb: { ...pico.usb!, interface: 2 } };
  const { device } = suggestDevice(pico, mine, [pico, other]);
  t.same(device, {
    schema: 'hil-device/1', id: 'my-pico-4c31', like: 'my-pico',
    serial: { port: { usb: { vendorId: '2e8a', productIds: ['000a', '0003'], serialNumber: 'E661-4C31', interface: 0 } } },
  });
  writeFileSync(join(dir, `${device.id}.json`), JSON.stringify(device));
  t.match((await loadDevices([builtInDevices, dir])).find((spec) => spec.id === 'my-pico-4c31'), { board: 'rp2040', serial: { baud: { start: 115_200 } } });
  t.equal(suggestDevice(pico, [...mine, { ...mine[0]!, id: 'my-pico-4c31' }]).device.id, 'my-pico-4c31-2');
});

t.test('a known board whose link is another port: like its file, and the link is told', async (t) => {
  const dir = await tempDir(t);
  const devices = await loadDevices([builtInDevices]);
  for (const [vendorId, productId, like] of [['2341', '805a', 'nano-33-ble'], ['2341', '005a', 'nano-33-ble'], ['2341', '025b', 'portenta-h7'], ['2e8a', '000a', 'pico']] as const) {
    const { device, notes } = suggestDevice({ path: '/dev/ttyACM0', usb: { vendorId, productId, serialNumber: `X${productId}` } }, devices);
    t.match(device, { id: `${like}-${productId}`, like });
    t.match(notes.at(-1), /does not speak on this port/);
    writeFileSync(join(dir, `${device.id}.json`), JSON.stringify(device));
  }
  t.match((await loadDevices([builtInDevices, dir])).find((spec) => spec.id === 'portenta-h7-025b'), { kind: 'serial', board: devices.find((spec) => spec.id === 'portenta-h7')!.board });
});

t.test('the table of USB ids', async (t) => {
  t.match(knownUsb({ vendorId: '0483', productId: '374b' }), { role: 'probe', name: /ST-LINK/ });
  t.equal(knownUsb({ vendorId: '0000', productId: '374b' }), null);
});
