import type { Exchange } from './exchange.ts';
import type { LinkStats } from './link.ts';

/** The figures of a link while it runs. */
export class Stats implements LinkStats {
  bytesToDevice = 0;
  bytesFromDevice = 0;
  framesSent = 0;
  framesReceived = 0;
  resent = 0;
  damaged = 0;
  damagedOnDevice = 0;
  stale = 0;
  textBytes = 0;
  readonly #busy: () => Exchange['busyMs'];

  constructor(busy: () => Exchange['busyMs']) {
    this.#busy = busy;
  }

  get seconds(): number {
    return this.#busy().other / 1000;
  }

  get runSeconds(): number {
    return this.#busy().run / 1000;
  }

  /** JSON sees the getters too. */
  toJSON(): LinkStats {
    const { bytesToDevice, bytesFromDevice, framesSent, framesReceived, resent, damaged, damagedOnDevice, stale, textBytes, seconds, runSeconds } = this;
    return { bytesToDevice, bytesFromDevice, framesSent, framesReceived, resent, damaged, damagedOnDevice, stale, textBytes, seconds, runSeconds };
  }
}
