import { readFile, stat } from 'node:fs/promises';

/**
 * True where the path is a terminal device, told without opening it (which would pulse DTR): on Linux by the major numbers of the
 * terminal drivers (/proc/tty/drivers), elsewhere any character device.
 */
export async function isTtyDevice(path: string): Promise<boolean> {
  const file = await stat(path).catch(() => null);
  if (file === null || !file.isCharacterDevice()) return false;
  const drivers = await readFile('/proc/tty/drivers', 'latin1').catch(() => null);
  const major = (file.rdev >> 8) & 0xfff;
  return drivers === null || drivers.split('\n').some((line) => line.trim().split(/\s+/)[2] === String(major)) || isPty(major);
}

/** Drivers list the first major number of those of pseudo-terminals only. */
export function isPty(major: number): boolean {
  return major >= 136 && major <= 143;
}
