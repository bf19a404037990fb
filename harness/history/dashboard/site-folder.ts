import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { HilError } from '../../errors.ts';
import { writeFileAtomically } from '../../report/index.ts';

/** Tells a folder that hil may write to and clear from any other. */
const MARKER = '.hil-dashboard';
const LOCK = '.hil-dashboard.lock';
const MARKER_TEXT = 'hil dashboard writes this folder: what it did not write is left alone, its own old files are removed.\n';
const VERSION = /^\d{8}T\d{6}-[0-9a-f]{8}$/;
const REPORT = /^[0-9a-f]{16}\.html$/;

/**
 * A folder with a site. Data of one build are in a folder of their own (data/<version>), which nothing points at until
 * index.html is replaced, by a rename, as the last step: whenever a build is killed, the old site is there or the new one.
 */
export class SiteFolder {
  readonly version: string;
  readonly #dir: string;
  readonly #reports = new Set<string>();
  #files = 0;
  #bytes = 0;

  private constructor(dir: string, version: string) {
    this.#dir = dir;
    this.version = version;
  }

  get size(): { readonly files: number; readonly bytes: number } {
    return { files: this.#files, bytes: this.#bytes };
  }

  /**
   * Makes the folder, or takes over the one of an earlier build.
   * @throws HilError 'config' dashboard.not-a-dashboard where something else is in it; 'bench' dashboard.busy, dashboard.folder
   */
  static async open(dir: string, now: Date): Promise<SiteFolder> {
    const entries = await mkdir(dir, { recursive: true }).then(() => readdir(dir)).catch((cause: unknown) => { throw cannotWrite(dir, cause); });
    if (entries.length > 0 && !entries.includes(MARKER)) {
      throw new HilError('config', 'dashboard.not-a-dashboard', `${dir} is not empty and was not written by hil dashboard`, { hint: 'Name an empty or new folder with --out: what is in this one would be mixed with the site.' });
    }
    const site = new SiteFolder(dir, `${now.toISOString().replace(/[-:]|\.\d+Z/g, '')}-${randomBytes(4).toString('hex')}`);
    try {
      // Before anything else, so that a first build that is killed can be made again.
      await writeFileAtomically(join(dir, MARKER), MARKER_TEXT);
      await lock(join(dir, LOCK));
      await mkdir(join(dir, 'data', site.version), { recursive: true });
      await mkdir(join(dir, 'reports'), { recursive: true });
    } catch (cause) {
      if (cause instanceof HilError) throw cause;
      throw cannotWrite(dir, cause);
    }
    return site;
  }

  /** @param name letters, digits and dashes, made by hil: never a name out of a report */
  async data(name: string, script: string): Promise<void> {
    await this.#write(() => writeFile(join(this.#dir, 'data', this.version, `${name}.js`), script), script);
  }

  /** Reports are shared by the old and the new site: each is replaced as a whole. */
  async report(key: string, html: string): Promise<void> {
    this.#reports.add(`${key}.html`);
    await this.#write(() => writeFileAtomically(join(this.#dir, 'reports', `${key}.html`), html), html);
  }

  /** Makes the new site the one that is shown, then removes what belongs to the old one. */
  async publish(index: string): Promise<void> {
    // GitHub Pages would else pass the site through Jekyll, which takes minutes for thousands of files.
    await this.#write(() => writeFileAtomically(join(this.#dir, '.nojekyll'), ''), '');
    await this.#write(() => writeFileAtomically(join(this.#dir, 'index.html'), index), index);
    for (const name of await readdir(join(this.#dir, 'data'))) if (VERSION.test(name) && name !== this.version) await rm(join(this.#dir, 'data', name), { recursive: true, force: true });
    for (const name of await readdir(join(this.#dir, 'reports'))) if (REPORT.test(name) && !this.#reports.has(name)) await rm(join(this.#dir, 'reports', name), { force: true });
  }

  /** Lets the folder go; what was not published is removed. */
  async close(published: boolean): Promise<void> {
    if (!published) await rm(join(this.#dir, 'data', this.version), { recursive: true, force: true }).catch(() => undefined);
    await rm(join(this.#dir, LOCK), { force: true }).catch(() => undefined);
  }

  async #write(work: () => Promise<void>, text: string): Promise<void> {
    await work().catch((cause: unknown) => { throw cannotWrite(this.#dir, cause); });
    this.#files += 1;
    this.#bytes += Buffer.byteLength(text);
  }
}

/** Two builds at once would remove each other's files. A lock whose process is gone does not count. */
async function lock(path: string): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(`${process.pid} ${hostname()}\n`).finally(() => file.close());
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const [pid = '', host = ''] = (await readFile(path, 'utf8').catch(() => '')).trim().split(' ');
      const held = host !== hostname() || pid === '' || isAlive(Number(pid));
      if (held || attempt > 0) {
        throw new HilError('bench', 'dashboard.busy', `another hil dashboard is writing this folder${pid === '' ? '' : ` (process ${pid} on ${host})`}`, { hint: `Wait for it; if there is none, remove ${path}.` });
      }
      await rm(path, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function cannotWrite(dir: string, cause: unknown): HilError {
  return new HilError('bench', 'dashboard.folder', `cannot write the site into ${dir}: ${(cause as Error).message}`, { hint: 'Name another folder with --out, or make room and this one writable.', cause });
}
