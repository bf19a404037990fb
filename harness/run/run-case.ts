import { buildImage, loadBoard, resolvePc, type BuiltImage } from '../build/index.ts';
import { HilError } from '../errors.ts';
import { acquireLease, createWorkDir, type Device, type TargetEnd } from '../device/index.ts';
import type { FaultReport as WireFault, TranscriptEvent } from '../link/index.ts';
import { prepareReference } from '../reference/index.ts';
import type { CaseReport, FaultReport } from '../report/index.ts';
import { prepareNetwork, type NetworkManifest, type NetworkPackage } from '../runtimes/index.ts';
import { caseReport } from './case-report.ts';
import { openCaseSession, withEnd, type CaseSession } from './case-session.ts';
import { CaseTally } from './case-tally.ts';
import { DevicePort } from './device-port.ts';
import type { OnEvent, Phase, PhaseClock } from './events.ts';
import { faultReport, layerAt, lockupReport, placeOf, sinceText } from './fault-report.ts';
import { numericPass } from './numeric-pass.ts';
import type { PlannedCase } from './planned-case.ts';
import { planPool } from './pool-layout.ts';
import { timingPass, type Timing } from './timing-pass.ts';

export interface CaseContext {
  readonly plan: PlannedCase;
  readonly device: Device;
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  readonly clock: PhaseClock;
  /** Where the case's generated C goes; shared by the devices of a case. */
  readonly generatedDir: string;
  readonly cacheDir: string;
  readonly leaseWaitMs: number;
  readonly onTranscript: (event: TranscriptEvent) => void;
  /** Puts a copy of the image beside the report. */
  readonly keepImage: (image: BuiltImage) => Promise<void>;
}

/** Everything that is known of a case so far, whenever it ends. */
export interface CaseFacts {
  pack: NetworkPackage | null;
  image: BuiltImage | null;
  tally: CaseTally | null;
  timing: Timing | null;
  session: CaseSession | null;
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

const MAX_LOG_LINES = 200;

/** Runs one case on one device, from generation to the report of the case. Never throws: what went wrong is in the report. */
export async function runCase(context: CaseContext): Promise<CaseReport> {
  const started = performance.now();
  const facts: CaseFacts = { pack: null, image: null, tally: null, timing: null, session: null, fault: null, ended: null, notes: [], nondeterministic: [], log: [], running: null };
  if (context.plan.skipReason === null) {
    try {
      await perform(context, facts);
    } catch (error) {
      facts.ended ??= await explain(error, context, facts);
    }
  }
  const report = caseReport(context.plan, context.device.spec, facts, performance.now() - started);
  context.onEvent({ kind: 'case-done', case: report.name, device: report.device, verdict: report.verdict });
  return report;
}

async function perform(context: CaseContext, facts: CaseFacts): Promise<void> {
  const { plan, device, signal } = context;
  const { spec } = device;
  const phase = <T>(name: Phase, work: () => Promise<T>, note?: string): Promise<T> => {
    context.onEvent({ kind: 'phase', case: plan.name, device: spec.id, phase: name, ...(note === undefined ? {} : { note }) });
    return context.clock.time(name, work);
  };
  const usability = await device.probe();
  if (!usability.usable) {
    const [first] = usability.missing;
    throw new HilError('bench', 'device.unusable', `device ${spec.id} cannot be used: ${usability.missing.map((each) => each.what).join('; ')}`,
      first === undefined ? {} : { hint: first.howToGet });
  }
  const pack = facts.pack = await phase('generate', () => prepareNetwork(plan.generator, { model: plan.model, modelFile: plan.modelFile, profile: plan.profile, core: spec.core, outDir: context.generatedDir }));
  facts.image = await phase('build', async () => buildImage({ package: pack, board: await loadBoard(spec.board), cacheDir: context.cacheDir, signal,
    onStep: (step) => context.onEvent({ kind: 'log', case: plan.name, device: spec.id, line: `${step.name} ${step.detail}` }) }));
  await context.keepImage(facts.image);
  const lease = await phase('wait for device', () => acquireLease({ device: spec.id, slots: spec.slots, waitMs: context.leaseWaitMs, signal,
    onWait: (holders) => context.onEvent({ kind: 'phase', case: plan.name, device: spec.id, phase: 'wait for device', note: holders.map((h) => `${h.user} pid ${h.pid} since ${h.since}`).join(', ') }) }));
  try {
    const work = await createWorkDir();
    try {
      await onDevice(context, facts, pack, facts.image, work.path, phase);
    } catch (error) {
      // Before the target is ended here: how it ended by itself must not be mixed up with that.
      facts.ended = await explain(error, context, facts);
    } finally {
      await facts.session?.close().catch(() => undefined);
      await work.remove();
    }
  } finally {
    await lease.release();
  }
}

async function onDevice(context: CaseContext, facts: CaseFacts, pack: NetworkPackage, image: BuiltImage, workDir: string,
  phase: <T>(name: Phase, work: () => Promise<T>) => Promise<T>): Promise<void> {
  const { plan, device, signal } = context;
  const { spec } = device;
  const { manifest } = pack;
  const onLog = (line: string): void => {
    if (facts.log.length < MAX_LOG_LINES) facts.log.push(line);
    context.onEvent({ kind: 'log', case: plan.name, device: spec.id, line });
  };
  const session = facts.session = await phase('start', () => openCaseSession({ device, image, manifest, workDir, signal, onLog, transcript: { record: context.onTranscript } }));
  const { network } = session;
  const layout = planPool({ poolBytes: session.link.hello.poolBytes, ...network, longestSequence: Math.max(0, ...plan.sequences.map((each) => each.samples)) }, spec.id);
  const port = new DevicePort(session.link, layout, {
    deviceId: spec.id, network: network.index, invocationLimitMs: spec.invocationLimitMs, silenceMs: spec.timeouts.silenceMs, taps: network.taps, outputBytes: network.outputBytes,
  });
  const total = plan.sequences.reduce((sum, each) => sum + each.samples, 0);
  const tally = facts.tally = new CaseTally(plan, manifest, prepareReference(plan.model, plan.profile));
  const { oracleBytes } = await phase('compare', () => numericPass({
    plan, manifest, port, runner: prepareReference(plan.model, plan.profile), signal,
    onStart: ({ firstSample }) => { facts.running = firstSample; },
    onBatch: (batch) => tally.add(batch),
    onProgress: (done) => context.onEvent({ kind: 'progress', case: plan.name, device: spec.id, done, total }),
    onNondeterministic: ({ sequence, firstStep, layers }) => facts.nondeterministic.push(`nondeterministic: re-running sequence ${sequence} from step ${firstStep} on the same state gave other digests in layer ${layers.join(', ')}`),
  }));
  const confirmed = plan.sequences.filter((sequence) => sequence.oracle !== null).length;
  if (confirmed > 0) facts.notes.push(`the reference equals the independent oracle in all ${oracleBytes} bytes of ${confirmed} ${confirmed === 1 ? 'sequence' : 'sequences'}`);
  const [first] = plan.sequences;
  if (first !== undefined) facts.timing = await phase('time', () => timingPass(port, first, network.inputBytes, network.layers));
}

/** Finds out what an error means: the abort's own reason, a decoded fault, a lockup, or how the target's process ended. */
async function explain(error: unknown, context: CaseContext, facts: CaseFacts): Promise<HilError> {
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
    facts.fault = await faultReport(kind, error.facts['fault'] as WireFault, manifest, plan.sequences, tickHz, (address) => resolvePc(image, address));
    return error;
  }
  if (error.code !== 'link.closed' || facts.session === null) return error;
  const end = await facts.session.howItEnded();
  if (end === null) return error;
  return endOfTarget(error, end, device, facts, plan);
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
    facts.fault = lockupReport(end.text.trim().split('\n').find((line) => /lockup/i.test(line)) ?? 'Lockup', facts.running, plan.sequences);
    return withEnd(new HilError('target', 'target.lockup', `device ${device.spec.id}: the code under test locked up the core`), end);
  }
  // QEMU runs with -no-reboot: it ends by itself, and with 0, only where the guest asks for a reset. Ended from outside it says so.
  if (device.spec.kind === 'qemu' && end.exitCode === 0 && !/terminating on signal/.test(end.text)) {
    return new HilError('target', 'target.reset', `device ${device.spec.id}: the code under test reset the core (SYSRESETREQ or a watchdog)${sinceText(plan.sequences, facts.running)}`);
  }
  // On the host the target is the generated C itself: leaving by exit() or a crash of its own is its fault, SIGKILL is not.
  const own = device.spec.kind === 'host' && end.signal !== 'SIGKILL' && end.signal !== 'SIGTERM';
  return withEnd(own ? new HilError('target', 'target.exited', `device ${device.spec.id}: the code under test ended the process`) : error, end);
}
