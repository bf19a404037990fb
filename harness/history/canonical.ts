import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import { HilError } from '../errors.ts';
import { fromFileForm, toFileForm, type Report } from '../report/index.ts';

/** A report of 100 layers and 1000 samples has less than 2 MB; what comes from elsewhere may be anything. */
const MOST_REPORT_BYTES = 256 << 20;

/**
 * A report as bytes that are the same wherever and in whatever order its fields were put together: JSON of its file form without blanks, keys by code unit.
 * @returns the bytes, and their SHA-256 in hex: the key of the run
 */
export function canonicalReport(report: Report): { readonly key: string; readonly bytes: Buffer } {
  const bytes = Buffer.from(canonicalJson(toFileForm(report)));
  return { key: createHash('sha256').update(bytes).digest('hex'), bytes };
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}

export const packReport = (bytes: Buffer): Promise<Buffer> => promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION });

/** @param where names the history in messages @throws HilError 'bench' history.damaged */
export async function unpackReport(packed: Uint8Array, where: string): Promise<Report> {
  try {
    return fromFileForm(JSON.parse((await promisify(gunzip)(packed, { maxOutputLength: MOST_REPORT_BYTES })).toString('utf8')));
  } catch (cause) {
    throw new HilError('bench', 'history.damaged', `the history ${where} has a report that cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { hint: 'Restore it from a copy.', cause });
  }
}
