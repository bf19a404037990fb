import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { bundleManifest, isBundle } from '../bundle/index.ts';
import { HilError } from '../errors.ts';
import { canonicalReport } from '../history/canonical.ts';
import type { RunRow } from '../history/index.ts';
import { readRegularFile } from '../read-regular-file.ts';
import { parseReport, type Report } from '../report/index.ts';

const MAX_REPORT_BYTES = 256 << 20;
const MAX_DEPTH = 8;
const MAX_ENTRIES = 200_000;

/** Folders of runs and bundles, found again for rows of the history. */
export class KeptRuns {
  readonly #roots: readonly string[];
  #index: Promise<ReadonlyMap<string, readonly string[]>> | null = null;

  /** @param roots folders to look below where a run is not where it was made */
  constructor(roots: readonly string[]) {
    this.#roots = roots;
  }

  /**
   * Where a run is kept: the folder of the history's row if that still holds this very run, else what was found below the roots,
   * whole folders before bundles. null: nowhere.
   * @throws HilError 'config' bisect.no-folder for a root that is not there
   */
  async find({ key, id, dir }: Pick<RunRow, 'key' | 'id' | 'dir'>): Promise<string | null> {
    if (dir !== null && await holds(dir, key)) return dir;
    this.#index ??= this.#scan();
    for (const place of (await this.#index).get(id) ?? []) if (await holds(place, key)) return place;
    return null;
  }

  async #scan(): Promise<ReadonlyMap<string, readonly string[]>> {
    const folders = new Map<string, string[]>();
    const bundles = new Map<string, string[]>();
    let left = MAX_ENTRIES;
    const note = (map: Map<string, string[]>, id: string | null, place: string): void => {
      if (id !== null) map.set(id, [...map.get(id) ?? [], place]);
    };
    const walk = async (folder: string, depth: number, entries: readonly Dirent[]): Promise<void> => {
      for (const entry of entries) {
        if ((left -= 1) < 0) return;
        const place = path.join(folder, entry.name);
        if (entry.isFile() && entry.name === 'report.json') note(folders, await reportOf(folder).then((report) => report?.run.id ?? null), folder);
        else if (entry.isFile() && entry.name.endsWith('.zip')) note(bundles, (await bundleManifest(place))?.run.id ?? null, place);
        else if (entry.isDirectory() && depth < MAX_DEPTH) await walk(place, depth + 1, await readdir(place, { withFileTypes: true }).catch(() => []));
      }
    };
    for (const root of this.#roots) {
      const entries = await readdir(root, { withFileTypes: true }).catch((cause: unknown) => { throw new HilError('config', 'bisect.no-folder', `cannot read the folder ${root}: ${(cause as Error).message}`, { hint: 'Name a folder of runs with --runs.', cause }); });
      await walk(root, 0, entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
    }
    return new Map([...new Set([...folders.keys(), ...bundles.keys()])].map((id) => [id, [...folders.get(id) ?? [], ...bundles.get(id) ?? []]]));
  }
}

/** An id is only a name, and others may give it again; the key is what the run was. A bundle has that of the run it was cut from. */
async function holds(place: string, key: string): Promise<boolean> {
  if (await isBundle(place)) return (await bundleManifest(place))?.run.key === key;
  const report = await reportOf(place);
  return report !== null && canonicalReport(report).key === key;
}

async function reportOf(dir: string): Promise<Report | null> {
  try {
    return parseReport((await readRegularFile(path.join(dir, 'report.json'), MAX_REPORT_BYTES)).toString('utf8'), dir);
  } catch {
    return null;
  }
}
