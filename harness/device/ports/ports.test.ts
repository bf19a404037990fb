import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { tempDir } from '../testing/helpers.ts';
import { listPorts, portInfo } from './list-ports.ts';
import type { PortInfo, PortRoots } from './list-ports.ts';
import { listUsb } from './list-usb.ts';
import { portRule, probeRules, UDEV_RULES_FILE, howToGetAccess } from './permission.ts';
import { findPorts, resolvePort } from './resolve-port.ts';

interface Fixture { readonly name: string; readonly at?: string; readonly ids?: string; readonly serial?: string; readonly product?: string; readonly interface?: number; readonly serialBus?: boolean; readonly byId?: string }

/** A tree as the kernel makes it: the class folder's links lead to the interface (CDC ACM) or to a port below it (USB serial). */
function tree(root: string, ports: readonly Fixture[]): PortRoots {
  const sys = join(root, 'sys');
  const dev = join(root, 'dev');
  const put = (file: string, content: string): void => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${content}\n`);
  };
  mkdirSync(join(sys, 'class/tty'), { recursive: true });
  for (const port of ports) {
    put(join(dev, port.name), '');
    const folder = (path: string): string => (mkdirSync(path, { recursive: true }), path);
    const device = port.at === undefined ? null : folder(join(sys, 'devices/pci0000:00/usb1', port.at));
    if (device !== null) {
      const [vendor, product] = port.ids!.split(':');
      put(join(device, 'idVendor'), vendor!);
      put(join(device, 'idProduct'), product!);
      if (port.serial !== undefined) put(join(device, 'serial'), port.serial);
      if (port.product !== undefined) put(join(device, 'product'), port.product);
    }
    const number = (port.interface ?? 0).toString(16).padStart(2, '0');
    const face = device === null ? folder(join(sys, 'devices/platform', port.name)) : folder(join(device, `${port.at!.split('/').at(-1)}:1.${port.interface ?? 0}`));
    if (device !== null) put(join(face, 'bInterfaceNumber'), number);
    const owner = port.serialBus === true ? folder(join(face, port.name)) : face;
    const tty = folder(join(owner, 'tty', port.name));
    symlinkSync(owner, join(tty, 'device'));
    symlinkSync(tty, join(sys, 'class/tty', port.name));
    if (port.byId !== undefined) {
      mkdirSync(join(dev, 'serial/by-id'), { recursive: true });
      symlinkSync(join(dev, port.name), join(dev, 'serial/by-id', port.byId));
    }
  }
  return { sys, dev };
}

const pico = { ids: '2E8A:000a', product: 'Pico' } as const;
const two: readonly Fixture[] = [
  { ...pico, name: 'ttyACM10', at: '1-2', serial: 'E661A', byId: 'usb-Raspberry_Pi_Pico_E661A-if00' },
  { ...pico, name: 'ttyACM2', at: '1-4/1-4.1', serial: 'E661B' },
];
const wanted = { usb: { vendorId: '2e8a', productIds: ['0003', '000a'] } } as const;
const list = async (root: string, ports: readonly Fixture[]): Promise<PortInfo[]> => listPorts(tree(root, ports), 'linux');
const deviceId = 'pico';

t.test('sysfs: identity of boards with a port of their own, of converters, and what is no port', async (t) => {
  const root = await tempDir(t);
  const roots = tree(root, [
    ...two,
    { name: 'ttyUSB0', at: '1-5', ids: '0403:6010', serial: 'FT 1\u00ff', serialBus: true, interface: 1 },
    { name: 'ttyS0' }, { name: 'ttyAMA0' },
  ]);
  writeFileSync(join(roots.sys, 'class/tty/ttyS0/type'), '0\n'); // reserved by the driver, no UART found
  mkdirSync(join(roots.sys, 'class/tty/tty1'));
  t.same(await listPorts(roots, 'linux'), [
    { path: join(roots.dev, 'ttyACM2'), usb: { vendorId: '2e8a', productId: '000a', serialNumber: 'E661B', product: 'Pico', interface: 0, location: '1-4.1' } },
    { path: join(roots.dev, 'ttyACM10'), byId: join(roots.dev, 'serial/by-id/usb-Raspberry_Pi_Pico_E661A-if00'), usb: { vendorId: '2e8a', productId: '000a', serialNumber: 'E661A', product: 'Pico', interface: 0, location: '1-2' } },
    { path: join(roots.dev, 'ttyAMA0') },
    { path: join(roots.dev, 'ttyUSB0'), usb: { vendorId: '0403', productId: '6010', serialNumber: 'FT_1_', interface: 1, location: '1-5' } },
  ]);
  t.equal((await portInfo(join(roots.dev, 'serial/by-id/usb-Raspberry_Pi_Pico_E661A-if00'), roots, 'linux'))?.path, join(roots.dev, 'ttyACM10'));
  t.same(await listPorts({ sys: join(root, 'none'), dev: root }, 'linux'), []);
});

t.test('USB devices without a port: a probe, and a board in its boot loader', async (t) => {
  const root = await tempDir(t);
  const bus = join(root, 'sys/bus/usb/devices');
  mkdirSync(bus, { recursive: true });
  for (const [name, files] of Object.entries({
    '1-10': { idVendor: '0483', idProduct: '3748', serial: 'P\u00ffff?', busnum: '1', devnum: '12', product: 'STM32 STLink' },
    '1-9.2': { idVendor: '2e8a', idProduct: '0003', busnum: '1', devnum: '7' },
    '1-10:1.0': { bInterfaceNumber: '00' }, usb1: { idVendor: '1d6b', idProduct: '0002', busnum: '1', devnum: '1' },
  })) {
    mkdirSync(join(root, 'sys/devices', name), { recursive: true });
    for (const [file, content] of Object.entries(files)) writeFileSync(join(root, 'sys/devices', name, file), `${content}\n`);
    symlinkSync(join(root, 'sys/devices', name), join(bus, name));
  }
  t.same(await listUsb({ sys: join(root, 'sys'), dev: '/dev' }), [
    { usb: { vendorId: '2e8a', productId: '0003', location: '1-9.2' }, path: '/dev/bus/usb/001/007' },
    { usb: { vendorId: '0483', productId: '3748', location: '1-10', serialNumber: 'P_ff_', product: 'STM32 STLink' }, path: '/dev/bus/usb/001/012' },
  ]);
  t.same(await listUsb({ sys: join(root, 'none'), dev: '/dev' }), []);
});

t.test('two equal boards: never guessed, and what to write is said', async (t) => {
  const root = await tempDir(t);
  const ports = await list(root, two);
  const options = { deviceId, list: async () => ports };
  await t.rejects(resolvePort(wanted, options), { kind: 'bench', code: 'port.ambiguous', message: /2 boards.*E661B.*E661A/, hint: /"serialNumber": "E661B" or "serialNumber": "E661A"/ });
  const one = await resolvePort({ usb: { ...wanted.usb, serialNumber: 'e661a' } }, options);
  t.match(one, { path: /ttyACM10$/, name: /by-id\/usb-Raspberry_Pi_Pico_E661A-if00$/ });
  // Under another number after the board was plugged in again.
  const later = await list(await tempDir(t), [{ ...two[0]!, name: 'ttyACM0' }, two[1]!]);
  t.match(await resolvePort({ usb: { ...wanted.usb, serialNumber: 'E661A' } }, { deviceId, list: async () => later }), { path: /ttyACM0$/ });
  const clones = await list(await tempDir(t), two.map((port) => ({ ...port, serial: 'same' })));
  for (const usb of [wanted.usb, { ...wanted.usb, serialNumber: 'same' }]) {
    await t.rejects(resolvePort({ usb }, { deviceId, list: async () => clones }), { code: 'port.ambiguous', hint: /by-path/ });
  }
  const nameless = await list(await tempDir(t), two.map(({ serial: _, ...port }) => port));
  await t.rejects(resolvePort(wanted, { deviceId, list: async () => nameless }), { code: 'port.ambiguous', message: /no serial number/, hint: /by-path/ });
});

t.test('one board with several ports: the interface decides', async (t) => {
  const ports = await list(await tempDir(t), [0, 2].map((number) => ({ name: `ttyACM${number}`, at: '1-1', ids: '2e8a:000a', serial: 'X', interface: number })));
  const options = { deviceId, list: async () => ports };
  await t.rejects(resolvePort(wanted, options), { code: 'port.ambiguous', message: /the board has 2 ports/, hint: /"interface": 0 or "interface": 2/ });
  t.match(await resolvePort({ usb: { ...wanted.usb, interface: 2 } }, options), { path: /ttyACM2$/ });
});

t.test('not there: what is there is named', async (t) => {
  const ports = await list(await tempDir(t), two);
  await t.rejects(resolvePort({ usb: { vendorId: '0483', productIds: ['374b'] } }, { deviceId, list: async () => ports }), { kind: 'bench', code: 'port.not-found', message: /0483:374b; there are: .*ttyACM2 \(2e8a:000a, serial number E661B/ });
  await t.rejects(resolvePort({ path: '/dev/no-such-port' }, { deviceId, list: async () => [] }), { code: 'port.not-found', message: /no serial ports at all/ });
  const root = await tempDir(t);
  writeFileSync(join(root, 'file'), '');
  t.same(await findPorts({ path: join(root, 'file') }, async () => []), [], 'a file is no port');
});

t.test('permission: the rule names the board and comes before logind\'s', async (t) => {
  const usb = { vendorId: '2e8a', productId: '000a' };
  t.match(portRule(usb), /^SUBSYSTEM=="tty", ATTRS\{idVendor\}=="2e8a", ATTRS\{idProduct\}=="000a", .*TAG\+="uaccess"/);
  t.match(probeRules(usb), [/^SUBSYSTEM=="usb", ATTR\{idVendor\}=="2e8a"/, /^KERNEL=="hidraw\*"/]);
  t.match(howToGetAccess('/dev/ttyACM0', usb, 'linux'), new RegExp(`dialout.*${UDEV_RULES_FILE}`));
  t.notMatch(howToGetAccess('/dev/ttyS0', undefined, 'linux'), /udev/);
});
