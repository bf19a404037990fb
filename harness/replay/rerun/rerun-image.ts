import { chmod, copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createWorkDir, type Device } from '../../device/index.ts';
import { HilError } from '../../errors.ts';
import type { CaseReport, Report } from '../../report/index.ts';
import { matchesGlob, runSuite, type OnEvent, type PlannedCase } from '../../run/index.ts';
import { imageGroups } from '../image-groups.ts';
import { readTranscriptOf, type RecordedRun } from '../read-run.ts';
import { compareCases, exactFigures, type ComparedCase } from './compare-cases.ts';
import { fittingDevice } from './fitting-device.ts';
import { noImage, RecordedBuilds } from './recorded-builds.ts';
import { rerunBench } from './rerun-bench.ts';

export interface RerunOptions {
  readonly device: Device;
  /** Name of a case, or a glob; null: all that have an image. */
  readonly case: string | null;
  /** Folder of the new report; null: nowhere. */
  readonly out: string | null;
  readonly hilVersion: string;
  readonly command: readonly string[];
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  readonly leaseWaitMs: number;
  /** Why the device is not to be used, if so, by its id. */
  readonly quarantined?: ReadonlyMap<string, string>;
}

export interface RerunResult {
  readonly report: Report;
  /** Device of the record. */
  readonly recordedDevice: string;
  /** In the order of the record; at least one. */
  readonly cases: readonly ComparedCase[];
  /** The device that it ran on, the cases that had to come along, what has no image, ... */
  readonly notes: readonly string[];
  /** The case as it came out now. */
  caseNow(name: string): CaseReport;
}

/**
 * Runs the kept images of a recorded run again on a device that is here, with the recorded plan and inputs; needs neither
 * generator nor compiler. Cases that share an image run together, as they did.
 * @throws HilError 'config' where the record is damaged or incomplete, has no such case, or the device cannot run its images;
 *   'bench' where the report cannot be written; 'cancelled'
 */
export async function rerunImage(run: RecordedRun, options: RerunOptions): Promise<RerunResult> {
  const { device, signal } = options;
  const { recorded, notes: fitNotes } = fittingDevice(run, device.spec);
  const builds = new RecordedBuilds(run, recorded.id, (await readTranscriptOf(run)).devices.get(recorded.id) ?? []);
  const { chosen, notes } = chooseCases(run, builds, recorded.id, options.case);
  const work = await createWorkDir();
  try {
    let copies = 0;
    const copyImage = async (elf: string): Promise<string> => {
      const copy = path.join(work.path, `image${++copies}.elf`);
      await copyFile(elf, copy);
      // What came out of an archive has lost the right to be run.
      await chmod(copy, 0o700);
      return copy;
    };
    const out = options.out ?? path.join(work.path, 'out');
    await mkdir(out, { recursive: true });
    const { report } = await runSuite({
      suite: run.record.suite, cases: chosen.map((plan): PlannedCase => ({ ...plan, devices: null })), devices: [device], out, cacheDir: '', command: options.command, hilVersion: options.hilVersion, signal,
      onEvent: options.onEvent, pack: run.record.pack, optimise: run.record.optimise, flags: run.record.flags, leaseWaitMs: options.leaseWaitMs,
      ...(options.quarantined === undefined ? {} : { quarantined: options.quarantined }),
      bench: rerunBench(builds, work.path, copyImage),
      // What was tested is what was tested then.
      ...(run.report.run.source === undefined ? {} : { source: run.report.run.source }),
    });
    if (signal.aborted) throw signal.reason;
    const caseNow = (name: string): CaseReport => {
      const found = report.cases.find((one) => one.name === name);
      if (found === undefined) throw new Error(`case ${name} was not run`);
      return found;
    };
    const compared = chosen.flatMap(({ name }) => {
      const then = run.report.cases.find((one) => one.name === name && one.device === recorded.id);
      return then?.image == null ? [] : [compareCases(then, caseNow(name), recorded.id !== device.spec.id ? null : { recorded: exactFigures(run.report, then), now: exactFigures(report, caseNow(name)) })];
    });
    return { report, recordedDevice: recorded.id, notes: [...fitNotes, ...notes], caseNow, cases: compared };
  } finally {
    await work.remove();
  }
}

/** The cases that are meant, and those that share an image with them. */
function chooseCases(run: RecordedRun, builds: RecordedBuilds, device: string, wanted: string | null): { readonly chosen: readonly PlannedCase[]; readonly notes: readonly string[] } {
  const ofDevice = run.cases.filter(({ name }) => run.report.cases.some((one) => one.name === name && one.device === device));
  const meant = wanted === null ? ofDevice : ofDevice.filter(({ name }) => name === wanted || matchesGlob(wanted, name));
  if (meant.length === 0) {
    throw new HilError('config', 'replay.no-case', `the run has no case ${JSON.stringify(wanted)} on ${device}`, { hint: `It has ${ofDevice.slice(0, 20).map(({ name }) => name).join(', ')}.` });
  }
  const built = meant.filter(({ name }) => builds.shaOf(name) !== null);
  if (built.length === 0) {
    throw new HilError('config', 'replay.no-image', `nothing of ${meant.length === 1 ? `${meant[0]?.name} on ${device}` : `the run on ${device}`} can be run again: no image was made`, { hint: 'Replay it without --device.' });
  }
  for (const { name } of built) if (!run.images.has(builds.shaOf(name) as string)) throw noImage(name, device);
  // Taken apart, cases that were packed would run otherwise than they did: each would be timed, and start from a fresh memory.
  const chosen = run.record.pack === 1 ? built : imageGroups(run, device).filter((group) => group.some((plan) => built.includes(plan))).flat();
  const along = chosen.filter((plan) => !meant.includes(plan));
  const without = meant.filter((plan) => !built.includes(plan));
  return {
    chosen,
    notes: [
      ...(along.length === 0 ? [] : [`run along, as they share the image: ${listed(along)}`]),
      ...(without.length === 0 ? [] : [`not run, as no image was made of them: ${listed(without)}`]),
    ],
  };
}

function listed(plans: readonly PlannedCase[]): string {
  const names = plans.slice(0, 20).map(({ name }) => name).join(', ');
  return plans.length > 20 ? `${names} and ${plans.length - 20} more` : names;
}
