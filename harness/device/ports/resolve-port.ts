import { realpath } from 'node:fs/promises';
import { HilError } from '../../errors.ts';
import type { PortIdentity } from '../spec.ts';
import { listPorts } from './list-ports.ts';
import type { PortInfo } from './list-ports.ts';
import { isTtyDevice } from './tty-device.ts';

/** A port that is on this computer: by its USB identity or by a path. */
export type NearPort = Extract<PortIdentity, { readonly usb: unknown } | { readonly path: string }>;

export interface ResolvedPort {
  /** To open now; another one after the board was plugged in again. */
  readonly path: string;
  /** For people: the by-id path where there is one. */
  readonly name: string;
  /** Null for a pty, or where the system tells nothing. */
  readonly info: PortInfo | null;
}

export interface ResolveOptions {
  /** For messages. */
  readonly deviceId: string;
  /** Default: the ports of this computer. */
  readonly list?: () => Promise<PortInfo[]>;
}

export function isNear(identity: PortIdentity): identity is NearPort {
  return 'usb' in identity || 'path' in identity;
}

/**
 * The one port that a device file means.
 * @throws HilError 'bench' port.not-found (naming the ports that are there), port.ambiguous (several boards or ports fit: which
 *   one is never guessed, so that no board is flashed that was not meant)
 */
export async function resolvePort(identity: NearPort, options: ResolveOptions): Promise<ResolvedPort> {
  const { deviceId } = options;
  const found = await findPorts(identity, options.list);
  const [only] = found;
  if (found.length === 1) return only!;
  if (only === undefined) throw await notFound(identity, options);
  throw ambiguous(identity as UsbPort, found.map((port) => port.info!), deviceId);
}

/** All ports that fit. */
export async function findPorts(identity: NearPort, list: () => Promise<PortInfo[]> = listPorts): Promise<ResolvedPort[]> {
  if ('path' in identity) {
    if (!(await isTtyDevice(identity.path))) return [];
    const real = await realpath(identity.path);
    return [{ path: real, name: identity.path, info: (await list()).find((port) => port.path === real) ?? null }];
  }
  return (await list()).filter((port) => fits(identity.usb, port)).map((info) => ({ path: info.path, name: info.byId ?? info.path, info }));
}

type UsbPort = Extract<PortIdentity, { readonly usb: unknown }>;

function fits(wanted: UsbPort['usb'], { usb }: PortInfo): boolean {
  return usb !== undefined && usb.vendorId === wanted.vendorId && wanted.productIds.includes(usb.productId)
    && (wanted.serialNumber === undefined || usb.serialNumber?.toLowerCase() === wanted.serialNumber.toLowerCase())
    && (wanted.interface === undefined || usb.interface === wanted.interface);
}

/** '/dev/ttyACM0 (2e8a:000a, serial number E661, interface 0, "Pico")' */
export function describePort({ path, byId, usb }: PortInfo): string {
  if (usb === undefined) return path;
  const parts = [`${usb.vendorId}:${usb.productId}`, usb.serialNumber === undefined ? 'no serial number' : `serial number ${usb.serialNumber}`,
    ...(usb.interface === undefined ? [] : [`interface ${usb.interface}`]), ...(usb.product === undefined ? [] : [JSON.stringify(usb.product)])];
  return `${byId ?? path} (${parts.join(', ')})`;
}

function describeIdentity(identity: NearPort): string {
  if ('path' in identity) return identity.path;
  const { vendorId, productIds, serialNumber, interface: number } = identity.usb;
  return `with USB id ${productIds.map((id) => `${vendorId}:${id}`).join(' or ')}${serialNumber === undefined ? '' : `, serial number ${serialNumber}`}${number === undefined ? '' : `, interface ${number}`}`;
}

const NAMED = 10;

async function notFound(identity: NearPort, { deviceId, list = listPorts }: ResolveOptions): Promise<HilError> {
  const ports = await list();
  const there = ports.length === 0 ? 'there are no serial ports at all' : `there are: ${ports.slice(0, NAMED).map(describePort).join('; ')}${ports.length > NAMED ? `; and ${ports.length - NAMED} more` : ''}`;
  return new HilError('bench', 'port.not-found', `device ${deviceId}: no port ${describeIdentity(identity)}; ${there}`, {
    hint: 'Is the board plugged in and powered, and its cable one that carries data? Else correct serial.port in the device file.',
    facts: { device: deviceId, identity, ports: ports.slice(0, NAMED) },
  });
}

function ambiguous({ usb }: UsbPort, ports: readonly PortInfo[], deviceId: string): HilError {
  const boards = new Set(ports.map((port) => port.usb?.location ?? port.usb?.serialNumber ?? port.path));
  const list = ports.slice(0, NAMED).map((port) => `${describePort(port)}${port.usb?.location === undefined ? '' : ` at USB ${port.usb.location}`}`).join('; ');
  const facts = { device: deviceId, ports: ports.slice(0, NAMED) };
  if (boards.size === 1) {
    return new HilError('bench', 'port.ambiguous', `device ${deviceId}: the board has ${ports.length} ports: ${list}`, {
      hint: `Write the agent's one into serial.port.usb of the device file: ${ports.map((port) => `"interface": ${port.usb?.interface ?? '?'}`).join(' or ')}.`, facts,
    });
  }
  const serials = ports.map((port) => port.usb?.serialNumber);
  const telling = serials.every((serial) => serial !== undefined) && new Set(serials).size >= boards.size && usb.serialNumber === undefined;
  const hint = telling
    ? `Write the one meant into serial.port.usb of the device file: ${[...new Set(serials)].map((serial) => `"serialNumber": "${serial}"`).join(' or ')}.`
    : `Their serial numbers do not tell them apart: leave one plugged in, or name the socket: "port": {"path": "${ports[0]?.byPath ?? '/dev/serial/by-path/...'}"}.`;
  return new HilError('bench', 'port.ambiguous', `device ${deviceId}: ${boards.size} boards fit: ${list}`, { hint, facts });
}
