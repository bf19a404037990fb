import type { BuiltImage } from '../build/index.ts';
import type { Device } from '../device/index.ts';
import type { HilError } from '../errors.ts';
import type { LinkStats, TranscriptEvent } from '../link/index.ts';
import type { DeterminismReport, FaultReport } from '../report/index.ts';
import type { NetworkPackage } from '../runtimes/index.ts';
import type { Bench } from './bench.ts';
import type { CaseSession } from './case-session.ts';
import type { CaseTally } from './case-tally.ts';
import type { LayerDiagnosis } from './diagnose-case.ts';
import type { OnEvent, PhaseClock } from './events.ts';
import type { PlannedCase } from './planned-case.ts';
import type { Windows } from './mlperf-windows.ts';
import type { Timing } from './timing-pass.ts';

export interface CaseContext {
  readonly plan: PlannedCase;
  readonly device: Device;
  readonly bench: Bench;
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  readonly clock: PhaseClock;
  /** C identifier of the network, unique among the cases that share an image; null: from the model's file name. */
  readonly networkName: string | null;
  /** Where the case's generated C goes. */
  readonly generatedDir: string;
  readonly cacheDir: string;
  /** Optimisation level of the compiler, e.g. '-Os'; null: the builder's own. */
  readonly optimise: string | null;
  /** Further flags of the compiler. */
  readonly flags: readonly string[];
  readonly leaseWaitMs: number;
  /** What is left to do on this device: the greatest gets the next core. Default: all alike. */
  readonly urgency?: () => number;
  readonly onTranscript: (event: TranscriptEvent) => void;
  /** Puts a copy of the image beside the report. @param alone of this case only, as the one of several cases did not build */
  readonly keepImage: (image: BuiltImage, alone: boolean) => Promise<void>;
}

/** Everything that is known of a case so far, whenever it ends. */
export interface CaseFacts {
  pack: NetworkPackage | null;
  image: BuiltImage | null;
  /** Networks in the image, this one included. */
  networksInImage: number;
  tally: CaseTally | null;
  /** By layer index: what is known of those that are wrong by themselves. */
  diagnoses: ReadonlyMap<number, LayerDiagnosis>;
  timing: Timing | null;
  /** For MLPerf Tiny's results; null where they were not asked for, or it did not come to them. */
  windows: Windows | null;
  /** Checks that equal inputs give equal bytes. */
  determinism: readonly DeterminismReport[];
  session: CaseSession | null;
  /** What this case moved over the link; null before it came that far. */
  link: LinkStats | null;
  fault: FaultReport | null;
  ended: HilError | null;
  /** Plain remarks for the report; nothing is decided by them. */
  readonly notes: string[];
  /** Where a re-run on the same inputs and state gave something else. */
  readonly nondeterministic: string[];
  readonly log: string[];
  /** First sample of the batch that was running. */
  running: number | null;
}

export const newFacts = (): CaseFacts => ({
  pack: null, image: null, networksInImage: 1, tally: null, diagnoses: new Map(), timing: null, windows: null, determinism: [], session: null, link: null, fault: null, ended: null, notes: [], nondeterministic: [], log: [], running: null,
});

/** Before a second attempt: what the first one found is nothing to build on, but for its log and its notes. */
export function forgetAttempt(facts: CaseFacts): void {
  Object.assign(facts, { tally: null, diagnoses: new Map(), timing: null, windows: null, determinism: [], session: null, link: null, fault: null, ended: null, running: null } satisfies Partial<CaseFacts>);
  facts.nondeterministic.length = 0;
}
