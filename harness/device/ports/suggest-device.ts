import type { DeviceSpec, PortIdentity, SerialSpec } from '../spec.ts';
import { knownUsb } from './known-boards.ts';
import type { PortInfo } from './list-ports.ts';

/** A device file (hil-device/1), to be saved as `<id>.json` in the folder of HIL_DEVICES. */
export type DeviceFile = Pick<DeviceSpec, 'schema' | 'id'> & Partial<Omit<DeviceSpec, 'serial'>> & { readonly like?: string; readonly serial: Partial<SerialSpec> };

export interface Suggestion {
  readonly device: DeviceFile;
  /** What it seems to be: 'Arduino Nano 33 BLE', the product's own name (untrusted), or the path. */
  readonly name: string;
  /** What to know or fill in before use. */
  readonly notes: readonly string[];
}

/**
 * A device file for a port that no device file names yet. Where files for such boards exist, one that is like the best of them;
 * else a complete one to be filled in.
 * @param devices all device files, for boards of the same USB id and for ids that are taken
 * @param ports all ports, to see whether a serial number or an interface must be named
 */
export function suggestDevice(port: PortInfo, devices: readonly DeviceSpec[] = [], ports: readonly PortInfo[] = [port]): Suggestion {
  const known = port.usb === undefined ? null : knownUsb(port.usb);
  const name = known?.name ?? port.usb?.product ?? port.path;
  const alike = devices.filter((device) => productIdsOf(device, port).length > 0);
  const [base, ...more] = alike;
  const board = devices.find((device) => device.id === known?.like);
  const id = freeId(port, known === null ? port.usb?.product : (base ?? board)?.id ?? known.name, devices);
  const identity = identityOf(port, base, ports);
  const notes: string[] = [];
  if (port.usb !== undefined && port.usb.serialNumber === undefined) notes.push('It has no serial number: with a second one plugged in they could not be told apart; then name the socket, a path below /dev/serial/by-path.');
  if (known?.role === 'boot-loader') notes.push('It is in its boot loader now: its own port has another USB id.');
  if (base !== undefined) {
    if (known?.role === 'probe' || known?.role === 'bridge' || more.length > 0) notes.push(`Its USB id is that of the ${known?.role ?? 'probe'}, not of the board: check that "like" names the right one (${alike.map((device) => device.id).join(', ')}).`);
    return { device: { schema: 'hil-device/1', id, like: base.id, serial: { port: identity } }, name, notes };
  }
  if (board?.serial !== undefined) {
    notes.push(`hil's agent does not speak on this port. ${board.id} is: ${board.description}. Write the port of that link into serial.port.`);
    return { device: { schema: 'hil-device/1', id, like: board.id, serial: { port: board.serial.port } }, name, notes };
  }
  notes.push('Fill in core, board, clockHz and the speeds; "board" is a folder below firmware/boards, or below "boards" beside the device file. See devices/README.md.');
  return { device: skeleton(id, name, identity), name, notes };
}

/** The product ids of a device's own port, where this port is one of its kind; else none. */
function productIdsOf(device: DeviceSpec, { usb }: PortInfo): readonly string[] {
  const port = device.serial?.port;
  if (usb === undefined || port === undefined || !('usb' in port) || port.usb.serialNumber !== undefined) return [];
  return port.usb.vendorId === usb.vendorId && port.usb.productIds.includes(usb.productId) ? port.usb.productIds : [];
}

function identityOf(port: PortInfo, base: DeviceSpec | undefined, ports: readonly PortInfo[]): PortIdentity {
  const { usb } = port;
  if (usb === undefined) return { path: port.byId ?? port.path };
  const several = ports.filter((other) => other.usb?.location !== undefined && other.usb.location === usb.location).length > 1;
  const productIds = base === undefined ? [] : productIdsOf(base, port);
  return {
    usb: {
      vendorId: usb.vendorId, productIds: productIds.length > 0 ? productIds : [usb.productId],
      ...(usb.serialNumber !== undefined && { serialNumber: usb.serialNumber }), ...(several && usb.interface !== undefined && { interface: usb.interface }),
    },
  };
}

/** 'arduino-nano-33-ble-5f3a': the name and the end of the serial number, not yet taken. */
function freeId(port: PortInfo, name: string | undefined, devices: readonly DeviceSpec[]): string {
  const slug = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '');
  const begin = slug(name ?? 'board').slice(0, 30).replace(/-+$/, '') || 'board';
  const end = slug(port.usb?.serialNumber?.slice(-4) ?? '');
  const id = end === '' ? begin : `${begin}-${end}`;
  const taken = new Set(devices.map((device) => device.id));
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? id : `${id}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** Complete, so that the schema takes it; what cannot be known says so. */
function skeleton(id: string, name: string, port: PortIdentity): DeviceFile {
  return {
    schema: 'hil-device/1', id, description: `${name.replaceAll(/[^ -~]/g, '?').slice(0, 200)} (say here which board it is)`, kind: 'serial', core: 'cortex-m4', board: 'my-board',
    simulated: false, clockHz: 1_000_000, slots: 1, labels: {},
    latency: { unit: 'cycles', quality: 'hardware', numerator: 1, denominator: 1 },
    timeouts: { startMs: 15_000, helloMs: 5000, replyMs: 2000, silenceMs: 10_000 }, invocationLimitMs: 60_000,
    serial: { port, baud: { start: 115_200, faster: [] }, reset: { onOpen: 'none', pulseMs: 50, bootMs: 500 } },
    energy: { none: 'no sourced energy table for this core yet' },
  };
}
