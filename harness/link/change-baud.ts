import type { Clock } from './clock.ts';
import { askHello } from './hello.ts';
import { decodeBaudOk, encodeBaud } from './messages.ts';
import type { Hello } from './messages.ts';
import { PoolRequests } from './pool.ts';
import { ANSWER, REQUEST } from './protocol.ts';
import { single } from './request.ts';
import type { Request, RequestSource } from './request.ts';
import type { Wire } from './wire.ts';

/** The device returns to its old speed when it has not heard a right frame for a second. */
const PROOF_HELLO_MS = 1000;
/** For all byte values there and back, beside the time that they take on the line. */
const PROOF_DATA_MS = 1500;
/**
 * For HELLO at the old speed: a device that was heard at the new one, but not well enough, gives it up only after 3 seconds of
 * what is garbage to it; and a second for its answer.
 */
const RETURN_MS = 6000;

export interface BaudChange {
  readonly baud: number;
  /** The speed now, which is that after the device's start. */
  readonly from: number;
  /** Sets this side's speed. */
  readonly setBaud: (baud: number) => Promise<void>;
}

/**
 * Moves the line to another speed and proves it, or brings it back. The caller sees to it that nothing else is asked meanwhile.
 * The proof overwrites the pool's first 256 bytes.
 * @returns whether the new speed is in use
 * @throws HilError where the link broke: 'bench' link.speed-lost, whatever setBaud throws on the way back, ...
 */
export async function changeBaud(wire: Wire, clock: Clock, hello: Hello, change: BaudChange): Promise<boolean> {
  if (!hello.changesBaud || !await askForSpeed(wire, change.baud)) return false;
  wire.changingSpeed = true;
  try {
    if (await isProven(wire, clock, hello, change)) return true;
    await change.setBaud(change.from);
    const lost = wire.errors.speedLost(change.baud, change.from, RETURN_MS);
    const giveUp = clock.after(RETURN_MS, () => wire.exchange.fail(lost));
    await askHello(wire).finally(giveUp);
    return false;
  } finally {
    wire.changingSpeed = false;
  }
}

/** @returns false where the device can't do it, or can't at all. */
async function askForSpeed(wire: Wire, baud: number): Promise<boolean> {
  try {
    await wire.exchange.submit(single({
      type: REQUEST.baud,
      alone: true,
      payload: encodeBaud(baud),
      accept: (frame) => frame.type === ANSWER.baud && decodeBaudOk(frame.payload) === baud,
    }));
    return true;
  } catch (error) {
    if (wire.exchange.failure !== undefined) throw error;
    return false; // refused
  }
}

async function isProven(wire: Wire, clock: Clock, hello: Hello, { baud, setBaud }: BaudChange): Promise<boolean> {
  const within = async <T>(ms: number, work: () => Promise<T>): Promise<T> => {
    const giveUp = clock.after(ms, () => wire.exchange.giveUp(wire.errors.unproven(baud)));
    return work().finally(giveUp);
  };
  try {
    await setBaud(baud);
    const { buildId } = await within(PROOF_HELLO_MS, () => askHello(wire));
    const bytesMs = (4 * 256 * 10 * 1000) / baud; // there and back, ten bits a byte, twice over
    return buildId === hello.buildId && await within(PROOF_DATA_MS + bytesMs, () => carriesEveryByte(wire, hello));
  } catch (error) {
    if (wire.exchange.failure !== undefined) throw error;
    return false;
  }
}

/** Writes all byte values and reads them back. */
async function carriesEveryByte(wire: Wire, hello: Hello): Promise<boolean> {
  const pool = new PoolRequests(hello);
  const values = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
  const room = Math.min(values.length, hello.poolBytes);
  for (let at = 0; at < values.length && room > 0; at += room) {
    const part = values.subarray(at, at + room);
    const back = Buffer.alloc(part.length);
    await wire.exchange.submit(patiently(pool.write(0, part)));
    await wire.exchange.submit(patiently(pool.read(0, back)));
    if (!back.equals(part)) return false;
  }
  return true;
}

/** The same requests, but never given up by the link: the caller does that, and the link goes on. */
function patiently(source: RequestSource): RequestSource {
  return () => {
    const request: Request | null = source();
    return request === null ? null : { ...request, kind: 'hello' };
  };
}
