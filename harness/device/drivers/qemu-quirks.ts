/**
 * All that hil knows of QEMU's versions, 7.2 to 10.0 tried. What the firmware bears, so that one image runs on all:
 * - mps2-an505 ... mps3-an547 have the receive and transmit interrupts of their UARTs swapped in 7.2, not in 10.0: cmsdk_uart.c polls.
 * - CCR.UNALIGN_TRP works on Armv7-M only after something makes 7.2 compute its CPU flags again: startup.c writes CONTROL after CCR.
 * - netduinoplus2 has 192 KB of SRAM at 0x20000000 in 7.2, and as the chip 128 KB (and 64 KB at 0x10000000) in 10.0: its board uses 128 KB.
 * - The USART of netduinoplus2 drops what comes before the firmware opens it: a HELLO is repeated until it is answered.
 * - DWT's cycle counter stands still everywhere: the agent takes SysTick, and says so.
 */

export interface QemuVersion {
  /** As QEMU names itself: 'QEMU emulator version 7.2.22'. */
  readonly text: string;
  readonly major: number;
  readonly minor: number;
}

/** The oldest that hil is tried with; 6.2 is known for a defect of SysTick. */
const OLDEST = { major: 7, minor: 2 } as const;
export const OLDEST_TEXT = `${OLDEST.major}.${OLDEST.minor}`;

/** @returns null for a program that does not answer `--version` as QEMU does */
export function parseQemuVersion(answer: string): QemuVersion | null {
  const match = /^QEMU emulator version (\d{1,4})\.(\d{1,4})\S{0,40}/.exec(answer);
  return match === null ? null : { text: match[0], major: Number(match[1]), minor: Number(match[2]) };
}

export function isTooOld({ major, minor }: QemuVersion): boolean {
  return major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor);
}

/** Machines that not every supported version has, and since which. */
const SINCE: Readonly<Record<string, string>> = { 'olimex-stm32-h405': '8.0', 'b-l475e-iot01a': '9.0' };

/** What is missing where QEMU does not list a machine. */
export function missingMachine(machine: string): string {
  const since = SINCE[machine];
  return `QEMU ${since === undefined ? '' : `${since} or newer `}with the machine ${machine}`;
}

/** Lines that QEMU prints in good order: a write to SysTick's counter (hw/core/ptimer.c), and a socket that waits for the host. */
export function isNoise(line: string): boolean {
  return line.includes('Timer with delta zero') || line.includes('info: QEMU waiting for connection on');
}

/** A fault in a fault handler: QEMU prints the registers and aborts (SIGABRT; a shell shows 134). */
export function isLockup(text: string): boolean {
  return /\bLockup\b/.test(text);
}

/** A comma separates options; in a value it is written twice. */
export function optionValue(text: string): string {
  return text.replaceAll(',', ',,');
}
