import type { Duplex } from 'node:stream';

/** An open serial line, near or far: bytes, speed and control lines. */
export interface SerialLine {
  /** Ends or fails at once when the port is unplugged or the far end is gone; destroying it closes the port. */
  readonly stream: Duplex;
  /** How to name the port to people: '/dev/serial/by-id/usb-...', 'rfc2217://host:port'. */
  readonly name: string;
  readonly baud: number;
  /** @throws HilError 'bench' where this side cannot do that speed */
  setBaud(baud: number): Promise<void>;
  /** Levels of the control lines; a line without them (raw TCP) ignores it. */
  setLines(levels: { readonly dtr?: boolean; readonly rts?: boolean }): Promise<void>;
  /** Throws away what was received and not yet read, here and in the driver. */
  discardInput(): Promise<void>;
  /** Resolves when the port is free again. Safe to call twice. */
  close(): Promise<void>;
}
