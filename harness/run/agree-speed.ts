import type { LineSpeed } from '../device/index.ts';
import type { Link } from '../link/index.ts';

/**
 * Moves the line to the fastest speed that both sides do, tried in the order of the device file; each that fails costs about a
 * second and leaves the line as it was.
 * @returns notes for the report @throws HilError where the link broke on the way
 */
export async function agreeSpeed(link: Link, speed: LineSpeed | undefined): Promise<string[]> {
  if (speed === undefined || speed.faster.length === 0) return [];
  if (!link.hello.changesBaud) return [`the line stays at ${speed.baud} baud: the firmware cannot change it`];
  const failed: number[] = [];
  const from = speed.baud;
  const told = (): string[] => (failed.length === 0 ? [] : [`the line did not work at ${failed.join(', ')} baud`]);
  for (const baud of speed.faster) {
    if (await link.changeBaud(baud, (to) => speed.setBaud(to), from)) return [`the line runs at ${baud} baud`, ...told()];
    failed.push(baud);
  }
  return [`the line stays at ${speed.baud} baud`, ...told()];
}
