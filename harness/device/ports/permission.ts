import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { UsbIdentity } from './list-ports.ts';

/** Where the rules go: the number must be below 73, where logind hands out what is tagged uaccess. */
export const UDEV_RULES_FILE = '/etc/udev/rules.d/70-hil.rules';

/** May this user read and write the device file? */
export async function mayOpen(path: string): Promise<boolean> {
  return access(path, constants.R_OK | constants.W_OK).then(() => true, () => false);
}

/**
 * udev rules that let the user at the machine (uaccess) and the group dialout (a bench's service user) open the port, and keep
 * ModemManager from probing it with AT commands.
 */
export function portRule(usb: Pick<UsbIdentity, 'vendorId' | 'productId'>): string {
  return `SUBSYSTEM=="tty", ATTRS{idVendor}=="${usb.vendorId}", ATTRS{idProduct}=="${usb.productId}", MODE="0660", GROUP="dialout", TAG+="uaccess", ENV{ID_MM_DEVICE_IGNORE}="1"`;
}

/** The same for a debug probe or boot loader that its tool drives over raw USB (ST-Link, J-Link, DFU, BOOTSEL) or HID (CMSIS-DAP). */
export function probeRules(usb: Pick<UsbIdentity, 'vendorId' | 'productId'>): string[] {
  const access = 'MODE="0660", GROUP="plugdev", TAG+="uaccess"';
  return [
    `SUBSYSTEM=="usb", ATTR{idVendor}=="${usb.vendorId}", ATTR{idProduct}=="${usb.productId}", ${access}`,
    `KERNEL=="hidraw*", ATTRS{idVendor}=="${usb.vendorId}", ATTRS{idProduct}=="${usb.productId}", ${access}`,
  ];
}

/** What to do where a port may not be opened. */
export function howToGetAccess(path: string, usb: UsbIdentity | undefined, platform: NodeJS.Platform = process.platform): string {
  if (platform !== 'linux') return `Give this user read and write access to ${path}.`;
  const group = 'add the user to the group dialout (sudo usermod -aG dialout "$USER") and log in again';
  if (usb === undefined) return `For ${path}: ${group}.`;
  return `Either ${group}, or put this line into ${UDEV_RULES_FILE}, run "sudo udevadm control --reload && sudo udevadm trigger" and plug the board in again: ${portRule(usb)}`;
}
