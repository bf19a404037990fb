import { helloOnce, systemClock } from '../../link/index.ts';
import type { Hello } from '../../link/index.ts';
import type { SerialLine } from '../../link/transports/line.ts';
import type { SerialSpec } from '../spec.ts';

/** How long a board that can hear may take to answer HELLO, milliseconds; one that does not gets flashed. */
const ANSWER_MS = 700;

/** What a board says that was asked before it is given an image. */
export interface Known {
  readonly hello: Hello;
  /** At this speed. */
  readonly baud: number;
}

export interface AskOptions {
  readonly deviceId: string;
  readonly signal: AbortSignal;
  /** It was reset just now and can hear: it has the speed of its start. */
  readonly fresh: boolean;
}

/**
 * Who runs on the board. One that was not reset may still have the faster speed of an earlier session: those are tried too.
 * The line keeps the speed of the answer; without one it has the speed of the start.
 * @returns null where nobody answers. @throws HilError 'cancelled'; 'bench' where the port cannot do a speed
 */
export async function askWhoRuns(line: SerialLine, { baud: { start, faster }, port, reset }: SerialSpec, { deviceId, signal, fresh }: AskOptions): Promise<Known | null> {
  const speeds = fresh || 'tcp' in port ? [start] : [start, ...faster];
  for (const baud of speeds) {
    if (baud !== line.baud) await line.setBaud(baud);
    // Opening alone resets some boards: the first question waits for their start.
    const timeoutMs = ANSWER_MS + (baud === start && !fresh ? reset.bootMs : 0);
    const hello = await helloOnce(line.stream, { deviceId, timeoutMs, signal, clock: systemClock });
    if (hello !== null) return { hello, baud };
  }
  if (line.baud !== start) await line.setBaud(start);
  return null;
}
