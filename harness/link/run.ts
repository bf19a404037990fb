import type { Clock } from './clock.ts';
import { frameBound } from './frame.ts';
import type { RunOptions } from './link.ts';
import { ANSWER, REQUEST } from './protocol.ts';
import { decodeRunDone, encodeRun } from './run-messages.ts';
import type { RunDone, RunRequest } from './run-messages.ts';
import type { Wire } from './wire.ts';

interface Limits extends RunOptions {
  readonly silenceMs: number;
  /** Longest request on the wire. */
  readonly maxFrameBytes: number;
}

/** Sends a RUN and waits for its end, however long that takes as long as the device is heard. @throws HilError */
export async function runOnce(wire: Wire, clock: Clock, nonce: number, run: RunRequest, limits: Limits): Promise<RunDone> {
  const payload = encodeRun(nonce, run);
  if (frameBound(payload.length) > limits.maxFrameBytes) {
    throw wire.errors.oversizedRun(frameBound(payload.length), limits.maxFrameBytes);
  }
  let result: RunDone | undefined;
  let samples = 0;
  let watch: Watch | undefined;
  const request = {
    type: REQUEST.run,
    kind: 'run' as const,
    payload,
    accept: (frame: { readonly type: number; readonly payload: Buffer }) => {
      if (frame.type !== ANSWER.run) return false;
      const done = decodeRunDone(frame.payload);
      if (done.nonce !== nonce) return false;
      result = done;
      watch?.stop();
      return true;
    },
  };
  let asked = false;
  const source = (): typeof request | null => {
    if (asked) return null;
    asked = true;
    watch = new Watch(wire, clock, limits, () => samples);
    wire.onProgress = (progress) => {
      if (progress.nonce !== nonce) return;
      samples = progress.done;
      limits.onProgress?.(progress);
    };
    return request;
  };
  try {
    await wire.exchange.submit(source);
  } finally {
    (watch as Watch | undefined)?.stop();
  }
  return result as RunDone;
}

/** Fails the link when a RUN takes too long or nothing is heard of it. */
class Watch {
  readonly #wire: Wire;
  readonly #clock: Clock;
  readonly #silenceMs: number;
  #lastSign: number;
  #cancelSilence: () => void = () => {};
  #cancelDeadline: () => void = () => {};

  constructor(wire: Wire, clock: Clock, limits: Limits, samples: () => number) {
    this.#wire = wire;
    this.#clock = clock;
    this.#silenceMs = limits.silenceMs;
    this.#lastSign = clock.now();
    wire.onSign = () => void (this.#lastSign = clock.now());
    const { deadlineMs } = limits;
    if (deadlineMs !== undefined) {
      this.#cancelDeadline = clock.after(deadlineMs, () => wire.exchange.fail(wire.errors.runDeadline(deadlineMs, samples())));
    }
    this.#arm();
  }

  stop(): void {
    this.#cancelSilence();
    this.#cancelDeadline();
    this.#wire.onSign = undefined;
    this.#wire.onProgress = undefined;
  }

  #arm(): void {
    const left = this.#lastSign + this.#silenceMs - this.#clock.now();
    if (left <= 0) this.#wire.exchange.fail(this.#wire.errors.silent(this.#silenceMs));
    else this.#cancelSilence = this.#clock.after(Math.max(1, left), () => this.#arm());
  }
}
