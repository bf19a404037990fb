import { realpath } from 'node:fs/promises';
import { HilError } from '../errors.ts';
import type { Report } from '../report/index.ts';
import { runSuite, thrownAgain, type OnEvent } from '../run/index.ts';
import { compareReports, withRecordedTimes, type Difference } from './compare-reports.ts';
import { checkImages, readTranscriptOf, type RecordedRun } from './read-run.ts';
import { replayBench } from './replay-bench.ts';
import { DeviceRecord, replayDevice, type ReplayHooks } from './replay-device.ts';

export interface ReplayOptions {
  /** Folder of the replayed report. */
  readonly out: string;
  readonly hilVersion: string;
  readonly command: readonly string[];
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
}

export interface ReplayResult {
  readonly report: Report;
  /** Where hil asked for other things than it did then; the first of each device. */
  readonly diverged: readonly HilError[];
  /** Where the reports differ. */
  readonly differences: readonly Difference[];
}

/**
 * Runs the host's side of a recorded run again: the same cases, with the recorded answers of generator, compiler and devices.
 * No device, compiler or network is touched, and time does not pass.
 * @throws HilError 'config' where the record is damaged, cut, or of devices that hil does not record, or the report would
 *   replace the run's own; 'cancelled'
 */
export async function replayRun(run: RecordedRun, options: ReplayOptions): Promise<ReplayResult> {
  const { record, cases } = run;
  const dialect = record.devices.filter(({ spec }) => spec.firmware === 'mlperf-tiny').map(({ spec }) => spec.id);
  if (dialect.length > 0) throw new HilError('config', 'replay.not-recorded', `what stock MLPerf Tiny firmware says is not recorded: ${dialect.join(', ')} cannot be replayed`);
  if (await isSameFolder(run.dir, options.out)) {
    throw new HilError('config', 'replay.same-folder', `${options.out} is the folder of the run itself, which a replay must not replace`, { hint: 'Name another folder with --out.' });
  }
  checkImages(run);
  const transcript = await readTranscriptOf(run);
  const diverged = new Map<string, HilError>();
  const stops = new Map(record.devices.map(({ spec }) => [spec.id, new AbortController()]));
  const stopOf = (device: string): AbortController => stops.get(device) as AbortController;
  const hooksOf = (device: string): ReplayHooks => ({
    onDiverged: (error) => { if (!diverged.has(device)) diverged.set(device, error); },
    onStopped: () => {
      if (record.stopped === null) return false;
      stopOf(device).abort(thrownAgain(record.stopped));
      return true;
    },
  });
  const records = new Map(record.devices.map((device) => [device.spec.id, new DeviceRecord(device, transcript.devices.get(device.spec.id) ?? [])]));
  const { report } = await runSuite({
    suite: record.suite, cases, devices: [...records].map(([id, of]) => replayDevice(of, hooksOf(id))), out: options.out, cacheDir: '', command: options.command, hilVersion: options.hilVersion,
    signal: AbortSignal.any([options.signal, ...[...stops.values()].map(({ signal }) => signal)]), signalOf: (device) => AbortSignal.any([options.signal, stopOf(device).signal]), onEvent: options.onEvent, pack: record.pack, optimise: record.optimise, flags: record.flags,
    quarantined: new Map(Object.entries(record.quarantined)), leftOut: record.leftOut, leaseWaitMs: 0, lookAhead: false, retry: { retries: record.benchRetries ?? 0, waitMs: 0 },
    bench: replayBench(records, run.images, run.dir, (device) => hooksOf(device)), amend: (made) => withRecordedTimes(made, run.report),
  });
  if (options.signal.aborted) throw options.signal.reason;
  return { report, diverged: [...diverged.values()], differences: compareReports(run.report, report) };
}

/** Also where one is a link to the other. */
async function isSameFolder(a: string, b: string): Promise<boolean> {
  const real = (dir: string): Promise<string | null> => realpath(dir).catch(() => null);
  const [first, second] = [await real(a), await real(b)];
  return first !== null && first === second;
}
