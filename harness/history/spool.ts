import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { parseReport, toFileForm, writeFileAtomically } from '../report/index.ts';
import { canonicalReport } from './canonical.ts';
import type { ExportedRun, History, NewRun } from './history.ts';

const SUFFIX = '.json.gz';
const MOST_BYTES = 256 << 20;
/** What a killed process was writing is nobody's after this time. */
const STALE_MS = 3600_000;

/** Runs that wait for a history that could not be reached, one file each: a line as `hil history export` writes it, so that `import` reads it too. */
export class Spool {
  readonly dir: string;

  /** @param home HIL_HOME */
  constructor(home: string) {
    this.dir = path.join(home, 'spool');
  }

  /** @returns the file @throws where it cannot be written */
  async put({ report, dir }: NewRun): Promise<string> {
    const { key } = canonicalReport(report);
    const line: ExportedRun = { schema: 'hil-history/1', key, dir, report: toFileForm(report) };
    const file = path.join(this.dir, `${key}${SUFFIX}`);
    await mkdir(this.dir, { recursive: true });
    await writeFileAtomically(file, await promisify(gzip)(`${JSON.stringify(line)}\n`));
    return file;
  }

  /**
   * Lands what waits, oldest name first, until all is done or the time is up. Each run is one in the history however many processes do
   * this at once: its key sees to that, and a file goes when its run is there. What cannot be read is put aside under another name.
   * @throws HilError where the history fails; what was not landed waits on
   */
  async land(history: History, deadlineMs: number): Promise<{ readonly landed: number; readonly waiting: number; readonly putAside: readonly string[] }> {
    const names = (await readdir(this.dir).catch(() => [])).sort();
    await this.#sweep(names);
    const runs = names.filter((name) => /^[0-9a-f]{64}\.json\.gz$/.test(name));
    const until = performance.now() + deadlineMs;
    const putAside: string[] = [];
    let [landed, done] = [0, 0];
    for (const name of runs) {
      if (performance.now() > until) break;
      done += 1;
      const file = path.join(this.dir, name);
      const run = await read(file);
      if (run === 'gone') continue;
      if (run === 'damaged') {
        await rename(file, `${file}.bad`).catch(() => undefined);
        putAside.push(`${file}.bad`);
        continue;
      }
      await history.add(run);
      await rm(file, { force: true });
      landed += 1;
    }
    return { landed, waiting: runs.length - done, putAside };
  }

  async #sweep(names: readonly string[]): Promise<void> {
    for (const name of names.filter((one) => one.startsWith('.tmp-'))) {
      const file = path.join(this.dir, name);
      const age = await stat(file).then(({ mtimeMs }) => Date.now() - mtimeMs, () => 0);
      if (age > STALE_MS) await rm(file, { force: true });
    }
  }
}

/** 'gone': another process has landed it meanwhile. */
async function read(file: string): Promise<NewRun | 'gone' | 'damaged'> {
  let packed: Buffer;
  try {
    packed = await readFile(file);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : 'damaged';
  }
  try {
    const line = JSON.parse((await promisify(gunzip)(packed, { maxOutputLength: MOST_BYTES })).toString('utf8')) as ExportedRun;
    return { report: parseReport(JSON.stringify(line.report), file), dir: typeof line.dir === 'string' ? line.dir : null };
  } catch {
    return 'damaged';
  }
}
