import type { DeviceSpec } from '../../device/index.ts';
import type { AttemptReport, CaseReport } from '../../report/index.ts';
import type { CaseContext } from '../case-context.ts';
import { CaseGroup } from '../case-group.ts';
import { attemptOf, withAttempts, worthAnotherAttempt, type RetryPolicy } from '../retry-policy.ts';
import type { TimeLeft } from './time-left.ts';

export interface WalkOptions {
  /** The groups of cases of one device, in their order. */
  readonly groups: readonly (readonly CaseContext[])[];
  readonly left: TimeLeft;
  /** Generates and builds for the next group while this one runs. A replay does not: in the record, what is stopped is stopped at one place. */
  readonly lookAhead: boolean;
  readonly retry: RetryPolicy;
  /** The context of a case for a further attempt that makes an image of its own. @param round 1 for the first */
  readonly forRetry: (context: CaseContext, round: number) => CaseContext;
}

/** A case and what has become of it so far. */
interface Walked {
  context: CaseContext;
  /** null: it will not be repeated. */
  group: CaseGroup | null;
  report: CaseReport;
  startedAt: Date;
  readonly attempts: AttemptReport[];
}

/**
 * Runs the groups of a device one after the other, and then what ended in bench errors again, as the policy has it.
 * Never throws. @returns the report of each case, in the order of the groups
 */
export async function walkDevice(options: WalkOptions): Promise<CaseReport[][]> {
  const { groups, left, lookAhead, retry } = options;
  const walked: Walked[][] = [];
  let prepared: Promise<void> | null = null;
  let next = new CaseGroup(groups[0] ?? []);
  for (const [g, contexts] of groups.entries()) {
    const group = next;
    left.begin(g);
    const startedAt = new Date();
    const early = prepared !== null;
    await prepared;
    const usable = await group.probe();
    if (usable && !early) await group.prepare();
    next = new CaseGroup(groups[g + 1] ?? []);
    // Nothing is built for a device that is not there.
    const follows = usable && g + 1 < groups.length;
    prepared = follows && lookAhead ? next.prepare() : null;
    const reports = await group.run();
    if (follows && !lookAhead) prepared = next.prepare();
    left.end(g, reports.reduce((sum, { durationMs }) => sum + durationMs, 0));
    walked.push(contexts.map((context, k) => ({ context, group, report: reports[k] as CaseReport, startedAt, attempts: [] })));
    for (const one of walked.at(-1) ?? []) {
      if (retry.retries > 0 && again(one)) continue;
      one.group = null;
      tellDone(one);
    }
  }
  for (let round = 1; round <= retry.retries; round += 1) if (!await repeat(walked.flat(), round, options)) break;
  return walked.map((group) => group.map(({ report, attempts }) => withAttempts(report, attempts)));
}

const specOf = ({ context }: Walked): DeviceSpec => context.device.spec;
const again = (one: Walked): boolean => one.group !== null && worthAnotherAttempt(one.report, specOf(one));

/** @returns whether anything was left to repeat, and time to */
async function repeat(all: readonly Walked[], round: number, { retry: { retries, waitMs }, forRetry }: WalkOptions): Promise<boolean> {
  const broken = all.filter(again);
  const [first] = broken;
  if (first === undefined) return false;
  const { context } = first;
  context.onEvent({ kind: 'phase', case: context.plan.name, device: context.device.spec.id, phase: 'wait to repeat',
    note: `${broken.length === 1 ? '1 case' : `${broken.length} cases`} ended in bench errors, repetition ${round} of ${retries}: ${first.report.reasons[0] ?? ''}` });
  try {
    // For each, so that the record of one case alone has all that is its own.
    await Promise.all(broken.map((one) => one.context.bench.pause(one.context, waitMs)));
  } catch {
    broken.forEach(tellDone); // interrupted: they stay what they are
    return false;
  }
  for (const group of new Set(broken.map((one) => one.group))) {
    const chosen = broken.filter((one) => one.group === group);
    for (const anew of group?.again(new Set(chosen.map((one) => one.context)), (of) => forRetry(of, round)) ?? []) {
      const startedAt = new Date();
      const reports = await anew.runAll();
      for (const [k, of] of anew.contexts.entries()) {
        const one = chosen.find(({ context: { plan } }) => plan === of.plan) as Walked;
        one.attempts.push(attemptOf(one.report, one.startedAt));
        Object.assign(one, { context: of, group: anew, report: reports[k], startedAt } satisfies Partial<Record<keyof Walked, unknown>>);
        if (round === retries || !again(one)) tellDone(one);
      }
    }
  }
  return true;
}

function tellDone({ context, report }: Walked): void {
  context.onEvent({ kind: 'case-done', case: report.name, device: report.device, verdict: report.verdict });
}
