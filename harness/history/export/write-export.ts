import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { HilError } from '../../errors.ts';
import type { History, RunFilter } from '../history.ts';
import { csvLines } from './csv.ts';
import { TABLES, type Cell, type Table } from './tables.ts';

export type TableName = keyof typeof TABLES;
export type ExportFormat = 'ndjson' | 'csv' | 'parquet';

export interface ExportOptions {
  readonly filter: RunFilter;
  /** Of CSV and Parquet. */
  readonly table: TableName;
  readonly createdBy: string;
  readonly signal: AbortSignal;
  /** Told of the number of runs or rows so far. */
  readonly onProgress: (done: number) => void;
}

/** By the name of the file. null: none that is known. */
export function exportFormat(file: string): ExportFormat | null {
  const found = /\.(?:(ndjson)(?:\.gz)?|(csv)(?:\.gz)?|(parquet))$/i.exec(file);
  return (found?.slice(1).find((format) => format !== undefined)?.toLowerCase() as ExportFormat | undefined) ?? null;
}

/**
 * Writes runs (NDJSON, to be imported elsewhere) or a table of their figures (CSV, Parquet). The file is there as a whole or not at all;
 * one of that name before it is replaced.
 * @returns how many runs (NDJSON) or rows @throws HilError 'bench' history.export where it cannot be written
 */
export async function writeExport(history: History, file: string, options: ExportOptions): Promise<{ readonly count: number; readonly bytes: number }> {
  const temporary = path.join(path.dirname(file), `.tmp-${process.pid}-${randomBytes(6).toString('hex')}`);
  try {
    const written = exportFormat(file) === 'parquet' ? await parquet(history, temporary, options) : await text(history, file, temporary, options);
    const handle = await open(temporary, 'r+');
    await handle.sync().finally(() => handle.close());
    const { size } = await stat(temporary);
    await rename(temporary, file);
    return { count: written(), bytes: size };
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    options.signal.throwIfAborted();
    if (cause instanceof HilError) throw cause;
    throw new HilError('bench', 'history.export', `cannot write ${file}: ${messageOf(cause)}`, { hint: 'Check the space and the rights there, or choose another file with --out.', cause });
  }
}

/** NDJSON into a stream that is not ended, such as standard output. @returns the number of runs */
export async function streamRuns(history: History, to: NodeJS.WritableStream, options: ExportOptions): Promise<number> {
  const { lines, count } = ndjson(history, options);
  try {
    await pipeline(Readable.from(lines), to, { end: false, signal: options.signal });
  } catch (error) {
    options.signal.throwIfAborted();
    // A reader that has seen enough (`| head`) is no error.
    if (!['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error instanceof HilError ? error : new HilError('bench', 'history.export', `cannot write to standard output: ${messageOf(error)}`, { cause: error });
  }
  return count();
}

async function text(history: History, file: string, temporary: string, options: ExportOptions): Promise<() => number> {
  const { lines, count } = exportFormat(file) === 'csv' ? csv(history, options) : ndjson(history, options);
  const zip: Transform[] = /\.gz$/i.test(file) ? [createGzip()] : [];
  await pipeline([Readable.from(lines), ...zip, createWriteStream(temporary, { flags: 'wx' })], { signal: options.signal });
  return count;
}

async function parquet(history: History, temporary: string, options: ExportOptions): Promise<() => number> {
  const { writeParquet } = await import('./parquet.ts');
  const { table, rows, count } = counted(history, options);
  await writeParquet(temporary, table, rows, options.createdBy);
  return count;
}

function csv(history: History, options: ExportOptions): { lines: AsyncIterable<string>; count: () => number } {
  const { table, rows, count } = counted(history, options);
  return { lines: csvLines(table, rows), count };
}

function counted(history: History, { filter, table: name, signal, onProgress }: ExportOptions): { table: Table; rows: AsyncIterable<readonly Cell[]>; count: () => number } {
  let done = 0;
  const table = TABLES[name];
  async function* rows(): AsyncGenerator<readonly Cell[], void> {
    for await (const row of table.rows(history, filter)) {
      signal.throwIfAborted();
      onProgress(++done);
      yield row;
    }
  }
  return { table, rows: rows(), count: () => done };
}

function ndjson(history: History, { filter, signal, onProgress }: ExportOptions): { lines: AsyncIterable<string>; count: () => number } {
  let done = 0;
  async function* lines(): AsyncGenerator<string, void> {
    for await (const run of history.export(filter)) {
      signal.throwIfAborted();
      onProgress(++done);
      yield `${JSON.stringify(run)}\n`;
    }
  }
  return { lines: lines(), count: () => done };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
