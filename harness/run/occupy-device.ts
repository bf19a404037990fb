import { acquireLease, createWorkDir, type Device } from '../device/index.ts';
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

/**
 * Has the device to itself, and a folder for the session's files, for as long as the work takes; who has it is told while it waits.
 * @throws HilError 'bench' device.busy; 'cancelled'; what the work throws
 */
export async function occupyDevice<T>(context: CaseContext, work: (workDir: string) => Promise<T>): Promise<T> {
  const { device: { spec }, leaseWaitMs, signal, onEvent, plan } = context;
  const lease = await phaseOf(context)('wait for device', () => acquireLease({ device: spec.lock ?? spec.id, slots: spec.slots, waitMs: leaseWaitMs, signal,
    onWait: (holders) => onEvent({ kind: 'phase', case: plan.name, device: spec.id, phase: 'wait for device', note: holders.map((h) => `${h.user} pid ${h.pid} since ${h.since}`).join(', ') }) }));
  try {
    const folder = await createWorkDir();
    try {
      return await work(folder.path);
    } finally {
      await folder.remove();
    }
  } finally {
    await lease.release();
  }
}
