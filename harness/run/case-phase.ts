import type { Device } from '../device/index.ts';
import { HilError } from '../errors.ts';
import type { CaseContext } from './case-context.ts';
import type { RunPhase } from './compare-on-device.ts';
import type { Phase } from './events.ts';

/** Times a phase of a case and tells of it. */
export function phaseOf({ plan, device, onEvent, clock }: CaseContext): RunPhase {
  return <T>(name: Phase, work: () => Promise<T>): Promise<T> => {
    onEvent({ kind: 'phase', case: plan.name, device: device.spec.id, phase: name });
    return clock.time(name, work);
  };
}

/** @throws HilError 'bench' device.unusable, with what is missing and how to get it */
export async function checkUsable(device: Device): Promise<void> {
  const { usable, missing } = await device.probe();
  if (usable) return;
  const named = `device ${device.spec.id}`;
  const what = missing.map((each) => (each.what.startsWith(`${named}: `) ? each.what.slice(named.length + 2) : each.what)).join('; ');
  throw new HilError('bench', 'device.unusable', `${named} cannot be used: ${what}`, missing[0] === undefined ? {} : { hint: missing[0].howToGet });
}
