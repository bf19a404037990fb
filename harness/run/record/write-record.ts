import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { HilError } from '../../errors.ts';
import type { PlannedCase } from '../planned-case.ts';
import { encodeCases, sha256Of } from './planned-values.ts';
import { PLAN_FILE, RECORD_DIR, RECORD_SCHEMA, type RunRecord } from './run-record.ts';

/** Models, samples and oracles beyond this are not kept, and the record says so. */
const MAX_RECORD_BYTES = 256 << 20;
/** Speed counts more than size. */
const GZIP_LEVEL = 1;

const gzipped = promisify(gzip);

/**
 * Writes record/plan.json and the files that it refers to (<sha256>.gz).
 * @param dir of the report @returns SHA-256 of plan.json @throws HilError 'bench' report.no-record
 */
export async function writeRecord(dir: string, facts: Omit<RunRecord, 'schema' | 'cases' | 'incomplete'>, cases: readonly PlannedCase[]): Promise<string> {
  const files = new Map<string, Uint8Array>();
  let total = 0;
  let encoded: unknown = null;
  let incomplete: string | null = null;
  try {
    encoded = encodeCases(cases, (sha256, bytes) => {
      if (files.has(sha256)) return;
      files.set(sha256, bytes);
      total += bytes.length;
    });
    if (total > MAX_RECORD_BYTES) incomplete = `its models and samples are ${total} bytes; at most ${MAX_RECORD_BYTES} are kept with a run`;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    incomplete = error.message;
  }
  const record: RunRecord = { schema: RECORD_SCHEMA, ...facts, cases: incomplete === null ? encoded : null, incomplete };
  try {
    const folder = path.join(dir, RECORD_DIR);
    await mkdir(folder, { recursive: true });
    if (incomplete === null) for (const [sha256, bytes] of files) await writeFile(path.join(folder, `${sha256}.gz`), await gzipped(bytes, { level: GZIP_LEVEL }));
    const plan = Buffer.from(`${JSON.stringify(record)}\n`);
    await writeFile(path.join(folder, PLAN_FILE), plan);
    return sha256Of(plan);
  } catch (cause) {
    throw new HilError('bench', 'report.no-record', `cannot put the record of the run beside the report: ${(cause as Error).message}`,
      { hint: 'Check the space and the rights there, or choose another folder with --out.', cause });
  }
}
