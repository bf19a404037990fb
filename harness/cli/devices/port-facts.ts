import type { DeviceSpec } from '../../device/index.ts';
import { isNear, resolvePort } from '../../device/ports/index.ts';
import { HilError } from '../../errors.ts';
import { obstacle } from '../../link/transports/port-errors.ts';
import type { PortFacts } from './device-state.ts';

/** Whether the port of a board is there and may be opened; null where there is none on this computer. A far one is not asked: connecting might take it from someone. */
export async function portFacts(spec: DeviceSpec): Promise<PortFacts | null> {
  const { serial } = spec;
  if (serial === undefined || !isNear(serial.port)) return null;
  const facts = (state: PortFacts['state'], { message, hint }: HilError): PortFacts => ({ state, what: message, howToGet: hint ?? '' });
  try {
    const { path, name } = await resolvePort(serial.port, { deviceId: spec.id });
    const reason = await obstacle(spec.id, path, name);
    // Who has it open may be a run, of which the lease tells.
    return reason === null || reason.code === 'port.busy' ? { state: 'free', what: '', howToGet: '' } : facts(reason.code === 'port.no-permission' ? 'no permission' : 'not connected', reason);
  } catch (error) {
    if (!(error instanceof HilError)) throw error;
    return facts(error.code === 'port.ambiguous' ? 'several boards' : 'not connected', error);
  }
}
