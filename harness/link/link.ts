import type { HilError } from '../errors.ts';
import type { Clock } from './clock.ts';
import type { Hello, NetworkInfo, Progress } from './messages.ts';
import type { RunDone, RunRequest } from './run-messages.ts';
import type { TranscriptSink } from './transcript.ts';

/** For a device that has next to no receive buffer: what the link is to keep to, and tells the one that paces its bytes. */
export interface LinkPace {
  /** Most data bytes of one WRITE. Besides, one request at a time is under way: such a device loses what comes while it answers. */
  readonly writeBytes: number;
  /** Something that was sent did not come through whole. May be called more than once a loss. */
  lost(): void;
  /** A request of so many bytes was answered when sent for the first time. */
  fine(bytes: number): void;
}

export interface LinkOptions {
  /** For messages. */
  readonly deviceId: string;
  /** Aborting ends the link: everything outstanding fails with kind 'cancelled'. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** How long to wait for the first HELLO_OK. */
  readonly helloTimeoutMs: number;
  /** Time between two HELLOs until one is answered. Default 150; 400 with a pace. */
  readonly helloIntervalMs?: number;
  /** A request without an answer for so long is sent again; longer each time that it happens in a row. */
  readonly replyTimeoutMs: number;
  /** A RUN of which nothing is heard for so long has failed. */
  readonly silenceMs: number;
  /** How often one request is sent again before the link gives up. Default 12. */
  readonly maxRetries?: number;
  /** Lines that other code on the device printed. Bounded in length and number; untrusted, not escaped. Must not throw. */
  readonly onLog?: (line: string) => void;
  readonly transcript?: TranscriptSink;
  readonly pace?: LinkPace;
}

export interface RunOptions {
  /** Most time that the run may take on the host's clock; default: no limit beyond silence. */
  readonly deadlineMs?: number;
  /** Overrides the link's silenceMs for this run. */
  readonly silenceMs?: number;
  readonly onProgress?: (progress: Progress) => void;
}

/** What has passed so far. Live: read it again for later figures. */
export interface LinkStats {
  /** On the wire, everything counted. */
  readonly bytesToDevice: number;
  readonly bytesFromDevice: number;
  /** Valid frames either way; framesSent counts those sent again too. */
  readonly framesSent: number;
  readonly framesReceived: number;
  /** Requests sent again, but for HELLOs before the first answer. */
  readonly resent: number;
  /** Records that were neither frame nor text, and those that the device called damaged; not those of a change of speed. */
  readonly damaged: number;
  readonly damagedOnDevice: number;
  /** Valid frames that answered nothing outstanding, and were dropped. */
  readonly stale: number;
  readonly textBytes: number;
  /** Time with a request outstanding, RUNs apart. */
  readonly seconds: number;
  readonly runSeconds: number;
}

/**
 * A session with an agent. Every method fails with a HilError: 'target' (target.fault, target.hang, target.reset,
 * target.crashed) where the code under test died, 'cancelled' on abort, else 'bench' (link.closed, link.no-answer, link.silent, link.refused, link.malformed, ...).
 * After a failure other than link.refused every further call fails with the same error.
 */
export interface Link {
  readonly hello: Hello;
  /** In the order of their index. */
  readonly networks: readonly NetworkInfo[];
  readonly stats: LinkStats;
  /** What ended the link, if something did. */
  readonly failure: HilError | undefined;
  /** Copies bytes of any length into the pool. They must not change until it has settled. */
  write(offset: number, bytes: Uint8Array): Promise<void>;
  /** Copies bytes of any length out of the pool. */
  read(offset: number, count: number): Promise<Buffer>;
  /** Copies bytes of the preload (filled by the bench before the start) into the pool. @throws HilError 'bench' link.refused where there is none */
  copy(fromOffset: number, toOffset: number, count: number): Promise<void>;
  /**
   * Asks the device for another speed and changes this side's by `setBaud`, then proves the line by HELLO and a write and read
   * back of every byte value in the pool's first 256 bytes. Where that fails both sides go back to the old speed (within some
   * 7 seconds), and the link goes on. Other calls wait meanwhile.
   * @param from the speed now, which must be the one after the device's start: that is what the device falls back to
   * @returns whether the new speed is in use. @throws HilError where the link broke for good
   */
  changeBaud(baud: number, setBaud: (baud: number) => Promise<void>, from: number): Promise<boolean>;
  /** Runs once, however often the request had to be sent. The caller checks the CRCs of what went in and came out. */
  run(request: RunRequest, options?: RunOptions): Promise<RunDone>;
  /** Ends the session and destroys the stream. Safe to call twice. */
  close(): Promise<void>;
}
