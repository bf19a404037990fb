import type { BuiltImage, SourcePlace } from '../../build/index.ts';
import type { DeviceSpec, TargetEnd, Usability } from '../../device/index.ts';
import { HilError, type ErrorKind } from '../../errors.ts';
import type { RunFacts } from '../../report/index.ts';
import type { NetworkManifest } from '../../runtimes/index.ts';

/** Folder beside report.json with what a replay needs besides the transcript: plan.json and what it refers to by SHA-256. */
export const RECORD_DIR = 'record';
export const PLAN_FILE = 'plan.json';
export const RECORD_SCHEMA = 'hil-record/1';

/** record/plan.json: what was going to be run, and on what. */
export interface RunRecord {
  readonly schema: typeof RECORD_SCHEMA;
  readonly hilVersion: string;
  readonly suite: { readonly name: string; readonly description: string; readonly file: string | null };
  readonly pack: number;
  readonly optimise: string | null;
  readonly flags: readonly string[];
  readonly quarantined: Readonly<Record<string, string>>;
  readonly leftOut: NonNullable<RunFacts['leftOut']>;
  readonly devices: readonly { readonly spec: DeviceSpec; readonly preloads: boolean; readonly recovers: boolean }[];
  /** The cases as planned-values.ts writes them; null where they could not be kept, for the reason given. */
  readonly cases: unknown;
  readonly incomplete: string | null;
  /** So often a case that ended in a bench error was repeated; absent in old records: never. */
  readonly benchRetries?: number;
  /** What stopped the run before its end; null: nothing did. */
  readonly stopped: RecordedError | null;
}

export interface RecordedError {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What is kept of a build beside the image itself. */
export type RecordedImage = Omit<BuiltImage, 'elf' | 'files' | 'addr2line'>;

/** What a step gave, or how it failed. */
export type Outcome<T> = { readonly value: T } | { readonly error: RecordedError };

/**
 * Lines of transcript.ndjson that are no frames: what else came from outside, in the order in which it came. `device` says of
 * which device, `case` of which case where it is one's own.
 */
export type StageEvent =
  | { readonly stage: 'probe'; readonly outcome: Outcome<Usability> }
  | { readonly stage: 'generate'; readonly outcome: Outcome<NetworkManifest> }
  | { readonly stage: 'build'; readonly outcome: Outcome<RecordedImage> }
  | { readonly stage: 'occupy'; readonly outcome: Outcome<null> }
  /** The wait before bench errors of this device are repeated. */
  | { readonly stage: 'pause'; readonly outcome: Outcome<null> }
  | { readonly stage: 'start'; readonly outcome: Outcome<StartedFacts> }
  /** The target printed a line on its own, not over the link. */
  | { readonly stage: 'printed'; readonly line: string }
  /** The target ended. @param stopped because it was told to */
  | { readonly stage: 'ended'; readonly end: TargetEnd; readonly stopped: boolean }
  | { readonly stage: 'recover'; readonly outcome: Outcome<string> }
  | { readonly stage: 'resolve'; readonly address: number; readonly place: SourcePlace | null };

export interface StartedFacts {
  readonly notes: readonly string[];
  readonly speed: { readonly baud: number; readonly faster: readonly number[] } | null;
  readonly pace: { readonly writeBytes: number } | null;
}

/** Where stage events go. Must not throw. */
export type OnStage = (event: StageEvent) => void;

export function recordedError(error: unknown): RecordedError {
  if (!(error instanceof HilError)) return { kind: 'bench', code: 'hil.internal', message: error instanceof Error ? error.message : String(error), facts: {} };
  const { kind, code, message, hint, facts } = error;
  return { kind, code, message, ...(hint === undefined ? {} : { hint }), facts };
}

export function thrownAgain({ kind, code, message, hint, facts }: RecordedError): HilError {
  return new HilError(kind, code, message, { ...(hint === undefined ? {} : { hint }), facts });
}

/** Runs a step and tells what came of it. @throws what the step throws */
export async function noting<T>(work: () => Promise<T>, note: (outcome: Outcome<T>) => void): Promise<T> {
  try {
    const value = await work();
    note({ value });
    return value;
  } catch (error) {
    note({ error: recordedError(error) });
    throw error;
  }
}
