import path from 'node:path';
import { createWorkDir } from '../device/index.ts';
import { HilError } from '../errors.ts';
import { canonicalReport } from '../history/canonical.ts';
import { readRegularFile } from '../read-regular-file.ts';
import { readRun, readTranscriptOf, replayRun, type RecordedRun, type Transcript } from '../replay/index.ts';
import { PLAN_FILE, RECORD_DIR, type OnEvent } from '../run/index.ts';
import { chooseCuts, type Cut } from './choose-cells.ts';
import { cutRun, type CutRun } from './cut-run.ts';
import { extractBundle } from './extract.ts';
import { BUNDLE_FILE, BUNDLE_SCHEMA, sha256Of, versionsOf, type BundleManifest } from './manifest.ts';
import { readme } from './readme.ts';
import { writeZip } from './write-zip.ts';

export interface BundleOptions {
  readonly case: string | null;
  readonly device: string | null;
  readonly hilVersion: string;
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  readonly onStep: (line: string) => void;
}

export interface MadeBundle {
  readonly bytes: Uint8Array;
  readonly manifest: BundleManifest;
}

const MAX_FILE_BYTES = 512 << 20;

/**
 * Cuts a run down to what was asked for, and proves that it can be replayed by doing so: the bytes are unpacked and played back.
 * Where that does not come to the same, more of the run is taken; where no cut does, the smallest is kept, and says so.
 * @throws HilError 'config' where there is no such case or a file of the run is missing or damaged; 'cancelled'
 */
export async function makeBundle(run: RecordedRun, options: BundleOptions): Promise<MadeBundle> {
  const dialect = run.record.devices.find(({ spec }) => spec.firmware === 'mlperf-tiny' && (options.device === null || options.device === spec.id));
  if (dialect !== undefined) throw new HilError('config', 'replay.not-recorded', `what stock MLPerf Tiny firmware says is not recorded: ${dialect.spec.id} cannot be replayed`);
  const cuts = chooseCuts(run, options);
  const transcript = await readTranscriptOf(run);
  let first: { readonly cut: Cut; readonly files: CutRun; readonly why: string } | null = null;
  for (const cut of cuts) {
    options.onStep(`${cut.cells.length} of ${run.report.cases.length} cases; replaying them`);
    const files = await cutRun(run, cut.cells);
    const made = await packed(run, transcript, cut, files, null, options.hilVersion);
    const why = await whyNotReplayed(made, options);
    if (why === null) return made;
    options.onStep(`it does not come to the same alone: ${why}`);
    first ??= { cut, files, why };
  }
  const { cut, files, why } = first as NonNullable<typeof first>;
  return packed(run, transcript, cut, files, why, options.hilVersion);
}

async function packed(run: RecordedRun, transcript: Transcript, cut: Cut, { report, files: cutFiles }: CutRun, why: string | null, hilVersion: string): Promise<MadeBundle> {
  const files = new Map(cutFiles);
  const devices = [...new Set(cut.cells.map(({ device }) => device))];
  const hashOf = async (...names: string[]): Promise<string> => sha256Of(await readRegularFile(path.join(run.dir, ...names), MAX_FILE_BYTES));
  const base: Omit<BundleManifest, 'files'> = {
    schema: BUNDLE_SCHEMA, hilVersion,
    run: { id: run.report.run.id, key: canonicalReport(run.report).key, startedAt: run.report.run.startedAt, suite: run.report.suite.name.slice(0, 1000), commit: run.report.run.source?.commit ?? null,
      sha256: { report: await hashOf('report.json'), plan: await hashOf(RECORD_DIR, PLAN_FILE), transcript: await hashOf('transcript.ndjson') } },
    cut: { cases: report.cases.map(({ name, device, verdict }) => ({ name: name.slice(0, 1000), device, verdict })), of: run.report.cases.length, wider: cut.wider },
    versions: versionsOf(report, run.record.hilVersion, Object.fromEntries(devices.map((device) => [device, probed(transcript, device)]))),
    replay: { identical: why === null, why, commands: ['hil replay FILE', ...devices.map((device) => `hil replay FILE --device ${device}`)] },
  };
  files.set('README.txt', Buffer.from(readme(base)));
  const manifest: BundleManifest = { ...base, files: Object.fromEntries([...files.keys()].sort().map((name) => [name, sha256Of(files.get(name) as Uint8Array)])) };
  files.set(BUNDLE_FILE, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  return { bytes: writeZip(files), manifest };
}

/** What the device's probe found: the emulator's version, a port. */
function probed(transcript: Transcript, device: string): readonly string[] {
  for (const event of transcript.devices.get(device) ?? []) {
    if ('stage' in event && event.stage.stage === 'probe' && 'value' in event.stage.outcome) return event.stage.outcome.value.found.slice(0, 100).map((text) => String(text).slice(0, 1000));
  }
  return [];
}

/** null: unpacked and played back, it comes to the same. */
async function whyNotReplayed({ bytes }: MadeBundle, { hilVersion, signal, onEvent }: BundleOptions): Promise<string | null> {
  const work = await createWorkDir();
  try {
    const dir = path.join(work.path, 'bundle');
    await extractBundle(bytes, 'the bundle', dir);
    const { diverged, differences } = await replayRun(await readRun(dir), { out: path.join(work.path, 'out'), hilVersion, command: [], signal, onEvent });
    const [difference] = differences;
    return diverged[0]?.message ?? (difference === undefined ? null : `${difference.path}: recorded ${difference.recorded}, replayed ${difference.replayed}${differences.length > 1 ? `, and ${differences.length - 1} more` : ''}`);
  } finally {
    await work.remove();
  }
}
