import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A serial port of this computer and what it belongs to. Texts come from the device: untrusted, at most 120 characters. */
export interface PortInfo {
  /** '/dev/ttyACM0': changes when the board is plugged in again. */
  readonly path: string;
  /** Below /dev/serial/by-id, which stays. */
  readonly byId?: string;
  /** Below /dev/serial/by-path: stays with the socket that the board is plugged into; the way out for boards without a serial number. */
  readonly byPath?: string;
  readonly usb?: UsbIdentity;
}

export interface UsbIdentity {
  /** 4 hex digits, lower case. */
  readonly vendorId: string;
  readonly productId: string;
  /** With characters that udev does not allow in names written as '_', as below /dev/serial/by-id. */
  readonly serialNumber?: string;
  readonly manufacturer?: string;
  readonly product?: string;
  /** Number of the USB interface behind this port ("-if02" of a by-id name). */
  readonly interface?: number;
  /** What the board calls this interface. */
  readonly interfaceName?: string;
  /** Which socket of which hub: '1-2.4'. */
  readonly location?: string;
}

/** Where the system's folders are; tests put their own there. */
export interface PortRoots {
  readonly sys: string;
  readonly dev: string;
}

export const systemRoots: PortRoots = { sys: '/sys', dev: '/dev' };
const TEXT_LIMIT = 120;

/**
 * The serial ports of this computer, by path. On Linux from sysfs: SerialPort.list() starts udevadm, and where that is missing
 * (containers) its unheard 'error' event takes the process down. Elsewhere SerialPort.list().
 * Pseudo-terminals are never listed.
 */
export async function listPorts(roots: PortRoots = systemRoots, platform: NodeJS.Platform = process.platform): Promise<PortInfo[]> {
  const ports = platform === 'linux' ? await listLinux(roots) : await listElsewhere();
  return ports.sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
}

async function listLinux(roots: PortRoots): Promise<PortInfo[]> {
  const classDir = join(roots.sys, 'class/tty');
  const names = await readdir(classDir).catch(() => []);
  const [ids, paths] = await Promise.all([linksTo(join(roots.dev, 'serial/by-id')), linksTo(join(roots.dev, 'serial/by-path'))]);
  const ports = await Promise.all(names.map(async (name): Promise<PortInfo | null> => {
    // Virtual terminals have no device; UARTs that a driver reserved without finding hardware have type 0.
    const device = await realpath(join(classDir, name, 'device')).catch(() => null);
    if (device === null || (await text(join(classDir, name, 'type'))) === '0') return null;
    const path = join(roots.dev, name);
    const real = await realpath(path).catch(() => path);
    const usb = await usbOf(device, roots.sys);
    const [byId, byPath] = [ids.get(real), paths.get(real)];
    return { path, ...(byId && { byId }), ...(byPath && { byPath }), ...(usb && { usb }) };
  }));
  return ports.filter((port) => port !== null);
}

/** What the links of a folder lead to. */
async function linksTo(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of (await readdir(folder).catch(() => [])).sort()) {
    const target = await realpath(join(folder, name)).catch(() => null);
    if (target !== null && !found.has(target)) found.set(target, join(folder, name));
  }
  return found;
}

/** Climbs from a port's device to the USB interface and the USB device that it is part of. */
async function usbOf(device: string, sys: string): Promise<UsbIdentity | null> {
  const top = await realpath(sys);
  let number: string | null = null;
  let interfaceName: string | null = null;
  for (let dir = device; dir.startsWith(`${top}/`); dir = dirname(dir)) {
    number ??= await text(join(dir, 'bInterfaceNumber'));
    if (number !== null) interfaceName ??= await text(join(dir, 'interface'));
    const found = await readUsbDevice(dir);
    if (found === null) continue;
    return { ...found.usb, ...(number !== null && /^[0-9a-f]{1,2}$/i.test(number) && { interface: Number.parseInt(number, 16) }), ...(interfaceName && { interfaceName }) };
  }
  return null;
}

/** A folder of sysfs that is a USB device; null where it is something else. */
export async function readUsbDevice(dir: string): Promise<{ readonly usb: UsbIdentity; readonly bus: string | null; readonly number: string | null } | null> {
  const [vendorId, productId, serial, manufacturer, product, bus, number] = await Promise.all(
    ['idVendor', 'idProduct', 'serial', 'manufacturer', 'product', 'busnum', 'devnum'].map((name) => text(join(dir, name))));
  if (!vendorId || !productId) return null;
  const usb = {
    vendorId: vendorId.toLowerCase(), productId: productId.toLowerCase(), location: basename(dir),
    ...(serial && { serialNumber: asUdevWrites(serial) }), ...(manufacturer && { manufacturer }), ...(product && { product }),
  };
  return { usb, bus: bus ?? null, number: number ?? null };
}

function asUdevWrites(serial: string): string {
  return serial.replaceAll(/[^A-Za-z0-9._:-]/g, '_').slice(0, 80);
}

/** A file of sysfs; null where there is none. */
async function text(file: string): Promise<string | null> {
  const content = await readFile(file, 'utf8').catch(() => null);
  return content === null ? null : content.trim().slice(0, TEXT_LIMIT);
}

async function listElsewhere(): Promise<PortInfo[]> {
  const { SerialPort } = await import('serialport');
  return (await SerialPort.list()).map((port) => ({
    path: port.path,
    ...(port.vendorId && port.productId && {
      usb: {
        vendorId: port.vendorId.toLowerCase(), productId: port.productId.toLowerCase(),
        ...(port.serialNumber && { serialNumber: asUdevWrites(port.serialNumber) }), ...(port.manufacturer && { manufacturer: port.manufacturer.slice(0, TEXT_LIMIT) }),
        ...(port.locationId && { location: port.locationId }),
      },
    }),
  }));
}

/** What is known about one port, given by any of its names; null for a pty or where nothing is known. */
export async function portInfo(path: string, roots: PortRoots = systemRoots, platform: NodeJS.Platform = process.platform): Promise<PortInfo | null> {
  const real = await realpath(path).catch(() => path);
  return (await listPorts(roots, platform)).find((port) => port.path === real || port.path === path) ?? null;
}
