import type { DeviceSpec } from '../../device/index.ts';
import { usbProbes, type ProbeFamily, type UsbProbe } from '../../device/flashers/usb-probes.ts';
import { listPorts, type PortInfo } from '../../device/ports/list-ports.ts';
import { howToGetAccess, mayOpen, probeRules, UDEV_RULES_FILE } from '../../device/ports/permission.ts';
import { describePort, findPorts, isNear } from '../../device/ports/resolve-port.ts';
import { suggestDevice } from '../../device/ports/suggest-device.ts';

/** A port or debug probe that no device file means. Texts are untrusted. */
export interface Discovered {
  readonly kind: 'port' | 'probe';
  readonly name: string;
  readonly detail: string;
  readonly todo: readonly string[];
  /** A device file to save, and what to know about it; null where nothing is known of such a board. */
  readonly suggestion: { readonly file: string; readonly content: object; readonly notes: readonly string[] } | null;
}

/** Where to look; tests give something else. */
export interface Surroundings {
  readonly listPorts: () => Promise<PortInfo[]>;
  readonly probes: (family: ProbeFamily) => Promise<UsbProbe[]>;
  readonly mayOpen: (path: string) => Promise<boolean>;
}

const FAMILIES: Readonly<Record<ProbeFamily, string>> = { stlink: 'ST-Link', jlink: 'J-Link', 'cmsis-dap': 'CMSIS-DAP probe' };
const here: Surroundings = { listPorts: () => listPorts(), probes: (family) => usbProbes(family), mayOpen };

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
  return [...await Promise.all(unclaimed.map((port) => fromPort(port, specs, ports, around))), ...await lonelyProbes(ports, around)];
}

async function fromPort(port: PortInfo, specs: readonly DeviceSpec[], ports: readonly PortInfo[], around: Surroundings): Promise<Discovered> {
  const todo = await around.mayOpen(port.path) ? [] : [howToGetAccess(port.path, port.usb)];
  // Most computers have a ttyS0, and hardly any has a board at it.
  if (port.usb === undefined) return { kind: 'port', name: port.path, detail: 'a serial port that is not on USB', todo, suggestion: null };
  const { device, name, notes } = suggestDevice(port, specs, ports);
  return { kind: 'port', name: port.byId ?? port.path, detail: `${name}: ${describePort(port)}`, todo, suggestion: { file: `${device.id}.json`, content: device, notes } };
}

/** Probes without a serial port of their own; those with one are told of by that. */
async function lonelyProbes(ports: readonly PortInfo[], around: Surroundings): Promise<Discovered[]> {
  const key = (usb: { readonly vendorId: string; readonly productId: string; readonly serialNumber?: string }): string => `${usb.vendorId}:${usb.productId}:${usb.serialNumber ?? ''}`.toLowerCase();
  const withPort = new Set(ports.flatMap(({ usb }) => (usb === undefined ? [] : [key(usb)])));
  const found = await Promise.all((Object.keys(FAMILIES) as ProbeFamily[]).map(async (family) => (await around.probes(family)).filter((probe) => !withPort.has(key(probe))).map((probe): Discovered => ({
    kind: 'probe', name: `${probe.vendorId}:${probe.productId}`, detail: `${FAMILIES[family]} without a serial port: ${probe.product || 'no name'}, serial number ${probe.serialNumber || 'none'}`,
    todo: probe.writable ? [] : [`This user may not open it: put these lines into ${UDEV_RULES_FILE} and plug it in again: ${probeRules(probe).join(' ')}`], suggestion: null,
  }))));
  return found.flat();
}
