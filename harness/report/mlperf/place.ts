import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { HilError } from '../../errors.ts';
import { makeFolders } from '../../make-folders.ts';
import { writeFileAtomically } from '../atomic.ts';

const MARKER = 'hil-mlperf.json';
const SCHEMA = 'hil-mlperf/1';
const STAGE = /^\.hil-tmp-(\d+)-[0-9a-f]+$/;
/** Devices whose results are none of a system that could be submitted. No checker takes this for a division. */
export const NOT_A_SUBMISSION = 'not-a-submission';

/** Whose results they are. */
export interface Submitter {
  /** Division: closed or open. */
  readonly division: string;
  readonly organisation: string;
}

/** @throws HilError 'config' mlperf.as for what is no division and organisation */
export function parseSubmitter(given: string): Submitter {
  const [, division, organisation] = /^(open|closed)\/([A-Za-z0-9][A-Za-z0-9_-]{0,59})$/.exec(given) ?? [];
  if (division === undefined || organisation === undefined) {
    throw new HilError('config', 'mlperf.as', `expected a division and an organisation, such as open/acme, got ${JSON.stringify(given.slice(0, 100))}`, { hint: 'The division is open or closed; the organisation is made of letters, digits, - and _.' });
  }
  return { division, organisation };
}

/**
 * Before anything runs: a folder that is not there, or empty, or one of an earlier run's results.
 * @throws HilError 'config' mlperf.folder
 */
export function checkFolder(dir: string): void {
  const stat = statSync(dir, { throwIfNoEntry: false });
  refuseReadOnly(dir);
  if (stat === undefined) return;
  if (!stat.isDirectory()) throw refused(dir, 'it is a file');
  const entries = readdirSync(dir).filter((name) => !STAGE.test(name));
  if (entries.length === 0) return;
  let marker: unknown = null;
  try {
    marker = JSON.parse(readFileSync(path.join(dir, MARKER), 'utf8'));
  } catch {
    throw refused(dir, `it holds other things: ${entries.slice(0, 3).join(', ')}${entries.length > 3 ? ', ...' : ''}`);
  }
  if ((marker as { readonly schema?: unknown } | null)?.schema !== SCHEMA) throw refused(dir, `its ${MARKER} is of another version`);
}

/** The folder, or the nearest one above it that is there: a run of minutes should not end in this. */
function refuseReadOnly(dir: string): void {
  let above = dir;
  while (!existsSync(above) && path.dirname(above) !== above) above = path.dirname(above);
  try {
    accessSync(above, constants.W_OK);
  } catch {
    throw refused(dir, `this user may not write to ${above}`);
  }
}

const refused = (dir: string, why: string): HilError => new HilError('config', 'mlperf.folder', `no results can be written to ${dir}: ${why}`, { hint: 'Name a folder of its own: a new one, an empty one, or one of earlier results.', facts: { dir } });

/** A folder of results that is being written. What goes to it is staged, so that a reader sees the old folder of a mode or the whole new one. */
export class Place {
  readonly dir: string;
  readonly #stage: string;

  private constructor(dir: string, stage: string) {
    this.dir = dir;
    this.#stage = stage;
  }

  /** @throws HilError 'config' mlperf.folder; a NodeJS.ErrnoException where it cannot be made */
  static async open(dir: string): Promise<Place> {
    checkFolder(dir);
    await makeFolders(dir);
    for (const name of readdirSync(dir)) if (!alive(Number(STAGE.exec(name)?.[1] ?? process.pid))) rmSync(path.join(dir, name), { recursive: true, force: true });
    await writeFileAtomically(path.join(dir, MARKER), `${JSON.stringify({ schema: SCHEMA })}\n`);
    const stage = path.join(dir, `.hil-tmp-${process.pid}-${randomBytes(4).toString('hex')}`);
    mkdirSync(stage);
    return new Place(dir, stage);
  }

  /** Replaces a folder, and all that is in it. @param files by their path below it */
  async replace(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
    const fresh = path.join(this.#stage, 'new');
    for (const [name, data] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(fresh, name)), { recursive: true });
      await writeFileAtomically(path.join(fresh, name), data);
    }
    const target = path.join(this.dir, folder);
    mkdirSync(path.dirname(target), { recursive: true });
    if (existsSync(target)) renameSync(target, path.join(this.#stage, 'old'));
    renameSync(fresh, target);
    rmSync(path.join(this.#stage, 'old'), { recursive: true, force: true });
  }

  has(file: string): boolean {
    return existsSync(path.join(this.dir, file));
  }

  async write(file: string, data: string): Promise<void> {
    mkdirSync(path.dirname(path.join(this.dir, file)), { recursive: true });
    await writeFileAtomically(path.join(this.dir, file), data);
  }

  close(): void {
    rmSync(this.#stage, { recursive: true, force: true });
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
