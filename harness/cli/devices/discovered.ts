import type { DeviceSpec } from '../../device/index.ts';
import {
  describePort, findPorts, howToGetAccess, isNear, knownUsb, listPorts, listUsb, mayOpen, probeRules, suggestDevice, UDEV_RULES_FILE, type PortInfo, type UsbDevice, type UsbIdentity,
} from '../../device/ports/index.ts';

/** A port or debug probe that no device file means. Texts are untrusted. */
export interface Discovered {
  readonly kind: 'port' | 'probe' | 'boot loader';
  readonly name: string;
  readonly detail: string;
  readonly todo: readonly string[];
  /** A device file to save, and what to know about it; null where nothing is known of such a board. */
  readonly suggestion: { readonly file: string; readonly content: object; readonly notes: readonly string[] } | null;
}

/** Where to look; tests give something else. */
export interface Surroundings {
  readonly listPorts: () => Promise<PortInfo[]>;
  readonly listUsb: () => Promise<UsbDevice[]>;
  readonly mayOpen: (path: string) => Promise<boolean>;
}

const here: Surroundings = { listPorts: () => listPorts(), listUsb: () => listUsb(), mayOpen };

/** What is plugged into this computer and belongs to no device. */
export async function discover(specs: readonly DeviceSpec[], around: Surroundings = here): Promise<Discovered[]> {
  const ports = await around.listPorts();
  const claimed = new Set<string>();
  for (const { serial } of specs) {
    if (serial === undefined || !isNear(serial.port)) continue;
    const found = await findPorts(serial.port, async () => ports);
    // Of several boards a file means none: each needs one of its own.
    if (found.length === 1) claimed.add(found[0]?.path ?? '');
  }
  const unclaimed = ports.filter(({ path }) => !claimed.has(path));
  return [...await Promise.all(unclaimed.map((port) => fromPort(port, specs, ports, around))), ...await withoutPort(ports, around)];
}

async function fromPort(port: PortInfo, specs: readonly DeviceSpec[], ports: readonly PortInfo[], around: Surroundings): Promise<Discovered> {
  const todo = await around.mayOpen(port.path) ? [] : [howToGetAccess(port.path, port.usb)];
  // Most computers have a ttyS0, and hardly any has a board at it.
  if (port.usb === undefined) return { kind: 'port', name: port.path, detail: 'a serial port that is not on USB', todo, suggestion: null };
  const { device, name, notes } = suggestDevice(port, specs, ports);
  return { kind: 'port', name: port.byId ?? port.path, detail: `${name}: ${describePort(port)}`, todo, suggestion: { file: `${device.id}.json`, content: device, notes } };
}

/** Debug probes, and boards in their boot loader, without a serial port of their own; those with one are told of by that. */
async function withoutPort(ports: readonly PortInfo[], around: Surroundings): Promise<Discovered[]> {
  const withPort = new Set(ports.flatMap(({ usb }) => (usb === undefined ? [] : [keyOf(usb)])));
  const found = await Promise.all((await around.listUsb()).map(async ({ usb, path }): Promise<Discovered | null> => {
    const known = knownUsb(usb);
    const isProbe = known?.role === 'probe' || usb.product?.includes('CMSIS-DAP') === true;
    if (withPort.has(keyOf(usb)) || (!isProbe && known?.role !== 'boot-loader')) return null;
    const rules = `This user may not open it: put these lines into ${UDEV_RULES_FILE}, run "sudo udevadm control --reload" and plug it in again: ${probeRules(usb).join(' ')}`;
    return {
      kind: isProbe ? 'probe' : 'boot loader', name: `${usb.vendorId}:${usb.productId}`, todo: await around.mayOpen(path) ? [] : [rules], suggestion: null,
      detail: `${known?.name ?? usb.product ?? 'a probe'}, without a serial port; serial number ${usb.serialNumber ?? 'none'}`,
    };
  }));
  return found.filter((one) => one !== null);
}

function keyOf({ vendorId, productId, serialNumber }: UsbIdentity): string {
  return `${vendorId}:${productId}:${serialNumber ?? ''}`.toLowerCase();
}
