import type { HilError } from '../../errors.ts';
import type { FlasherContext } from './flasher.ts';
import { flashError } from './flash-errors.ts';
import { probeRules, UDEV_RULES_FILE } from '../ports/permission.ts';
import { usbProbes } from './usb-probes.ts';
import type { ProbeFamily, UsbProbe } from './usb-probes.ts';

/**
 * For tools that take the first probe they find: two of a kind look the same to them, and the wrong board gets written
 * (github.com/zephyrproject-rtos/zephyr, issue 82331). Where the system tells which probes are plugged in, this decides before.
 * @throws HilError 'bench' flash.several-probes, flash.no-probe (the one asked for is not there), flash.permission
 */
export async function chooseProbe(context: FlasherContext, tool: string, family: ProbeFamily, serial: string | undefined): Promise<void> {
  const fail = (...args: Parameters<typeof flashError> extends [string, string, ...infer Rest] ? Rest : never): HilError => flashError(context.deviceId, tool, ...args);
  const all = await usbProbes(family, context.usb);
  if (all.length === 0) return; // the tool itself says best what it misses
  const wanted = serial === undefined ? all : all.filter((probe) => probe.serialNumber.toLowerCase() === serial.toLowerCase());
  if (wanted.length === 0) {
    throw fail('no-probe', `no ${family} probe with serial number ${serial} is plugged in, but ${list(all)}`, {
      hint: 'Plug in the right probe, or correct the serial number in the device file.',
    });
  }
  if (wanted.length > 1) throw fail('several-probes', `${wanted.length} ${family} probes are plugged in, and the device file does not say which one: ${list(wanted)}`);
  const [probe] = wanted as [UsbProbe];
  if (!probe.writable) {
    throw fail('permission', `this user may not open ${list([probe])}`, {
      hint: `As root, put these lines into ${UDEV_RULES_FILE}, run "udevadm control --reload", and plug the probe in again: ${probeRules(probe).join(' and ')}`,
    });
  }
}

function list(probes: readonly UsbProbe[]): string {
  return probes.map(({ vendorId, productId, product, serialNumber }) => `${product || 'a probe'} (${vendorId}:${productId}, serial number ${serialNumber || 'none'})`).join(', ');
}
