import { HilError } from '../errors.ts';
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

/** The driver for a device. @throws HilError 'config' device.no-driver where this version has none for its kind */
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
    default:
      throw new HilError('config', 'device.no-driver', `device ${(spec as DeviceSpec).id}: this version of hil has no driver for kind ${String((spec as DeviceSpec).kind)}`);
  }
}
