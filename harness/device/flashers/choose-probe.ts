import type { HilError } from '../../errors.ts';
import { probeRules, UDEV_RULES_FILE } from '../ports/permission.ts';
import type { FlasherContext } from './flasher.ts';
import { flashError } from './flash-errors.ts';
import type { FlashErrorOptions } from './flash-errors.ts';
import { usbProbes } from './usb-probes.ts';
import type { ProbeFamily, UsbProbe } from './usb-probes.ts';

async function pluggedIn(context: FlasherContext, families: readonly ProbeFamily[]): Promise<UsbProbe[]> {
  return (await Promise.all(families.map((family) => usbProbes(family, context.usb)))).flat();
}

/**
 * For tools that take the first probe they find: two of a kind look the same to them, and the wrong board gets written
 * (github.com/zephyrproject-rtos/zephyr, issue 82331). Where the system tells which probes are plugged in, this decides before.
 * @throws HilError 'bench' flash.several-probes, flash.no-probe (the one asked for is not there)
 */
export async function chooseProbe(context: FlasherContext, tool: string, families: readonly ProbeFamily[], serial: string | undefined): Promise<void> {
  const all = await pluggedIn(context, families);
  if (all.length === 0) return; // the tool itself says best what it misses
  const wanted = serial === undefined ? all : all.filter((probe) => probe.serialNumber.toLowerCase() === serial.toLowerCase());
  if (wanted.length === 0) {
    throw flashError(context.deviceId, tool, 'no-probe', `no probe with serial number ${serial} is plugged in, but ${list(all)}`, {
      hint: 'Plug in the right probe, or correct the serial number in the device file.',
    });
  }
  if (wanted.length > 1) {
    throw flashError(context.deviceId, tool, 'several-probes', `${wanted.length} probes are plugged in, and the device file does not say which one: ${list(wanted)}`);
  }
}

/** A tool that found no probe: most pass over those that they may not open, without a word. */
export async function noProbe(context: FlasherContext, tool: string, families: readonly ProbeFamily[], said: FlashErrorOptions): Promise<HilError> {
  const closed = (await pluggedIn(context, families)).filter((probe) => !probe.writable);
  const [first] = closed;
  if (first === undefined) return flashError(context.deviceId, tool, 'no-probe', undefined, said);
  return flashError(context.deviceId, tool, 'permission', `this user may not open ${list(closed)}`, {
    ...said,
    hint: `As root, put these lines into ${UDEV_RULES_FILE}, run "udevadm control --reload", and plug the probe in again: ${probeRules(first).join(' and ')}`,
  });
}

function list(probes: readonly UsbProbe[]): string {
  return probes.map(({ vendorId, productId, product, serialNumber }) => `${product || 'a probe'} (${vendorId}:${productId}, serial number ${serialNumber || 'none'})`).join(', ');
}
