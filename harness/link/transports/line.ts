import type { Duplex } from 'node:stream';
import type { HilError } from '../../errors.ts';

/** An open serial line, near or far: bytes, speed and control lines. */
export interface SerialLine {
  /**
   * Ends at once when the port is unplugged or the far end is gone, after the bytes that came before; destroying it closes the
   * port. Ending instead of failing keeps a board's last words (a fault report) readable; `failure` says why it ended.
   */
  readonly stream: Duplex;
  /** How to name the port to people: '/dev/serial/by-id/usb-...', 'rfc2217://host:port'. */
  readonly name: string;
  readonly baud: number;
  /** Why the stream ended by itself (kind 'bench', port.unplugged, port.closed-by-peer, ...); undefined while it lives, and after close(). */
  readonly failure: HilError | undefined;
  /** Sent bytes leave first, then the speed changes; bytes that come in meanwhile are lost. @throws HilError 'bench' where this side cannot do that speed */
  setBaud(baud: number): Promise<void>;
  /** Levels of the control lines; one that is left out stays as it is. A line without them (raw TCP) ignores it. */
  setLines(levels: { readonly dtr?: boolean; readonly rts?: boolean }): Promise<void>;
  /** Throws away what was received and not yet read, here and in the driver. */
  discardInput(): Promise<void>;
  /** Resolves when the port is free again. Safe to call twice. */
  close(): Promise<void>;
}
