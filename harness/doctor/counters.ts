import { HilError } from '../errors.ts';
import { decodeSampleTicks, type Link } from '../link/index.ts';
import { PROBE_BYTES, probeOutput } from './probe-network.ts';

const SAMPLES = 4;
/** Where things lie in the pool. */
const OUT_OFFSET = SAMPLES * PROBE_BYTES;
const AUX_OFFSET = 2 * OUT_OFFSET;
const NEEDED = AUX_OFFSET + 4 * SAMPLES;

/**
 * Runs the doctor's network and times it: the core must compute what it should, and the clock must move while it does.
 * @throws HilError 'bench' doctor.counter, doctor.wrong-output
 */
export async function checkCounters(deviceId: string, link: Link, invocationLimitMs: number): Promise<string> {
  const { hello } = link;
  const network = link.networks.findIndex(({ name }) => name === 'doctor');
  if (network < 0 || hello.poolBytes < NEEDED) return `${countersOf(link)}; not timed: ${network < 0 ? 'the firmware is not the doctor\'s own' : 'the pool is too small'}`;
  const inputs = Buffer.from(Array.from({ length: OUT_OFFSET }, (_, at) => (at * 29) & 0xff));
  await link.write(0, inputs);
  const done = await link.run({
    network, mode: 'time-total', reset: true, saveState: false, restoreState: false, paintStack: false, firstSample: 0, count: SAMPLES,
    inOffset: 0, outOffset: OUT_OFFSET, stateOffset: 0, auxOffset: AUX_OFFSET, auxBytes: 4 * SAMPLES, captureSkip: 0,
    limitTicks: Math.ceil((invocationLimitMs / 1000) * hello.tickHz), mask: new Uint8Array(0),
  });
  const outputs = await link.read(OUT_OFFSET, OUT_OFFSET);
  if (done.status !== 0 || done.done !== SAMPLES || !outputs.equals(probeOutput(inputs))) {
    throw new HilError('bench', 'doctor.wrong-output', `device ${deviceId}: a network that adds and multiplies bytes gives wrong results (status ${done.status}, ${done.done} of ${SAMPLES} samples)`,
      { hint: 'Check the compiler flags of the board (core and FPU must be those of the chip) and its clock and flash wait states.' });
  }
  const ticks = decodeSampleTicks(await link.read(AUX_OFFSET, 4 * SAMPLES), SAMPLES);
  if (hello.tickHz === 0 || ticks.every((each) => each === 0)) {
    throw new HilError('bench', 'doctor.counter', `device ${deviceId}: the clock stands still: ${SAMPLES} invocations took ${ticks.join(', ')} ticks of ${hello.tickHz} Hz`,
      { hint: 'Latency cannot be measured so: check which counter the board starts (DWT, SysTick or PMU) and what it says of its frequency.' });
  }
  return `${countersOf(link)}; ${SAMPLES} invocations took ${ticks.join(', ')} ticks of ${hello.tickHz} Hz`;
}

function countersOf({ hello: { counters } }: Link): string {
  const moving = Object.entries(counters).filter(([, moves]) => moves).map(([name]) => name);
  return moving.length === 0 ? 'no counter was seen to move at the start' : `moving: ${moving.join(', ')}`;
}
