import { hilHome, loadDeviceFiles, quarantinesOf } from '../device/index.ts';
import { HilError } from '../errors.ts';
import type { QuarantineData } from '../history/dashboard/site-data.ts';

/** Devices in quarantine as this computer knows them, also where it has run out. A record that cannot be read is told as one: it may mean a device. */
export async function quarantineList(now: Date): Promise<QuarantineData[]> {
  const files = await loadDeviceFiles();
  return files.flatMap(({ spec }): QuarantineData[] => {
    const told = { kind: 'device', name: spec.id, suite: null, device: null } as const;
    try {
      return quarantinesOf(spec, { home: hilHome(), now }).map(({ quarantine: { reason, until, by, file } }) => ({ ...told, reason, until, by, from: file === null ? 'device file' : 'hil devices quarantine' }));
    } catch (error) {
      if (!(error instanceof HilError)) throw error;
      return [{ ...told, reason: error.message, until: null, by: null, from: 'a record that cannot be read' }];
    }
  });
}
