import type { Image, Usability } from '../device.ts';
import type { Keeper } from '../keeper.ts';
import type { UsbPlaces } from './usb-probes.ts';

/** What every adapter gets. */
export interface FlasherContext {
  /** For messages. */
  readonly deviceId: string;
  readonly env: NodeJS.ProcessEnv;
  readonly keeper?: Keeper;
  /** Where the system lists USB devices; tests pass folders of their own. */
  readonly usb?: UsbPlaces;
}

/** The board's own serial port, for tools that program through it. */
export interface BoardPort {
  /** Where it is now (it moves when the boot loader enumerates); null while it is not there. */
  find(): Promise<string | null>;
  /** Opens it at 1200 baud and closes it again: boards with a boot loader of the Arduino family take that as the wish to enter it. */
  touch(signal: AbortSignal): Promise<void>;
}

export interface FlashOptions {
  readonly signal: AbortSignal;
  /** Own, already existing folder; files for the tool are written below it. */
  readonly workDir: string;
  /** For the whole of it: boot loader, erasing, writing, verifying. */
  readonly timeoutMs: number;
  readonly onStep?: ((step: string) => void) | undefined;
  /** Needed by bossac, by dfu-util with touch1200 and by a command that names {port}. */
  readonly port?: BoardPort;
}

export interface FlashResult {
  /** For the report: which tool, and what was odd about it. */
  readonly notes: readonly string[];
}

/**
 * Puts images onto a board by one tool. All failures are HilErrors of kind 'bench' with a hint: flash.no-tool,
 * flash.no-probe, flash.several-probes, flash.permission, flash.no-target, flash.wrong-target, flash.locked, flash.verify,
 * flash.timeout, flash.bad-image, flash.failed; 'cancelled' on abort. No process is left behind in any case.
 */
export interface Flasher {
  readonly tool: string;
  /** The board's own USB goes away and comes back while this tool works: its port must be closed before. */
  readonly usesBoardUsb: boolean;
  probe(): Promise<Usability>;
  flash(image: Image, options: FlashOptions): Promise<FlashResult>;
  /** Resets the board and lets it run; only tools that can. */
  reset?(options: Omit<FlashOptions, 'port'>): Promise<void>;
}
