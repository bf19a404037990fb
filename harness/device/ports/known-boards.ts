import type { UsbIdentity } from './list-ports.ts';

/** What a USB id stands for. */
export interface KnownUsb {
  readonly name: string;
  /**
   * 'board': the board's own port. 'probe': a debug probe with a UART, behind which any board may be. 'boot-loader': the board waits
   * for an image. 'bridge': a USB to UART converter, behind which anything may be.
   */
  readonly role: 'board' | 'probe' | 'boot-loader' | 'bridge';
  /** The device file that comes with hil for this board, whose link need not be this port. */
  readonly like?: string;
}

const usb = (vendorId: string, role: KnownUsb['role'], name: string, ...productIds: string[]): [string, KnownUsb][] =>
  productIds.map((productId) => [`${vendorId}:${productId}`, { name, role }]);
const like = (id: string, entries: [string, KnownUsb][]): [string, KnownUsb][] => entries.map(([key, value]) => [key, { ...value, like: id }]);

/** Sources: Arduino's boards.txt (mbed core), Raspberry Pi's usb-pid list, OpenOCD's 60-openocd.rules, drivers/usb/serial of Linux. */
const known = new Map<string, KnownUsb>([
  ...like('nano-33-ble', usb('2341', 'board', 'Arduino Nano 33 BLE', '805a', '015a', '025a')),
  ...like('nano-33-ble', usb('2341', 'boot-loader', 'Arduino Nano 33 BLE, boot loader', '005a')),
  ...like('portenta-h7', usb('2341', 'board', 'Arduino Portenta H7', '025b')),
  ...like('portenta-h7', usb('2341', 'boot-loader', 'Arduino Portenta H7, boot loader (DFU)', '035b')),
  ...like('pico', usb('2e8a', 'board', 'Raspberry Pi Pico (RP2040)', '000a')),
  ...usb('2e8a', 'board', 'Raspberry Pi Pico 2 (RP2350)', '0009'),
  ...like('pico', usb('2e8a', 'boot-loader', 'Raspberry Pi Pico (RP2040), BOOTSEL', '0003')),
  ...usb('2e8a', 'boot-loader', 'Raspberry Pi Pico 2 (RP2350), BOOTSEL', '000f'),
  ...usb('2e8a', 'probe', 'Raspberry Pi Debug Probe', '000c'),
  ...usb('0483', 'probe', 'ST-LINK/V1', '3744'),
  ...usb('0483', 'probe', 'ST-LINK/V2', '3748'),
  ...usb('0483', 'probe', 'ST-LINK/V2-1', '374b', '3752'),
  ...usb('0483', 'probe', 'STLINK-V3', '374d', '374e', '374f', '3753', '3754'),
  ...usb('0483', 'boot-loader', 'STM32, boot loader (DFU)', 'df11'),
  ...usb('0d28', 'probe', 'DAPLink (MAX78000 evaluation kit, micro:bit and others)', '0204'),
  ...usb('1366', 'probe', 'SEGGER J-Link', '0101', '0102', '0103', '0104', '0105', '1015', '1020', '1051', '1055', '1061'),
  ...usb('0403', 'bridge', 'FTDI USB-UART', '6001', '6010', '6011', '6014', '6015'),
  ...usb('10c4', 'bridge', 'Silicon Labs CP210x USB-UART', 'ea60', 'ea70', 'ea71'),
  ...usb('1a86', 'bridge', 'WCH CH340 USB-UART', '7523', '5523', '55d4'),
]);

/** Null where the id is unknown. */
export function knownUsb({ vendorId, productId }: Pick<UsbIdentity, 'vendorId' | 'productId'>): KnownUsb | null {
  return known.get(`${vendorId}:${productId}`) ?? null;
}
