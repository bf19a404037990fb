import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { readUsbDevice, systemRoots } from './list-ports.ts';
import type { PortRoots, UsbIdentity } from './list-ports.ts';

/** A USB device with or without a serial port: also probes, and boards in their boot loaders (BOOTSEL, DFU). */
export interface UsbDevice {
  readonly usb: UsbIdentity;
  /** What its tool opens: '/dev/bus/usb/001/004'. */
  readonly path: string;
}

/** The USB devices of this computer, by socket. Linux; elsewhere none. */
export async function listUsb(roots: PortRoots = systemRoots): Promise<UsbDevice[]> {
  const folder = join(roots.sys, 'bus/usb/devices');
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^\d+-[\d.]+$/.test(name)); // no interfaces (1-2:1.0), no root hubs (usb1)
  const found = await Promise.all(names.map(async (name): Promise<UsbDevice | null> => {
    const dir = await realpath(join(folder, name)).catch(() => null);
    const device = dir === null ? null : await readUsbDevice(dir);
    if (device === null) return null;
    const [bus, number] = [device.bus, device.number].map((text) => (text ?? '').padStart(3, '0'));
    return { usb: device.usb, path: join(roots.dev, 'bus/usb', bus!, number!) };
  }));
  return found.filter((device) => device !== null).sort((a, b) => a.usb.location!.localeCompare(b.usb.location!, 'en', { numeric: true }));
}
