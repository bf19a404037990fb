import { hilHome, quarantineOf, quarantineText, type Device } from '../device/index.ts';

/** Why devices are not to be used today, by id; those that are fine are left out. */
export function quarantinedDevices(devices: readonly Device[]): Map<string, string> {
  return new Map(devices.flatMap(({ spec }) => {
    const found = quarantineOf(spec, { home: hilHome(), now: new Date() });
    return found === null ? [] : [[spec.id, quarantineText(found)] as const];
  }));
}
