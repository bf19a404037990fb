import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isPty } from './tty-device.ts';

/** A process that has a port open. */
export interface PortHolder {
  readonly pid: number;
  /** Its command line, at most 120 characters; untrusted. '' where it cannot be read. */
  readonly command: string;
}

const COMMAND_LIMIT = 120;
const NAMED = 5;

/**
 * Who has a device file open, as far as this user may see (other users' processes only as root). Linux; elsewhere nobody.
 * serialport locks ports by flock, which only those heed who lock too: a terminal program, ModemManager or `cat` does not, and
 * takes bytes away.
 */
export async function portHolders(path: string, procRoot = '/proc'): Promise<PortHolder[]> {
  const device = await stat(path).catch(() => null);
  if (device === null || !device.isCharacterDevice()) return [];
  // Thousands of small reads: one by one through the thread pool they take ten times as long.
  const pids = (quietly(() => readdirSync(procRoot)) ?? []).filter((name) => /^\d+$/.test(name));
  const roles = new Map(pids.map((pid) => [pid, roleOf(join(procRoot, pid, 'fd'), device.rdev)]));
  return pids.filter((pid) => roles.get(pid) === 'near' && roles.get(parentOf(join(procRoot, pid))) !== 'far')
    .map((pid) => ({ pid: Number(pid), command: commandOf(join(procRoot, pid)) }));
}

/** Processes come and go, and most of other users' may not be looked into. */
function quietly<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}

/** 'process 4711 (minicom -D /dev/ttyACM0)' */
export function describeHolders(holders: readonly PortHolder[]): string {
  const named = holders.slice(0, NAMED).map(({ pid, command }) => (pid === process.pid ? `this process (${pid})` : `process ${pid}${command === '' ? '' : ` (${command})`}`));
  return [...named, ...(holders.length > NAMED ? [`${holders.length - NAMED} more`] : [])].join(', ');
}

/**
 * 'near': has the device open. 'far': made the pseudo-terminal; it may keep the near side open without reading from it, and so may
 * a program that it started (socat PTY EXEC:...), which inherits it.
 */
function roleOf(folder: string, rdev: number): 'near' | 'far' | null {
  let role: 'near' | null = null;
  for (const fd of quietly(() => readdirSync(folder)) ?? []) {
    const link = join(folder, fd);
    const target = quietly(() => readlinkSync(link)) ?? '';
    if (!target.startsWith('/dev/')) continue;
    if (target.endsWith('ptmx') && masterIndex(join(folder, '../fdinfo', fd)) === ptyIndex(rdev)) return 'far';
    if (role !== null) continue;
    const file = quietly(() => statSync(link));
    if (file !== null && file.isCharacterDevice() && file.rdev === rdev) role = 'near';
  }
  return role;
}

/** '' where it cannot be told. */
function parentOf(folder: string): string {
  const text = quietly(() => readFileSync(join(folder, 'stat'), 'latin1')) ?? '';
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[1] ?? ''; // the command in brackets may hold anything
}

/** Number below /dev/pts; null where the device is no pseudo-terminal (Linux: character devices 136 to 143). */
function ptyIndex(rdev: number): number | null {
  const major = (rdev >> 8) & 0xfff;
  const minor = (rdev & 0xff) | ((rdev >> 12) & 0xfff00);
  return isPty(major) ? (major - 136) * 256 + minor : null;
}

/** Which pseudo-terminal an open /dev/ptmx is the far side of. */
function masterIndex(fdinfo: string): number | undefined {
  const match = /^tty-index:\s*(\d+)/m.exec(quietly(() => readFileSync(fdinfo, 'utf8')) ?? '');
  return match === null ? undefined : Number(match[1]);
}

function commandOf(folder: string): string {
  const command = (quietly(() => readFileSync(join(folder, 'cmdline'), 'utf8')) ?? '').replaceAll('\0', ' ').trim();
  return (command === '' ? (quietly(() => readFileSync(join(folder, 'comm'), 'utf8')) ?? '').trim() : command).slice(0, COMMAND_LIMIT);
}
