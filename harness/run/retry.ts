import type { Device } from '../device/index.ts';
import { HilError } from '../errors.ts';

/** Bench faults that a power cycle or a reset may cure: of the line, the port, the flashing, the board that did not come up. */
const CURABLE = /^(link|port|flash|dut)\.|^device\.(start-timeout|.*-exited)$|^run\.(wrong-image|inputs-changed|outputs-changed|short)$/;
/** Of those, what stays as it is however often one tries; and a port that someone else has: his board is not to be switched off. */
const LASTING: ReadonlySet<string> = new Set([
  'link.protocol-version', 'link.refused',
  'port.busy', 'port.far-busy', 'port.ambiguous', 'port.no-permission', 'port.not-a-tty', 'port.baud', 'port.no-serialport', 'port.no-rfc2217',
  'flash.no-tool', 'flash.permission', 'flash.several-probes', 'flash.wrong-target', 'flash.locked', 'flash.bad-image',
  'dut.model', 'dut.other-model', 'dut.results-count', 'dut.too-coarse',
]);

/** Whether a bench fault is one that a power cycle or a reset may cure. */
export const curable = (code: string): boolean => CURABLE.test(code) && !LASTING.has(code);

/** Whether an attempt that ended so may be repeated at once, the device being brought back before: never where the code under test failed, in numbers or otherwise. */
export function worthRetrying(ended: HilError | null, device: Device): boolean {
  return device.recover !== undefined && ended?.kind === 'bench' && curable(ended.code);
}

/**
 * Brings the device back by power cycle or reset.
 * @returns the note for the report @throws HilError of the attempt that failed, saying that recovery failed too; 'cancelled' on abort
 */
export async function recoverDevice(device: Device, ended: HilError, options: { readonly signal: AbortSignal; readonly workDir: string }): Promise<string> {
  try {
    const done = await device.recover?.(options) ?? 'nothing';
    return `repeated once after a bench fault: ${ended.message} (${ended.code}); before that: ${done}`;
  } catch (error) {
    if (options.signal.aborted) throw error;
    if (error instanceof HilError && error.code === ended.code) throw ended.inContext({ after: ' (bringing the device back, to repeat it, failed for the same reason)' });
    throw ended.inContext({ after: `; to repeat it, the device was to be brought back, which failed: ${error instanceof Error ? error.message : String(error)}` });
  }
}
