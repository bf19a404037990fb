import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { HilError } from '../errors.ts';
import { readRegularFile } from '../read-regular-file.ts';
import { parseReport, type Report } from '../report/index.ts';
import { decodeCases, PLAN_FILE, RECORD_DIR, RECORD_SCHEMA, recordDamaged, sha256Of, type PlannedCase, type RunRecord } from '../run/index.ts';
import { checkCase, checkRecord } from './check-record.ts';
import { readTranscript, type Transcript } from './read-transcript.ts';

/** Beyond this a file of a run is not read. */
const MAX_FILE_BYTES = 512 << 20;

/** Models, samples and oracles of a run, unpacked: as much as a run keeps of them (write-record.ts). A bundle may come from anyone. */
const MAX_RECORD_BYTES = 256 << 20;

/** A run that was read back from its folder. */
export interface RecordedRun {
  readonly dir: string;
  readonly report: Report;
  readonly record: RunRecord;
  readonly cases: readonly PlannedCase[];
  /** Kept images by their SHA-256. */
  readonly images: ReadonlyMap<string, string>;
}

/**
 * Reads report and plan of a run.
 * @param given the run's folder, or its report.json
 * @throws HilError 'config' replay.no-run | replay.not-recorded | report.invalid | record.damaged
 */
export async function readRun(given: string): Promise<RecordedRun> {
  const dir = path.resolve(path.basename(given) === 'report.json' ? path.dirname(given) : given);
  const report = parseReport((await file(dir, 'report.json')).toString('utf8'), path.join(given));
  const record = await readRecord(dir);
  const find = blobs(path.join(dir, RECORD_DIR));
  let cases: PlannedCase[];
  try {
    cases = decodeCases(record.cases, await find(record.cases));
    cases.forEach(checkCase);
  } catch (error) {
    throw error instanceof HilError && error.code === 'record.damaged' ? error : recordDamaged(error instanceof Error ? error.message : String(error));
  }
  return { dir, report, record, cases, images: await imagesOf(dir) };
}

/** @throws HilError 'config', as readTranscript(), and where plan and transcript are not of one run */
export async function readTranscriptOf(run: RecordedRun): Promise<Transcript> {
  const transcript = readTranscript(await file(run.dir, 'transcript.ndjson'));
  if (transcript.record !== sha256Of(await file(run.dir, RECORD_DIR, PLAN_FILE))) throw recordDamaged(`${RECORD_DIR}/${PLAN_FILE} is not the one that the transcript was written with`);
  return transcript;
}

async function readRecord(dir: string): Promise<RunRecord> {
  const text = (await file(dir, RECORD_DIR, PLAN_FILE)).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw recordDamaged(`${RECORD_DIR}/${PLAN_FILE} is no JSON`);
  }
  const given = value as Partial<RunRecord> | null;
  if (given?.schema !== RECORD_SCHEMA) throw recordDamaged(`${RECORD_DIR}/${PLAN_FILE} is no ${RECORD_SCHEMA}`);
  if (typeof given.incomplete === 'string') {
    throw new HilError('config', 'replay.not-recorded', `this run did not keep its plan: ${given.incomplete}`, { hint: 'Run fewer cases at once (--case).' });
  }
  checkRecord(value);
  return value;
}

/** Reads all files that a plan refers to, each checked. */
function blobs(folder: string): (cases: unknown) => Promise<(sha256: string) => Uint8Array> {
  return async (cases) => {
    const wanted = new Set(JSON.stringify(cases).match(/(?<=")[0-9a-f]{64}(?=")/g));
    const known = new Map<string, Uint8Array>();
    let left = MAX_RECORD_BYTES;
    for (const name of await readdir(folder)) {
      const sha256 = name.replace(/\.gz$/, '');
      if (!wanted.has(sha256)) continue;
      const packed = await file(folder, name);
      try {
        const bytes = gunzipSync(packed, { maxOutputLength: Math.max(1, left) });
        left -= bytes.length;
        // A copy of its own: typed arrays want their bytes aligned.
        if (sha256Of(bytes) === sha256) known.set(sha256, new Uint8Array(bytes));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw recordDamaged(`${RECORD_DIR} unpacks to more than ${MAX_RECORD_BYTES} bytes`);
        // Anything else is said where it is looked for.
      }
    }
    return (sha256) => {
      const bytes = known.get(sha256);
      if (bytes === undefined) throw recordDamaged(`${RECORD_DIR}/${sha256}.gz is missing or was changed`);
      return bytes;
    };
  };
}

/** @throws HilError 'config' replay.no-image where the image that a case ran is not kept, or was changed */
export function checkImages({ report, images, record }: RecordedRun): void {
  for (const { name, device, image } of report.cases) {
    if (image === null || images.has(image.sha256) || record.devices.every(({ spec }) => spec.id !== device)) continue;
    throw new HilError('config', 'replay.no-image', `incomplete record: the image of ${name} on ${device} is not in the run's folder images/, or was changed`, { hint: 'Replay the whole folder of the run.' });
  }
}

async function imagesOf(dir: string): Promise<Map<string, string>> {
  const folder = path.join(dir, 'images');
  const images = new Map<string, string>();
  for (const name of await readdir(folder).catch(() => [])) images.set(sha256Of(await file(folder, name)), path.join(folder, name));
  return images;
}

async function file(...parts: string[]): Promise<Buffer> {
  const name = path.join(...parts);
  try {
    return await readRegularFile(name, MAX_FILE_BYTES);
  } catch (cause) {
    throw new HilError('config', 'replay.no-run', `cannot read ${name}: ${(cause as Error).message}`,
      { hint: 'Give the folder of a run (where report.json is), as hil run wrote it.', cause });
  }
}
