import { createReadStream } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, gunzip } from 'node:zlib';
import { HilError } from '../../errors.ts';
import { readRegularFile } from '../../read-regular-file.ts';
import type { History } from '../history.ts';
import { boundedLines } from './bounded-lines.ts';
import { parseExportedRun } from './parse-exported-run.ts';

/** A report of 100 layers and 1000 samples has less than 2 MB. */
const MOST_RUN_BYTES = 128 << 20;
const MOST_DEPTH = 8;
const MOST_ENTRIES = 1_000_000;
/** What is named one by one; the rest is counted. */
const MOST_NAMED = 20;

export interface ImportResult {
  readonly read: number;
  readonly added: number;
  /** Were there before. */
  readonly known: number;
  readonly baselines: number;
  readonly bad: number;
  /** The first of them, with the reason. */
  readonly problems: readonly { readonly where: string; readonly why: string }[];
}

/**
 * Lands runs from files (.ndjson, .ndjson.gz, report.json) and folders (every report.json below them). What is bad is counted and named;
 * the good ones land all the same, each once.
 * @throws HilError of the history, where that fails; what has landed until then stays
 */
export async function importFiles(history: History, files: readonly string[], { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (read: number) => void }): Promise<ImportResult> {
  const importer = new Importer(history, signal, onProgress);
  for (const file of files) await importer.take(file);
  return importer.result();
}

class Importer {
  readonly #history: History;
  readonly #signal: AbortSignal;
  readonly #onProgress: (read: number) => void;
  #counts = { read: 0, added: 0, known: 0, baselines: 0, bad: 0 };
  readonly #problems: { where: string; why: string }[] = [];

  constructor(history: History, signal: AbortSignal, onProgress: (read: number) => void) {
    this.#history = history;
    this.#signal = signal;
    this.#onProgress = onProgress;
  }

  result(): ImportResult {
    return { ...this.#counts, problems: this.#problems };
  }

  async take(file: string): Promise<void> {
    const found = await stat(file).catch(() => null);
    if (found === null) return this.#problem(file, 'it is not there');
    if (found.isDirectory()) return this.#folder(file);
    if (!found.isFile()) return this.#problem(file, 'it is no regular file');
    if (/\.ndjson(\.gz)?$/i.test(file)) return this.#lines(file);
    if (/\.json(\.gz)?$/i.test(file)) return this.#document(file);
    this.#problem(file, 'it is no .ndjson, .ndjson.gz, .json or folder');
  }

  async #folder(dir: string): Promise<void> {
    const before = this.#counts.read + this.#counts.bad;
    let entries = 0;
    const walk = async (folder: string, depth: number): Promise<void> => {
      if (depth > MOST_DEPTH) return this.#problem(folder, `it is more than ${MOST_DEPTH} folders deep`);
      const below: string[] = [];
      try {
        for await (const entry of await opendir(folder)) {
          if (++entries > MOST_ENTRIES) throw new Error(`more than ${MOST_ENTRIES} files`);
          // Not through links: they may lead in circles.
          if (entry.isDirectory() && !entry.name.startsWith('.')) below.push(path.join(folder, entry.name));
          else if (entry.isFile() && entry.name === 'report.json') await this.#document(path.join(folder, entry.name));
        }
      } catch (error) {
        if (error instanceof HilError) throw error;
        this.#signal.throwIfAborted();
        return this.#problem(folder, messageOf(error));
      }
      for (const next of below.sort()) await walk(next, depth + 1);
    };
    await walk(dir, 0);
    if (this.#counts.read + this.#counts.bad === before) this.#problem(dir, 'there is no report.json in it');
  }

  async #lines(file: string): Promise<void> {
    let some = false;
    try {
      for await (const line of boundedLines(bytesOf(file), MOST_RUN_BYTES)) {
        some = true;
        const where = `${file}, line ${line.number}`;
        if ('tooLong' in line) this.#problem(where, `it has more than ${MOST_RUN_BYTES} bytes`);
        else await this.#run(where, line.text, null);
      }
    } catch (error) {
      if (error instanceof HilError) throw error;
      this.#signal.throwIfAborted();
      return this.#problem(file, `it cannot be read to its end: ${messageOf(error)}`);
    }
    if (!some) this.#problem(file, 'it is empty');
  }

  async #document(file: string): Promise<void> {
    let text: string;
    try {
      const bytes = await readRegularFile(file, MOST_RUN_BYTES);
      text = (/\.gz$/i.test(file) ? await promisify(gunzip)(bytes, { maxOutputLength: MOST_RUN_BYTES }) : bytes).toString('utf8');
    } catch (error) {
      return this.#problem(file, messageOf(error));
    }
    await this.#run(file, text, path.dirname(path.resolve(file)));
  }

  async #run(where: string, text: string, dir: string | null): Promise<void> {
    this.#signal.throwIfAborted();
    let parsed: ReturnType<typeof parseExportedRun>;
    try {
      parsed = parseExportedRun(JSON.parse(text), dir);
    } catch (error) {
      return this.#problem(where, error instanceof SyntaxError ? 'it is no JSON' : messageOf(error));
    }
    const { added } = await this.#history.add(parsed.run);
    for (const baseline of parsed.baselines) await this.#history.accept(baseline);
    this.#counts.read += 1;
    this.#counts.baselines += parsed.baselines.length;
    this.#counts[added ? 'added' : 'known'] += 1;
    this.#onProgress(this.#counts.read);
  }

  #problem(where: string, why: string): void {
    this.#counts.bad += 1;
    if (this.#problems.length < MOST_NAMED) this.#problems.push({ where, why });
  }
}

/** pipe() alone does not pass errors on, and leaves the file open where its reader stops early. */
function bytesOf(file: string): AsyncIterable<Uint8Array> {
  const bytes = createReadStream(file);
  if (!/\.gz$/i.test(file)) return bytes;
  const unzipped = createGunzip();
  pipeline(bytes, unzipped, () => undefined);
  return unzipped;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
