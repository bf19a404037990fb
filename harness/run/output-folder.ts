import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { HilError } from '../errors.ts';
import { makeFolders } from '../make-folders.ts';
import { ownedName, sweepOwned } from '../device/index.ts';

/** Folder inside the output folder where runs in progress write; emptied of dead runs' leftovers by the next run. */
const STAGES = '.hil-tmp';

/** A transcript beyond this is cut, and says so. */
const MAX_TRANSCRIPT_BYTES = 64 << 20;

/**
 * The folder of a report. Everything is written to a stage beside its place and moved there at the end, so that a killed run
 * leaves either the whole report or none.
 */
export class OutputFolder {
  readonly dir: string;
  /** Absolute; exists. */
  readonly stage: string;
  #transcript: WriteStream | null = null;
  #transcriptBytes = 0;
  #transcriptLines = 0;
  #transcriptCrc = 0;
  /** A full disk, as a rule. */
  #transcriptError: Error | null = null;

  private constructor(dir: string, stage: string) {
    this.dir = dir;
    this.stage = stage;
  }

  /** @throws HilError 'bench' where the folder cannot be made. */
  static async open(dir: string): Promise<OutputFolder> {
    const stages = path.join(dir, STAGES);
    const stage = path.join(stages, ownedName());
    try {
      await makeFolders(stages);
      await sweepOwned(stages);
      await mkdir(stage);
    } catch (cause) {
      throw new HilError('bench', 'report.no-folder', `cannot write to the output folder ${dir}: ${(cause as Error).message}`,
        { hint: 'Name another folder with --out, or make this one writable.', cause });
    }
    return new OutputFolder(dir, stage);
  }

  /** Appends one line to transcript.ndjson. */
  transcript(event: object): void {
    if (this.#transcriptBytes > MAX_TRANSCRIPT_BYTES || this.#transcriptError !== null) return;
    this.#transcript ??= createWriteStream(path.join(this.stage, 'transcript.ndjson')).on('error', (error) => { this.#transcriptError = error; });
    const line = Buffer.from(`${JSON.stringify(event)}\n`);
    this.#transcriptBytes += line.length;
    this.#transcriptLines += 1;
    this.#transcriptCrc = crc32(line, this.#transcriptCrc);
    this.#transcript.write(this.#transcriptBytes > MAX_TRANSCRIPT_BYTES ? '{"type":"cut","note":"transcript too long"}\n' : line);
  }

  /** Ends the transcript with a line that shows whether all before it is there as it was written. @param record SHA-256 of the record that belongs to it */
  sealTranscript(record: string): void {
    this.transcript({ end: true, lines: this.#transcriptLines, crc32: this.#transcriptCrc, record });
  }

  async #endTranscript(): Promise<void> {
    const stream = this.#transcript;
    this.#transcript = null;
    if (stream === null) return;
    if (this.#transcriptError === null) stream.end();
    await finished(stream).catch((error: Error) => { this.#transcriptError = error; });
  }

  /** Moves what was written to its place, replacing what an earlier run left there under the same names. */
  async publish(): Promise<void> {
    try {
      await this.#endTranscript();
      if (this.#transcriptError !== null) throw this.#transcriptError;
      // report.json comes last, and an earlier run's goes first: where it is, the rest is.
      await rm(path.join(this.dir, 'report.json'), { force: true });
      const names = (await readdir(this.stage)).sort((a, b) => Number(a === 'report.json') - Number(b === 'report.json'));
      for (const name of names) {
        const target = path.join(this.dir, name);
        await rm(target, { recursive: true, force: true });
        await rename(path.join(this.stage, name), target);
      }
    } catch (cause) {
      throw new HilError('bench', 'report.not-written', `cannot write the report to ${this.dir}: ${(cause as Error).message}`,
        { hint: 'Check free space and rights, or name another folder with --out.', cause });
    }
  }

  /** Removes the stage, and the folder itself where nothing was published. Safe to call twice. */
  async discard(): Promise<void> {
    await this.#endTranscript();
    // What cannot be removed must not hide why it is discarded; the next run sweeps it.
    await rm(this.stage, { recursive: true, force: true }).catch(() => undefined);
    // A folder that others still use, that holds a report, or that a disk is mounted on, stays.
    for (const folder of [path.join(this.dir, STAGES), this.dir]) await rmdir(folder).catch(() => undefined);
  }
}
