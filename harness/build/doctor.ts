import { createDevice } from '../device/create-device.ts';
import type { Usability } from '../device/device.ts';
import type { DeviceSpec } from '../device/spec.ts';
import { HilError } from '../errors.ts';
import { loadBoard } from './board.ts';
import type { ToolchainName } from './board.ts';
import { checkToolchain } from './check-toolchain.ts';

/** What stands between a device and its first run. */
export interface Diagnosis extends Usability {
  readonly device: DeviceSpec;
}

/**
 * Examines devices: the means to run an image (driver) and to build one (board, compiler). Starts nothing on them; each
 * tool is asked once however many devices need it. Never throws.
 */
export async function examineDevices(devices: readonly DeviceSpec[], env: NodeJS.ProcessEnv = process.env): Promise<Diagnosis[]> {
  const compilers = new Map<ToolchainName, Promise<Usability>>();
  const compiler = (name: ToolchainName): Promise<Usability> => {
    let asked = compilers.get(name);
    if (asked === undefined) compilers.set(name, (asked = checkToolchain(name, env)));
    return asked;
  };
  return Promise.all(devices.map(async (device): Promise<Diagnosis> => {
    const parts = await Promise.all([
      safely(async () => createDevice(device, { env }).probe()),
      safely(async () => compiler((await loadBoard(device.board)).toolchain)),
    ]);
    return { device, usable: parts.every((part) => part.usable), found: parts.flatMap((part) => part.found), missing: parts.flatMap((part) => part.missing) };
  }));
}

async function safely(look: () => Promise<Usability>): Promise<Usability> {
  try {
    return await look();
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { usable: false, found: [], missing: [{ what, howToGet: (error instanceof HilError && error.hint) || 'Correct the device or board file.' }] };
  }
}
