import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A process that has a port open. */
export interface PortHolder {
  readonly pid: number;
  /** Its command line, at most 120 characters; untrusted. '' where it cannot be read. */
  readonly command: string;
}

const COMMAND_LIMIT = 120;

/**
 * Who has a device file open, as far as this user may see (other users' processes only as root). Linux; elsewhere nobody.
 * serialport locks ports by flock, which only those heed who lock too: a terminal program, ModemManager or `cat` does not, and
 * takes bytes away.
 */
export async function portHolders(path: string, procRoot = '/proc'): Promise<PortHolder[]> {
  const device = await stat(path).catch(() => null);
  const pids = (await readdir(procRoot).catch(() => [])).filter((name) => /^\d+$/.test(name));
  if (device === null || !device.isCharacterDevice()) return [];
  const found: PortHolder[] = [];
  for (const pid of pids) {
    if (await holds(join(procRoot, pid, 'fd'), device.rdev)) found.push({ pid: Number(pid), command: await commandOf(join(procRoot, pid)) });
  }
  return found;
}

/** 'process 4711 (minicom -D /dev/ttyACM0)' */
export function describeHolders(holders: readonly PortHolder[]): string {
  return holders.map(({ pid, command }) => (pid === process.pid ? `this process (${pid})` : `process ${pid}${command === '' ? '' : ` (${command})`}`)).join(', ');
}

async function holds(folder: string, rdev: number): Promise<boolean> {
  let found = false;
  // Processes come and go, and most of other users' may not be looked into.
  for (const fd of await readdir(folder).catch(() => [])) {
    const link = join(folder, fd);
    const target = await readlink(link).catch(() => '');
    if (!target.startsWith('/dev/')) continue;
    // Who made a pseudo-terminal is its far side, and may keep the near one open without reading from it.
    if (target.endsWith('ptmx') && (await masterIndex(join(folder, '../fdinfo', fd))) === ptyIndex(rdev)) return false;
    if (found) continue;
    const file = await stat(link).catch(() => null);
    found = file !== null && file.isCharacterDevice() && file.rdev === rdev;
  }
  return found;
}

/** Number below /dev/pts; null where the device is no pseudo-terminal (Linux: character devices 136 to 143). */
function ptyIndex(rdev: number): number | null {
  const major = (rdev >> 8) & 0xfff;
  const minor = (rdev & 0xff) | ((rdev >> 12) & 0xfff00);
  return major >= 136 && major <= 143 ? (major - 136) * 256 + minor : null;
}

/** Which pseudo-terminal an open /dev/ptmx is the far side of. */
async function masterIndex(fdinfo: string): Promise<number | undefined> {
  const match = /^tty-index:\s*(\d+)/m.exec(await readFile(fdinfo, 'utf8').catch(() => ''));
  return match === null ? undefined : Number(match[1]);
}

async function commandOf(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'cmdline'), 'utf8').catch(() => '');
  const command = text.replaceAll('\0', ' ').trim();
  return (command === '' ? (await readFile(join(folder, 'comm'), 'utf8').catch(() => '')).trim() : command).slice(0, COMMAND_LIMIT);
}
