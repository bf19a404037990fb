import type { Device, TargetEnd } from '../device/index.ts';
import { HilError } from '../errors.ts';
import type { FaultReport as WireFault } from '../link/index.ts';
import type { NetworkManifest } from '../runtimes/index.ts';
import type { CaseContext, CaseFacts } from './case-context.ts';
import { withEnd } from './case-session.ts';
import { endReport, faultReport, layerAt, placeOf } from './fault-report.ts';
import type { PlannedCase } from './planned-case.ts';

/** Finds out what an error means: the abort's own reason, a decoded fault, a lockup, or how the target's process ended. */
export async function explain(error: unknown, context: CaseContext, facts: CaseFacts): Promise<HilError> {
  const { signal, plan, device } = context;
  if (signal.aborted) return signal.reason instanceof HilError ? signal.reason : new HilError('cancelled', 'run.cancelled', 'interrupted', { cause: error });
  if (!(error instanceof HilError)) {
    return new HilError('bench', 'hil.internal', `internal error, please report it: ${error instanceof Error ? error.stack ?? error.message : String(error)}`, { cause: error });
  }
  if (facts.pack === null || facts.image === null) return error;
  const { manifest } = facts.pack;
  if (error.code === 'target.network-error') return withPlace(error, manifest, plan);
  const { image } = facts;
  const tickHz = facts.session?.link.hello.tickHz ?? 0;
  if (error.code === 'target.fault' || error.code === 'target.hang') {
    const kind = error.code === 'target.hang' ? 'hang' : 'fault';
    facts.fault = await faultReport(kind, error.facts['fault'] as WireFault, (error.facts['printed'] ?? null) as string | null, manifest,
      plan.sequences, tickHz, (address) => context.bench.resolvePc(context, image, address));
    return error;
  }
  if (error.code === 'target.reset' || error.code === 'target.reset-loop' || error.code === 'target.crashed') {
    facts.fault = endReport(error.code === 'target.crashed' ? 'crash' : 'reset', withoutDevice(error.message, device), facts.running, plan.sequences);
    return error;
  }
  if (error.code !== 'link.closed' || facts.session === null) return error;
  const end = await facts.session.howItEnded();
  if (end === null) return error;
  return endOfTarget(error, end, device, facts, plan);
}

/** A fault's text stands where the device is named already. */
function withoutDevice(message: string, device: Device): string {
  const prefix = `device ${device.spec.id}: `;
  return message.startsWith(prefix) ? message.slice(prefix.length) : message;
}

/** Adds sequence, step and layer to an error that the network itself returned. */
function withPlace(error: HilError, manifest: NetworkManifest, plan: PlannedCase): HilError {
  const { sequence, step } = placeOf(plan.sequences, error.facts['sample'] as number);
  const layer = layerAt(manifest, error.facts['layer'] as number);
  const where = `${sequence === null ? '' : `, in sequence ${sequence}, step ${step}`}${layer === null ? '' : `, after layer ${layer.index} ${layer.op}`}`;
  return error.inContext({ after: where, facts: { sequence, step } });
}

/** The target's process ended in the middle: its own doing (lockup, exit, crash of natively run C), or the bench's. */
function endOfTarget(error: HilError, end: TargetEnd, device: Device, facts: CaseFacts, plan: PlannedCase): HilError {
  if (end.lockup) {
    const said = end.text.trim().split('\n').find((line) => /lockup/i.test(line)) ?? 'Lockup';
    const lockup = endReport('lockup', 'the core locked up', facts.running, plan.sequences);
    facts.fault = { ...lockup, text: `${lockup.text}: ${said}` };
    return withEnd(new HilError('target', 'target.lockup', `device ${device.spec.id}: the code under test locked up the core`), end);
  }
  // QEMU runs with -no-reboot: it ends by itself, and with 0, only where the guest asks for a reset. Ended from outside it says so.
  if (device.spec.kind === 'qemu' && end.exitCode === 0 && !/terminating on signal/.test(end.text)) {
    facts.fault = endReport('reset', 'the code under test reset the core (SYSRESETREQ or a watchdog)', facts.running, plan.sequences);
    return new HilError('target', 'target.reset', `device ${device.spec.id}: ${facts.fault.text}`);
  }
  // On the host the target is the generated C itself: leaving by exit() or a crash of its own is its fault, SIGKILL is not.
  const own = device.spec.kind === 'host' && end.signal !== 'SIGKILL' && end.signal !== 'SIGTERM';
  return withEnd(own ? new HilError('target', 'target.exited', `device ${device.spec.id}: the code under test ended the process`) : error, end);
}
