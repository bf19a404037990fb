import { setTimeout as sleep } from 'node:timers/promises';
import type { DeviceSession, DeviceSpec } from '../device/index.ts';
import { HilError } from '../errors.ts';
import { systemClock } from '../link/index.ts';
import { openDut, type Dut } from '../link/mlperf/index.ts';
import type { Steps } from './step.ts';

const BETWEEN_MS = 20;

/** What a stock MLPerf Tiny firmware can be asked, in its own protocol: who it is, every byte value, its clock. */
export async function walkDut(spec: DeviceSpec, session: DeviceSession, steps: Steps, { signal, onLine }: { readonly signal: AbortSignal; readonly onLine?: ((line: string) => void) | undefined }): Promise<void> {
  const { helloMs, replyMs } = spec.timeouts;
  const dut = await steps.step('name', () => openDut(session.stream, { deviceId: spec.id, signal, clock: systemClock, timeouts: { readyMs: helloMs, replyMs }, onLog: (line) => onLine?.(line) }),
    ({ name, profile, model }) => `${name}, model ${model}, ${profile ?? 'no profile'}`);
  try {
    await steps.step('loop-back', () => dut.load(Uint8Array.from({ length: 256 }, (_, value) => value)),
      ({ commands, resent, attempts }) => `every byte value into the firmware's buffer and back, ${commands} commands, ${resent} sent again${attempts === 1 ? '' : `, ${attempts} attempts`}`);
    await steps.step('clock', () => clockMoves(spec.id, dut), (found) => found);
  } finally {
    await dut.close();
  }
}

async function clockMoves(deviceId: string, dut: Dut): Promise<string> {
  const first = await dut.timestamp();
  if (first === null) return 'none to read: the firmware is in energy mode';
  await sleep(BETWEEN_MS);
  const second = await dut.timestamp();
  if (second === null || second <= first) {
    throw new HilError('bench', 'doctor.counter', `device ${deviceId}: the firmware's clock stands still: ${first} us, and ${BETWEEN_MS} ms later ${second ?? 'nothing'}`,
      { hint: 'Latency cannot be measured so: check th_timestamp() of the firmware.' });
  }
  return `${second - first} us between two time stamps`;
}
