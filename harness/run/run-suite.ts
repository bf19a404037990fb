import { randomBytes } from 'node:crypto';
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { BuiltImage } from '../build/index.ts';
import type { Device } from '../device/index.ts';
import { HilError } from '../errors.ts';
import { finishReport, writeReports, type CaseReport, type Report, type RunFacts } from '../report/index.ts';
import { slug, uniqueSlugs } from '../suite/index.ts';
import { liveBench, makeLiveBench, type Bench } from './bench.ts';
import type { CaseContext } from './case-context.ts';
import type { PlannedCase } from './planned-case.ts';
import { PhaseClock, type OnEvent } from './events.ts';
import { hostFacts, newRunId } from './host-facts.ts';
import { OutputFolder } from './output-folder.ts';
import { recordingBench, recordingDevice } from './record/recording.ts';
import { recordedError } from './record/run-record.ts';
import { writeRecord } from './record/write-record.ts';
import { NO_RETRIES, type RetryPolicy } from './retry-policy.ts';
import type { CoreOptions } from './schedule/cores.ts';
import { guessMs, TimeLeft } from './schedule/time-left.ts';
import { walkDevice } from './schedule/walk-device.ts';

export interface RunOptions {
  readonly suite: { readonly name: string; readonly description: string; readonly file: string | null };
  readonly cases: readonly PlannedCase[];
  readonly devices: readonly Device[];
  /** Folder of the report; null: reports/<suite>/<run id> below the current folder. */
  readonly out: string | null;
  readonly cacheDir: string;
  readonly command: readonly string[];
  readonly hilVersion: string;
  readonly signal: AbortSignal;
  /** Stops one device alone, for a replay: there each was stopped at another place. Default: the signal of all. */
  readonly signalOf?: (device: string) => AbortSignal;
  readonly onEvent: OnEvent;
  /** Told the id of the run before its first event. */
  readonly onStart?: (id: string) => void;
  /** So many cases share an image, at most 64 (HIL_MAX_NETWORKS of the agent); 1: each has its own. */
  readonly pack: number;
  /** Optimisation level of the compiler, e.g. '-Os'; null: the builder's own. */
  readonly optimise: string | null;
  /** Further flags of the compiler for every C file, for tests of the kernels; default none. */
  readonly flags?: readonly string[];
  /** Why the cases on a device are skipped, by its id. */
  readonly quarantined?: ReadonlyMap<string, string>;
  /** Devices that were asked for by a selector and are not here; for the report. */
  readonly leftOut?: RunFacts['leftOut'];
  /** What is tested and for whom, for the report and the history. */
  readonly source?: RunFacts['source'];
  /** How long a run waits for a device that others use while nothing moves. */
  readonly leaseWaitMs: number;
  /** Cores that it may take, and whose turn it is; default: as the environment says. Of no meaning with a `bench`. */
  readonly schedule?: CoreOptions;
  /** Default: cases are not repeated. */
  readonly retry?: RetryPolicy;
  /** The next image of a device is made while the one before runs; default true. */
  readonly lookAhead?: boolean;
  /** Default: generates, builds and leases. */
  readonly bench?: Bench;
  /** Puts into a report what only its maker knows; default: as it is. */
  readonly amend?: (report: Report) => Report;
}

export interface RunResult {
  readonly report: Report;
  /** Where the report is; every path absolute. */
  readonly dir: string;
  readonly html: string;
}

/**
 * Runs every case on every device, devices side by side, the cases of one device one after the other (those that share an image in one
 * session), and writes the report; how much at a time is up to the bench.
 * What was finished before an interruption is written too.
 * @throws HilError 'bench' only where the report itself cannot be written.
 */
export async function runSuite(options: RunOptions): Promise<RunResult> {
  const startedAt = new Date();
  const started = performance.now();
  const id = newRunId(startedAt, randomBytes(2).toString('hex'));
  const dir = path.resolve(options.out ?? path.join('reports', slug(options.suite.name), id));
  const clock = new PhaseClock(() => performance.now());
  const output = await OutputFolder.open(dir);
  try {
    options.onStart?.(id);
    const cases = await runAll(options, output, clock);
    const tools: Record<string, string> = {};
    for (const one of cases) if (one.image !== null) tools[one.image.compiler.split(' ')[0] ?? 'compiler'] = one.image.compiler;
    const finish = (): Report => (options.amend ?? ((report) => report))(finishReport({
      run: { id, startedAt: startedAt.toISOString(), durationMs: Math.round(performance.now() - started), phases: clock.phases(), hilVersion: options.hilVersion,
        command: options.command, hostFingerprint: hostFacts(tools),
        ...(options.leftOut === undefined || options.leftOut.length === 0 ? {} : { leftOut: options.leftOut }),
        ...(options.source === undefined ? {} : { source: options.source }) },
      devices: options.devices.map(({ spec }) => ({ id: spec.id, kind: spec.kind, core: spec.core, clockHz: spec.clockHz, simulated: spec.simulated })),
      suite: options.suite,
      cases,
    }, { interrupted: isInterrupted(options.signal) }));
    let report = finish();
    await writeReports(report, output.stage);
    // Ctrl-C while it was being written: the exit code will say so, and the report must too.
    if (isInterrupted(options.signal) && report.verdict !== 'interrupted') {
      report = finish();
      await writeReports(report, output.stage);
    }
    output.sealTranscript(await writeRecord(output.stage, recordFacts(options), options.cases));
    await output.publish();
    return { report, dir, html: path.join(dir, 'report.html') };
  } finally {
    await output.discard();
  }
}

function recordFacts({ suite, pack, optimise, flags = [], quarantined = new Map(), leftOut = [], devices, hilVersion, signal, retry = NO_RETRIES }: RunOptions): Parameters<typeof writeRecord>[1] {
  return {
    hilVersion, suite, pack, optimise, flags, quarantined: Object.fromEntries(quarantined), leftOut, benchRetries: retry.retries,
    devices: devices.map(({ spec, preloads = false, recover }) => ({ spec, preloads, recovers: recover !== undefined })),
    stopped: signal.aborted ? recordedError(signal.reason) : null,
  };
}

async function runAll(options: RunOptions, output: OutputFolder, clock: PhaseClock): Promise<CaseReport[]> {
  // Two names may look the same in a file system; their folders must not be one.
  const slugs = uniqueSlugs(options.cases.map((plan) => plan.name));
  const byCase = options.cases.map(() => new Array<CaseReport | undefined>(options.devices.length));
  const live = options.bench ?? (options.schedule === undefined ? liveBench : makeLiveBench(options.schedule));
  const bench = recordingBench(live, ({ plan, device }) => (event) => output.transcript({ case: plan.name, device: device.spec.id, ...event }));
  const { retry = NO_RETRIES, lookAhead = true, pack } = options;
  await Promise.all(options.devices.map(async (ofRun, d) => {
    const device = recordingDevice(ofRun, (event) => output.transcript({ device: ofRun.spec.id, ...event }));
    const meant = [...options.cases.entries()].filter(([, plan]) => plan.devices === null || plan.devices.includes(device.spec.id));
    const grouped = Array.from({ length: Math.ceil(meant.length / pack) }, (_, g) => meant.slice(g * pack, (g + 1) * pack));
    const left = new TimeLeft(grouped.map((group) => guessMs(group.map(([, plan]) => plan))), !device.spec.simulated);
    const names = new Map<PlannedCase, { readonly place: string; readonly pack: string }>();
    const keep = (plan: PlannedCase, round: number): CaseContext['keepImage'] => {
      const { place, pack: shared } = names.get(plan) as { place: string; pack: string };
      return (built, alone) => keepImage(built, path.join(output.stage, 'images', `${alone ? place : shared}${round === 0 || alone ? '' : `.again${round}`}.elf`));
    };
    const groups = grouped.map((group, g) => group.map(([c, planned], k): CaseContext => {
      const packed = group.length > 1;
      const skipReason = options.quarantined?.get(device.spec.id) ?? planned.skipReason;
      const plan = skipReason === planned.skipReason ? planned : { ...planned, skipReason };
      const place = `${slugs[c]}.${device.spec.id}`;
      names.set(plan, { place, pack: packed ? `pack${g}.${device.spec.id}` : place });
      return {
        plan, device, bench, signal: options.signalOf?.(device.spec.id) ?? options.signal, onEvent: options.onEvent, clock, cacheDir: options.cacheDir, optimise: options.optimise, flags: options.flags ?? [], leaseWaitMs: options.leaseWaitMs,
        urgency: () => left.urgency(g),
        networkName: packed ? `net${k}` : null,
        generatedDir: path.join(output.stage, 'generated', place),
        onTranscript: (event) => output.transcript({ case: plan.name, device: device.spec.id, ...event }),
        keepImage: keep(plan, 0),
      };
    }));
    const reports = await walkDevice({ groups, left, lookAhead, retry, forRetry: (context, round) => ({ ...context, keepImage: keep(context.plan, round) }) });
    for (const [g, group] of grouped.entries()) group.forEach(([c], k) => { (byCase[c] as (CaseReport | undefined)[])[d] = reports[g]?.[k]; });
  }));
  return byCase.flat().filter((one) => one !== undefined);
}

async function keepImage(image: BuiltImage, target: string): Promise<void> {
  try {
    await mkdir(path.dirname(target), { recursive: true });
    await copyFile(image.elf, target);
  } catch (cause) {
    throw new HilError('bench', 'report.no-image', `cannot put the image beside the report: ${(cause as Error).message}`,
      { hint: 'Check the space and the rights there, or choose another folder with --out.', cause });
  }
}

function isInterrupted({ aborted, reason }: AbortSignal): boolean {
  return aborted && (!(reason instanceof HilError) || reason.kind === 'cancelled');
}
