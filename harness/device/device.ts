import type { Duplex } from 'node:stream';
import type { Clock } from '../link/clock.ts';
import type { LinkPace } from '../link/link.ts';
import type { DeviceSpec } from './spec.ts';

/** What a build made and a device can run. */
export interface Image {
  /** Absolute path; an ELF for the target, or for kind 'host' the native executable. */
  readonly elf: string;
  /** SHA-256 of the ELF, hex. */
  readonly sha256: string;
  /** 32 hex digits, compiled into the image and echoed in HELLO. */
  readonly buildId: string;
  /** Further files a driver may need (raw binary, weights), by role. */
  readonly files: Readonly<Record<string, string>>;
}

export interface Usability {
  readonly usable: boolean;
  /** What is there: tool versions, paths. */
  readonly found: readonly string[];
  /** What is missing, and how to get it; empty when usable. */
  readonly missing: readonly { readonly what: string; readonly howToGet: string }[];
}

/** How a target ended, where it did so by itself. */
export interface TargetEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Last text on the target process's own stderr/stdout (not the link), at most 8 kB, untrusted. */
  readonly text: string;
  /** True where the text or code says that the program under test locked up the core (QEMU "Lockup"), i.e. a target failure. */
  readonly lockup: boolean;
  /** What the driver makes of the text: 'the model stopped by itself: Cycle limit has been exceeded'. */
  readonly reason?: string;
}

/** Bytes to be in the target's memory when it starts; moved by a side door, not over the link. */
export interface Preload {
  /** Address on the target; below it lies what the linker script reserves for this (symbols __hil_preload_low and _high). */
  readonly address: number;
  readonly bytes: Uint8Array;
}

export interface StartOptions {
  readonly signal: AbortSignal;
  /** Own, already existing, empty folder for sockets, logs and the like; removed by the caller. */
  readonly workDir: string;
  /** Called with lines that the target's process prints on its own (warnings filtered of known noise). */
  readonly onText?: (line: string) => void;
  /** Steps worth telling on the way ("flashing with openocd", "waiting for the port"). */
  readonly onStep?: (step: string) => void;
  /** Only where Device.preloads is true. */
  readonly preload?: readonly Preload[];
}

/** The speed of a line that has one. */
export interface LineSpeed {
  readonly baud: number;
  /** What the device file would like, best first; all faster than `baud` at the start. */
  readonly faster: readonly number[];
  /** Sets this side's speed; what is on the wire at this moment is lost. */
  setBaud(baud: number): Promise<void>;
}

/** A running target. */
export interface DeviceSession {
  /** The byte stream to the agent. It errors or closes when the target is gone. */
  readonly stream: Duplex;
  /** Settles (never rejects) when the target has ended, for whatever reason. */
  readonly ended: Promise<TargetEnd>;
  /** Ends the target and all its processes (a board keeps running, its port is closed); resolves when they are gone. Safe to call twice. */
  stop(): Promise<void>;
  /** Said in the report: 'not flashed: the board already runs this build', 'inputs were loaded by --data', ... */
  readonly notes?: readonly string[];
  readonly speed?: LineSpeed;
  /** For LinkOptions.pace: the receiver loses what comes too fast. */
  readonly pace?: LinkPace;
  /** Time for the link's deadlines; default: the computer's. A replay has one of its own. */
  readonly clock?: Clock;
}

/** A driver: one file a kind, at most ten methods. Constructed with its spec; holds no global state. */
export interface Device {
  readonly spec: DeviceSpec;
  /** Looks for tools and hardware without starting anything. */
  probe(): Promise<Usability>;
  /**
   * Starts the image; 'attached' takes what already runs, without flashing or resetting it.
   * @throws HilError kind 'bench' (tool missing, did not start, ...), 'cancelled' on abort.
   */
  start(image: Image | 'attached', options: StartOptions): Promise<DeviceSession>;
  /** True where StartOptions.preload works. Default false. */
  readonly preloads?: boolean;
  /**
   * Before the one retry after a bench fault: power cycle, or else a reset. Absent where the device has neither.
   * @returns what was done, for the report. @throws HilError 'bench' where that failed too
   */
  recover?(options: { readonly signal: AbortSignal; readonly workDir: string }): Promise<string>;
}
