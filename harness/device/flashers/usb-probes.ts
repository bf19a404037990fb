import { constants } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders of Linux. */
export interface UsbPlaces {
  /** Default /sys/bus/usb/devices. */
  readonly devices?: string;
  /** Default /dev/bus/usb. */
  readonly nodes?: string;
}

/** A debug probe on USB. Strings are the device's own words: untrusted. */
export interface UsbProbe {
  /** 4 hex digits. */
  readonly vendorId: string;
  readonly productId: string;
  readonly product: string;
  readonly serialNumber: string;
  /** Whether this user may open it. */
  readonly writable: boolean;
}

export type ProbeFamily = 'stlink' | 'jlink' | 'cmsis-dap';

/** ST-Link of all generations; the ids of OpenOCD's 60-openocd.rules. */
const ST_LINK = new Set(['3744', '3748', '374b', '374d', '374e', '374f', '3752', '3753', '3754', '3757']);
/** CMSIS-DAP probes that do not say so in their product string: Raspberry Pi Debug Probe, DAPLink. */
const CMSIS_DAP = new Set(['2e8a:000c', '0d28:0204']);
const TEXT_LIMIT = 200;

function isOf(family: ProbeFamily, vendorId: string, productId: string, product: string): boolean {
  switch (family) {
    case 'stlink':
      return vendorId === '0483' && ST_LINK.has(productId);
    case 'jlink':
      return vendorId === '1366';
    case 'cmsis-dap':
      return product.includes('CMSIS-DAP') || CMSIS_DAP.has(`${vendorId}:${productId}`);
  }
}

/** The probes of a family that are plugged in; none where the system does not tell (no Linux, a container without USB). */
export async function usbProbes(family: ProbeFamily, places: UsbPlaces = {}): Promise<UsbProbe[]> {
  const root = places.devices ?? '/sys/bus/usb/devices';
  const names = await readdir(root).catch(() => []);
  const found = await Promise.all(names.sort().map(async (name): Promise<UsbProbe | null> => {
    const field = (of: string): Promise<string> => readFile(join(root, name, of), 'utf8').then((text) => text.trim().slice(0, TEXT_LIMIT), () => '');
    const [vendorId, productId, product, serialNumber, bus, device] = await Promise.all(['idVendor', 'idProduct', 'product', 'serial', 'busnum', 'devnum'].map(field)) as
      [string, string, string, string, string, string];
    if (!isOf(family, vendorId, productId, product)) return null;
    const node = join(places.nodes ?? '/dev/bus/usb', bus.padStart(3, '0'), device.padStart(3, '0'));
    const writable = await access(node, constants.R_OK | constants.W_OK).then(() => true, () => false);
    return { vendorId, productId, product, serialNumber, writable };
  }));
  return found.filter((probe) => probe !== null);
}
