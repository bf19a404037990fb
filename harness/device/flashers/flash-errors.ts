import { HilError } from '../../errors.ts';

/** What can go wrong on the bench while flashing. */
export type FlashFailure =
  | 'no-tool' | 'no-probe' | 'several-probes' | 'permission' | 'no-target' | 'wrong-target' | 'locked' | 'verify' | 'timeout' | 'bad-image' | 'failed';

const WHAT: Readonly<Record<FlashFailure, string>> = {
  'no-tool': 'the tool is not there',
  'no-probe': 'it finds no debug probe or boot loader',
  'several-probes': 'several debug probes or boot loaders answer, and it must not be left to chance which board is written',
  permission: 'this user may not open the debug probe or boot loader',
  'no-target': 'the probe answers, the chip behind it does not',
  'wrong-target': 'the chip is another one than the device file says',
  locked: 'the chip is protected against reading and writing by a debug probe',
  verify: 'what is in the flash afterwards is not what was written',
  timeout: 'it took too long',
  'bad-image': 'the image cannot be flashed',
  failed: 'it failed',
};

const HINT: Readonly<Record<FlashFailure, string>> = {
  'no-tool': '',
  'no-probe': 'Is the board plugged in and powered? Is the cable one that carries data? Does another program hold the probe?',
  'several-probes': 'Give the probe\'s serial number in the device file (flasher.probeSerial, or serialNumber, or probe as VID:PID:SERIAL), or unplug the others.',
  permission: 'Add a udev rule for the probe (most tools bring one, OpenOCD its 60-openocd.rules), run "udevadm control --reload" as root, and plug it in again.',
  'no-target': 'Is the board powered, and the probe wired to it? A lower speed (flasher.speedKhz) helps with long wires.',
  'wrong-target': 'Compare the chip on the board with the flasher entry of the device file.',
  locked: 'Unlock the chip with its vendor\'s tool. That erases all of its flash.',
  verify: 'Flash again. If it stays so: a worn flash, a wrong chip in the device file, or a supply that breaks in.',
  timeout: 'Allow more by timeouts.startMs in the device file, or look whether the probe hangs: unplug it and plug it in again.',
  'bad-image': 'Build the image again, and look at the linker script of the board.',
  failed: 'The tool\'s last lines say more.',
};

const TAIL_LINES = 8;
const TAIL_LIMIT = 1000;
/** Names, licences and rulers with which tools greet, and what they say all the time. */
const GREETING = /^\s*(Open On-Chip Debugger|Licensed under|For bug reports|http:\/\/openocd|dfu-util \d|Copyright|This program is Free Software|Please report bugs|SEGGER J-Link Commander|DLL version|STM32CubeProgrammer v|-{10,}$|Info : |dfu-util: (Warning: Invalid|A valid) DFU suffix)/;

/** The last lines a tool printed, as one that is short enough for a message. Untrusted text. */
export function lastLines(output: string): string {
  return output.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== '' && !GREETING.test(line)).slice(-TAIL_LINES).join(' | ').slice(-TAIL_LIMIT);
}

export interface FlashErrorOptions {
  readonly hint?: string;
  /** All the tool printed. */
  readonly output?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** @param detail instead of the usual sentence about this failure */
export function flashError(deviceId: string, tool: string, failure: FlashFailure, detail?: string, options: FlashErrorOptions = {}): HilError {
  const said = lastLines(options.output ?? '');
  return new HilError('bench', `flash.${failure}`, `device ${deviceId}: flashing with ${tool}: ${detail ?? WHAT[failure]}${said === '' ? '' : `; it said: ${said}`}`, {
    hint: options.hint ?? HINT[failure], facts: { tool, ...options.facts }, ...(options.cause === undefined ? {} : { cause: options.cause }),
  });
}
