import type { LineSpeed } from '../device/index.ts';
import { HilError } from '../errors.ts';
import type { Link } from '../link/index.ts';

const VALUES = 256;
/** Each byte value is sent at that many places of a frame. */
const ROTATIONS = 4;
const LINE_HINT = 'Check cable, ground and level shifter, and that nothing else reads the port; then lower serial.baud in the device file.';

/**
 * Sends every byte value there and back, at several places of a frame.
 * @returns what was done @throws HilError 'bench' doctor.loop-back, or what the link throws
 */
export async function loopBack(deviceId: string, link: Link): Promise<string> {
  const { resent, damaged, damagedOnDevice } = link.stats;
  const room = Math.min(VALUES, link.hello.poolBytes);
  for (let rotation = 0; rotation < ROTATIONS; rotation += 1) {
    // Odd, so that all values come up; another one each time, so that they stand beside others.
    const bytes = Buffer.from(Array.from({ length: VALUES }, (_, at) => (at * (2 * rotation + 1) + 67 * rotation) & 0xff));
    for (let at = 0; at < VALUES && room > 0; at += room) {
      const sent = bytes.subarray(at, Math.min(at + room, VALUES));
      await link.write(0, sent);
      checkSame(deviceId, 'loop-back', sent, await link.read(0, sent.length));
    }
  }
  const repeated = link.stats.resent - resent;
  const broken = link.stats.damaged - damaged + link.stats.damagedOnDevice - damagedOnDevice;
  return `every byte value ${ROTATIONS} times there and back${repeated + broken === 0 ? '' : `, but ${repeated} frames had to be sent again and ${broken} came damaged: ${LINE_HINT}`}`;
}

/**
 * Loop-back at one of the faster speeds of a device file, and back to the first one.
 * @returns what was found; a speed that the two sides do not agree on is none that a run would use, and no failure
 */
export async function loopBackAt(deviceId: string, link: Link, speed: LineSpeed, baud: number): Promise<string> {
  const setBaud = (to: number): Promise<void> => speed.setBaud(to);
  if (!await link.changeBaud(baud, setBaud, speed.baud)) return `not agreed on: the line stays at ${speed.baud} baud, as a run would`;
  const done = await loopBack(deviceId, link);
  if (!await link.changeBaud(speed.baud, setBaud, baud)) {
    throw new HilError('bench', 'doctor.no-way-back', `device ${deviceId}: the line works at ${baud} baud, but did not go back to ${speed.baud}`, { hint: LINE_HINT });
  }
  return done;
}

const PIECE = 2048;

/**
 * Marks at every power of two and at the end of the pool, all written before the first is read, so that a missing address line
 * shows; then its first and last bytes in full.
 * @throws HilError 'bench' doctor.memory
 */
export async function checkMemory(deviceId: string, link: Link): Promise<string> {
  const { poolBytes } = link.hello;
  const offsets = [0, poolBytes - 1];
  for (let offset = 1; offset < poolBytes; offset *= 2) offsets.push(offset);
  const marks = [...new Set(offsets)].filter((offset) => offset >= 0 && offset < poolBytes).map((offset, which) => ({ offset, mark: Buffer.from([0xa5 ^ (which * 37)]) }));
  for (const { offset, mark } of marks) await link.write(offset, mark);
  for (const { offset, mark } of marks) checkSame(deviceId, 'memory', mark, await link.read(offset, 1), offset);
  const piece = Math.min(PIECE, poolBytes);
  for (const offset of new Set([0, poolBytes - piece])) {
    const bytes = Buffer.from(Array.from({ length: piece }, (_, at) => ((at * 167) ^ (at >> 8) ^ offset) & 0xff));
    await link.write(offset, bytes);
    checkSame(deviceId, 'memory', bytes, await link.read(offset, piece), offset);
  }
  return `${poolBytes} bytes for samples, ${marks.length} addresses told apart`;
}

function checkSame(deviceId: string, what: 'loop-back' | 'memory', sent: Buffer, got: Buffer, from = 0): void {
  if (sent.equals(got)) return;
  const at = sent.findIndex((value, index) => got[index] !== value);
  throw new HilError('bench', `doctor.${what}`, `device ${deviceId}: byte ${from + at} of the pool came back as ${got[at]}, sent was ${sent[at]}`, {
    hint: what === 'memory' ? 'The memory of the pool is not all there, or something else writes to it: check the linker script of the board.' : LINE_HINT,
  });
}
