import t from 'tap';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtInDevices, loadDevices, type DeviceSpec } from '../../device/index.ts';
import type { PortInfo, UsbDevice } from '../../device/ports/index.ts';
import { qemuSpec, tempDir } from '../../device/testing/helpers.ts';
import { discover, type Surroundings } from './discovered.ts';

const acm = (number: number, serialNumber: string, more: Partial<NonNullable<PortInfo['usb']>> = {}): PortInfo => ({
  path: `/dev/ttyACM${number}`, byId: `/dev/serial/by-id/usb-${serialNumber}`, usb: { vendorId: '1234', productId: 'abcd', serialNumber, product: 'Board', location: `1-${number}`, ...more },
});
const board = (id: string, serialNumber?: string): DeviceSpec => {
  const { qemu: _qemu, ...rest } = qemuSpec;
  return { ...rest, id, kind: 'serial', serial: {
    port: { usb: { vendorId: '1234', productIds: ['abcd'], ...(serialNumber === undefined ? {} : { serialNumber }) } }, baud: { start: 115_200, faster: [] }, reset: { onOpen: 'none', pulseMs: 0, bootMs: 0 } } };
};
const usb = (vendorId: string, productId: string, product: string): UsbDevice => ({ path: '/dev/bus/usb/001/004', usb: { vendorId, productId, product, serialNumber: '37FF' } });
const around = (ports: PortInfo[], more: Partial<Surroundings> = {}): Surroundings => ({ listPorts: async () => ports, listUsb: async () => [], mayOpen: async () => true, ...more });

t.test('what no device file means', async (t) => {
  t.same(await discover([], around([])), []);
  t.same(await discover([board('mine')], around([acm(0, 'A1')])), [], 'the one board that fits is claimed');
  t.same((await discover([board('mine')], around([acm(0, 'A1'), acm(1, 'B2')]))).map(({ suggestion }) => suggestion?.content), [
    { schema: 'hil-device/1', id: 'board-a1', like: 'mine', serial: { port: { usb: { vendorId: '1234', productIds: ['abcd'], serialNumber: 'A1' } } } },
    { schema: 'hil-device/1', id: 'board-b2', like: 'mine', serial: { port: { usb: { vendorId: '1234', productIds: ['abcd'], serialNumber: 'B2' } } } },
  ], 'of two boards a file without a serial number means none');
  t.match(await discover([board('mine', 'A1')], around([acm(0, 'A1'), acm(1, 'B2')])), [{ name: '/dev/serial/by-id/usb-B2' }], 'its own one is claimed');
  t.match(await discover([], around([{ path: '/dev/ttyS0' }])), [{ kind: 'port', name: '/dev/ttyS0', suggestion: null }], 'a port of every computer is no board');
  t.match(await discover([], around([acm(0, 'A1')], { mayOpen: async () => false })), [{ todo: [/dialout[\s\S]*ATTRS\{idVendor\}=="1234"/] }]);
});

t.test('what is suggested loads as it is', async (t) => {
  const dir = await tempDir(t);
  const [found] = await discover(await loadDevices([builtInDevices]), around([acm(0, 'A_1', { product: '\u202ename' })]));
  const { file, content } = found?.suggestion as { file: string; content: object };
  t.match(file, /^[a-z0-9-]+\.json$/);
  await writeFile(join(dir, file), JSON.stringify(content));
  t.equal((await loadDevices([builtInDevices, dir])).length, (await loadDevices([builtInDevices])).length + 1);
});

t.test('probes and boot loaders without a port of their own', async (t) => {
  const around4 = (more: Partial<Surroundings> = {}, ports: PortInfo[] = []): Surroundings => around(ports, {
    listUsb: async () => [usb('0483', '3748', 'ST-Link \u001b[31m'), usb('2e8a', '0003', 'RP2 Boot'), usb('ffff', '0001', 'Some CMSIS-DAP'), usb('046d', 'c077', 'Mouse')], ...more });
  t.match(await discover([], around4()), [
    { kind: 'probe', name: '0483:3748', detail: /ST-LINK\/V2, without a serial port; serial number 37FF/, todo: [] }, { kind: 'boot loader', detail: /BOOTSEL/ }, { kind: 'probe', detail: /Some CMSIS-DAP/ },
  ]);
  t.equal((await discover([], around4())).length, 3, 'and no mouse');
  t.match(await discover([], around4({ mayOpen: async () => false })), [{ todo: [/ATTR\{idVendor\}=="0483"/] }]);
  const withPort = { path: '/dev/ttyACM0', usb: { vendorId: '0483', productId: '3748', serialNumber: '37ff' } };
  t.match((await discover([], around4({}, [withPort]))).map(({ kind }) => kind), ['port', 'boot loader', 'probe'], 'one that has a port is told of once');
});
