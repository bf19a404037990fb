import type { Device, DeviceSession, DeviceSpec, StartOptions, TargetEnd } from '../device/index.ts';
import { HilError } from '../errors.ts';
import { recordDamaged, thrownAgain, type Outcome, type StageEvent } from '../run/index.ts';
import { recordedSession, type SessionEvent } from './recorded-session.ts';
import { ReplayClock } from './replay-clock.ts';
import { ReplayStream } from './replay-stream.ts';

/** What the transcript has of one device, in its order; `case` where a line is of one case. */
export type DeviceEvent = { readonly case: string | null } & (SessionEvent | { readonly stage: StageEvent });

type Named<S extends StageEvent['stage']> = Extract<StageEvent, { readonly stage: S }>;

interface KeptSession {
  readonly start: Named<'start'>;
  readonly events: SessionEvent[];
  /** What the target printed before it was up. */
  readonly early: readonly string[];
}

export interface ReplayHooks {
  readonly onDiverged: (error: HilError) => void;
  /** The record ends where the run was stopped. @returns false where it was not */
  readonly onStopped: () => boolean;
}

/** The recorded answers about one device, handed out in their order. */
export class DeviceRecord {
  readonly spec: DeviceSpec;
  readonly preloads: boolean;
  readonly recovers: boolean;
  readonly #stages = new Map<string, StageEvent[]>();
  readonly #sessions: KeptSession[] = [];
  #session = 0;

  constructor(facts: { readonly spec: DeviceSpec; readonly preloads: boolean; readonly recovers: boolean }, events: readonly DeviceEvent[]) {
    ({ spec: this.spec, preloads: this.preloads, recovers: this.recovers } = facts);
    let early: string[] | null = [];
    for (const event of events) {
      if ('frame' in event) {
        const open = this.#sessions.at(-1);
        if (open === undefined) throw recordDamaged('frames of a device that was not started');
        open.events.push(event);
        continue;
      }
      const { stage } = event;
      if (stage.stage === 'start') {
        this.#sessions.push({ start: stage, events: [], early: early ?? [] });
        early = null;
      } else if (stage.stage === 'ended') {
        this.#sessions.at(-1)?.events.push({ stage });
        early = [];
      } else if (stage.stage === 'printed') {
        if (early === null) this.#sessions.at(-1)?.events.push({ stage });
        else early.push(stage.line);
      } else {
        const key = keyOf(stage.stage, event.case);
        this.#stages.set(key, [...this.#stages.get(key) ?? [], stage]);
      }
    }
  }

  /** @throws HilError what was recorded; 'bench' replay.diverged where the record has no such step */
  next<S extends StageEvent['stage']>(stage: S, of: string | null): Named<S> {
    const found = this.#stages.get(keyOf(stage, of))?.shift();
    if (found === undefined) throw new HilError('bench', 'replay.diverged', `device ${this.spec.id}: the replay leaves the record: it comes to "${stage}"${of === null ? '' : ` of case ${of}`} once more than the recorded run`);
    return found as Named<S>;
  }

  nextSession(): KeptSession {
    const session = this.#sessions[this.#session++];
    if (session === undefined) throw new HilError('bench', 'replay.diverged', `device ${this.spec.id}: the replay leaves the record: it starts the device once more than the recorded run`);
    return session;
  }
}

const keyOf = (stage: string, of: string | null): string => JSON.stringify([stage, of]);

/** @throws HilError what the step ended with in the record; where that was an interruption, the replay ends there too */
export function outcomeOf<T>(outcome: Outcome<T>, hooks: ReplayHooks): T {
  if ('value' in outcome) return outcome.value;
  if (outcome.error.kind === 'cancelled') hooks.onStopped();
  throw thrownAgain(outcome.error);
}

/** A device that is not there, and does what the record says. */
export function replayDevice(record: DeviceRecord, hooks: ReplayHooks): Device {
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof HilError && error.code === 'replay.diverged') hooks.onDiverged(error);
      throw error;
    }
  };
  return {
    spec: record.spec,
    probe: async () => guarded(() => outcomeOf(record.next('probe', null).outcome, hooks)),
    start: async (_image, options) => guarded(() => startReplay(record, options, hooks)),
    ...(record.preloads ? { preloads: true } : {}),
    ...(record.recovers ? { recover: async () => guarded(() => outcomeOf(record.next('recover', null).outcome, hooks)) } : {}),
  };
}

function startReplay(record: DeviceRecord, options: StartOptions, hooks: ReplayHooks): DeviceSession {
  const { start, events, early } = record.nextSession();
  for (const line of early) options.onText?.(line);
  const { notes, speed, pace } = outcomeOf(start.outcome, hooks);
  const recorded = recordedSession({ notes, speed, pace }, events);
  const clock = new ReplayClock();
  let diverged = false;
  const stream = new ReplayStream(recorded, {
    clock, deviceId: record.spec.id, onPrinted: (line) => options.onText?.(line), onStopped: hooks.onStopped,
    onDiverged: (error) => {
      diverged = true;
      hooks.onDiverged(error);
    },
  });
  let settle: (end: TargetEnd) => void;
  const ended = new Promise<TargetEnd>((resolve) => { settle = resolve; });
  const end = recorded.end?.end ?? { exitCode: null, signal: null, text: '', lockup: false };
  // One that lived on until it was stopped does not tell of its end before.
  if (recorded.end?.stopped === false) stream.once('close', () => settle(end));
  return {
    stream, ended, notes, clock,
    ...(speed === null ? {} : { speed: { ...speed, setBaud: async () => undefined } }),
    ...(pace === null ? {} : { pace: { ...pace, lost: () => undefined, fine: () => undefined } }),
    stop: async () => {
      stream.destroy();
      stream.tellTheRest();
      settle(end);
      if (diverged || stream.runsLeft === 0 || options.signal.aborted) return;
      hooks.onDiverged(new HilError('bench', 'replay.diverged', `device ${record.spec.id}: the replay leaves the record: the recorded run went on with ${stream.runsLeft} RUNs that are not asked for any more`));
    },
  };
}
