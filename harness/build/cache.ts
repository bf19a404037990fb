import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownedName } from '../device/process-identity.ts';
import { sweepOwned } from '../device/workdir.ts';
import { HilError } from '../errors.ts';
import { fileSha256 } from './toolchain.ts';

/** What an entry says beside its ELF. */
export interface EntryFacts {
  readonly buildId: string;
  readonly elfSha256: string;
  readonly [more: string]: unknown;
}

export interface CacheEntry<Facts extends EntryFacts> {
  readonly elf: string;
  readonly facts: Facts;
}

/**
 * Images by content:
 *   entries/<final key>/image.elf, entry.json   an image; appears whole, by a rename
 *   index/<first key>.json                      which further files the compiler read for this key, when it last ran
 *   tmp/<owner>/                                builds going on; those of dead processes are removed
 * Nothing is believed: sums are checked on every use, and what does not hold is built again.
 */
export class ImageCache<Facts extends EntryFacts> {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** A private folder for one build. @throws HilError 'bench' where the cache folder cannot be written */
  async makeTemp(): Promise<string> {
    const path = join(this.#dir, 'tmp', ownedName());
    try {
      await sweepOwned(join(this.#dir, 'tmp'));
      await mkdir(path, { recursive: true });
      return path;
    } catch (cause) {
      throw new HilError('bench', 'build.cache-not-writable', `cannot write to the cache folder ${this.#dir}`, { hint: 'Set HIL_CACHE to a folder that can be written, or free space.', cause });
    }
  }

  /** The files that the compiler read at the last build with this first key, or null where that is not known. */
  async dependencies(firstKey: string): Promise<string[] | null> {
    const value = await readSealed(join(this.#dir, 'index', `${firstKey}.json`));
    return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : null;
  }

  async setDependencies(firstKey: string, files: readonly string[], temp: string): Promise<void> {
    const fresh = join(temp, 'index.json');
    await writeFile(fresh, seal(files));
    await mkdir(join(this.#dir, 'index'), { recursive: true });
    await rename(fresh, join(this.#dir, 'index', `${firstKey}.json`));
  }

  /** A sound entry, or null where there is none or it is damaged. */
  async get(finalKey: string): Promise<CacheEntry<Facts> | null> {
    const dir = join(this.#dir, 'entries', finalKey);
    const value = (await readSealed(join(dir, 'entry.json'))) as Facts | null;
    const elf = join(dir, 'image.elf');
    if (value === null || typeof value !== 'object' || typeof value.elfSha256 !== 'string') return null;
    const sha256 = await fileSha256(elf).catch(() => null);
    return sha256 === value.elfSha256 ? { elf, facts: value } : null;
  }

  /** Puts a finished ELF in. Where another process was faster, its entry is used. */
  async put(finalKey: string, elf: string, facts: Facts, temp: string): Promise<CacheEntry<Facts>> {
    const fresh = join(temp, 'entry');
    await mkdir(fresh);
    await rename(elf, join(fresh, 'image.elf'));
    await chmod(join(fresh, 'image.elf'), 0o755);
    await writeFile(join(fresh, 'entry.json'), seal(facts));
    const target = join(this.#dir, 'entries', finalKey);
    await mkdir(join(this.#dir, 'entries'), { recursive: true });
    for (let attempt = 0; attempt < 20; attempt += 1) {
      try {
        await rename(fresh, target);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
      }
      const entry = await this.get(finalKey);
      if (entry !== null) return entry;
      // What is there is damaged. Moved away and not removed in place, so that nobody sees half of it.
      await rename(target, join(temp, `damaged-${attempt}`)).catch(() => undefined);
    }
    throw new HilError('bench', 'build.cache-broken', `cannot keep an image in the cache folder ${this.#dir}`, { hint: 'Check the disk; remove the folder.' });
  }

  async removeTemp(temp: string): Promise<void> {
    await rm(temp, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A text that shows when it was cut short or changed. */
function seal(value: unknown): string {
  const text = JSON.stringify(value);
  return `${sumOf(text)}\n${text}\n`;
}

async function readSealed(file: string): Promise<unknown> {
  const all = await readFile(file, 'utf8').catch(() => '');
  const text = all.slice(65, -1);
  return all.slice(0, 64) === sumOf(text) ? (JSON.parse(text) as unknown) : null;
}
