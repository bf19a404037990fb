import type { DeviceSpec } from '../device/index.ts';
import type { AttemptReport, CaseReport } from '../report/index.ts';
import { curable } from './retry.ts';

/** How often a case that ended in a bench error is run again after the others of its device, and how long to wait before. */
export interface RetryPolicy {
  readonly retries: number;
  readonly waitMs: number;
}

export const NO_RETRIES: RetryPolicy = { retries: 0, waitMs: 0 };

/** What no power switch cures, and what may be over some time later: others give the device or the computer back, a board is plugged in again. */
const CLEARING: ReadonlySet<string> = new Set(['device.busy', 'host.busy', 'port.busy', 'port.far-busy', 'port.not-found', 'power.failed']);

/** Whether a case may be repeated: only after a bench error that may be over the next time; never wrong code, a build or a configuration. */
export function worthAnotherAttempt({ verdict, endCode }: CaseReport, spec: DeviceSpec): boolean {
  return verdict === 'bench-error' && typeof endCode === 'string' 
    && (curable(endCode) || CLEARING.has(endCode) || (endCode === 'device.unusable' && spec.kind === 'serial'));
}

/** @param startedAt of the attempt */
export function attemptOf({ verdict, endCode, reasons, durationMs }: CaseReport, startedAt: Date): AttemptReport {
  return { verdict, code: endCode ?? '', reason: reasons[0] ?? verdict, startedAt: startedAt.toISOString(), durationMs };
}

/** The report of the last attempt, with those before it: told in a note, and none of their figures. */
export function withAttempts(report: CaseReport, attempts: readonly AttemptReport[]): CaseReport {
  if (attempts.length === 0) return report;
  const before = attempts.map(({ code, reason }, k) => `attempt ${k + 1}: ${reason} (${code})`).join('; ');
  const ended = report.verdict === 'bench-error' ? `bench errors in all of ${attempts.length + 1} attempts` : `this is attempt ${attempts.length + 1}, as bench errors ended those before it`;
  return { ...report, attempts, reasons: [...report.reasons, `${ended}: ${before}`] };
}
