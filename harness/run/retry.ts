import type { Device } from '../device/index.ts';
import { HilError } from '../errors.ts';

/** Bench faults that a power cycle or a reset may cure: of the line, the port, the flashing, the board that did not come up. */
const CURABLE = /^(link|port|flash|dut)\.|^device\.(start-timeout|.*-exited|did-not-start|unplugged)$|^run\.(wrong-image|inputs-changed|outputs-changed|short)$/;
/** Of those, what stays as it is however often one tries. */
const LASTING = /^link\.(protocol-version|refused)$|^dut\.(model|other-model|results-count|too-coarse|unexpected|cancelled)$|^port\.(ambiguous|permission)$|^flash\.(no-tool|permission|several-probes|wrong-target|locked|bad-image)$/;

/** Whether an attempt that ended so may be repeated: never where the code under test failed, in numbers or otherwise. */
export function worthRetrying(ended: HilError | null, device: Device): boolean {
  return device.recover !== undefined && ended?.kind === 'bench' && CURABLE.test(ended.code) && !LASTING.test(ended.code);
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
