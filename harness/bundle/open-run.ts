import { stat } from 'node:fs/promises';
import path from 'node:path';
import { createWorkDir } from '../device/index.ts';
import { HilError } from '../errors.ts';
import { readRegularFile } from '../read-regular-file.ts';
import { readRun, type RecordedRun } from '../replay/index.ts';
import { zipEntries } from '../suite/index.ts';
import { extractBundle } from './extract.ts';
import { BUNDLE_LIMITS, MAX_BUNDLE_BYTES } from './limits.ts';
import { BUNDLE_FILE, manifestProblem, type BundleManifest } from './manifest.ts';

/** A run that was opened, wherever it is kept. */
export interface OpenedRun {
  readonly run: RecordedRun;
  /** null: it is a folder. */
  readonly bundle: BundleManifest | null;
  /** Removes what was unpacked. Safe to call twice. */
  close(): Promise<void>;
}

/** A file that is no report.json is a bundle. */
export async function isBundle(given: string): Promise<boolean> {
  return path.basename(given) !== 'report.json' && (await stat(given).catch(() => null))?.isFile() === true;
}

/**
 * Opens a run's folder, its report.json, or a bundle, which is unpacked into a folder of its own until it is closed.
 * @throws HilError 'config' as readRun() and extractBundle()
 */
export async function openRun(given: string): Promise<OpenedRun> {
  if (!await isBundle(given)) return { run: await readRun(given), bundle: null, close: async () => undefined };
  const { dir, bundle, close } = await unpackBundle(given);
  try {
    return { run: await readRun(dir), bundle, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What a file says that it is, if it is a bundle; its other files are not looked at. null: it is none, or cannot be read. */
export async function bundleManifest(file: string): Promise<BundleManifest | null> {
  try {
    for (const [name, data] of zipEntries(await readRegularFile(file, MAX_BUNDLE_BYTES), BUNDLE_LIMITS)) {
      if (name !== BUNDLE_FILE) continue;
      const value: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
      return manifestProblem(value) === null ? value as BundleManifest : null;
    }
  } catch {
    // Whatever else has such a name.
  }
  return null;
}

/** @returns the folder of the run in the bundle, until it is closed. @throws HilError as openRun() */
export async function unpackBundle(file: string): Promise<{ readonly dir: string; readonly bundle: BundleManifest; close(): Promise<void> }> {
  let bytes: Buffer;
  try {
    bytes = await readRegularFile(file, MAX_BUNDLE_BYTES);
  } catch (cause) {
    throw new HilError('config', 'bundle.unreadable', `cannot read ${file}: ${(cause as Error).message}`, { hint: 'Give a file of hil bundle.', cause });
  }
  const work = await createWorkDir();
  try {
    return { dir: work.path, bundle: await extractBundle(bytes, file, work.path), close: () => work.remove() };
  } catch (error) {
    await work.remove();
    throw error;
  }
}
