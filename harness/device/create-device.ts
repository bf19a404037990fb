import type { Device } from './device.ts';
import { createFvpDevice } from './drivers/fvp.ts';
import { createHostDevice } from './drivers/host.ts';
import { createQemuDevice } from './drivers/qemu.ts';
import { createSerialDevice } from './drivers/serial.ts';
import type { Keeper } from './keeper.ts';
import type { DeviceSpec } from './spec.ts';

export interface DriverOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly keeper?: Keeper;
}

/** The driver for a device. @throws HilError 'config' device.invalid where the spec lacks the part of its kind */
export function createDevice(spec: DeviceSpec, options: DriverOptions = {}): Device {
  switch (spec.kind) {
    case 'host':
      return createHostDevice(spec, options.keeper ? { keeper: options.keeper } : {});
    case 'qemu':
      return createQemuDevice(spec, options);
    case 'fvp':
      return createFvpDevice(spec, options);
    case 'serial':
      return createSerialDevice(spec, options);
  }
}
