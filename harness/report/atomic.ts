import { randomBytes } from 'node:crypto';
import * as nodeFs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What writing needs of a file system; node:fs/promises is one. */
export interface ReportFs {
  mkdir(path: string, options: { recursive: true }): Promise<unknown>;
  open(path: string, flags: 'wx' | 'r'): Promise<ReportFile>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { force: true }): Promise<void>;
}
export interface ReportFile {
  writeFile(data: string | Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Writes a file so that a reader sees the old one or the whole new one, also across a crash: under a temporary name in the
 * same folder (renames don't cross file systems), synced, then renamed.
 */
export async function writeFileAtomically(path: string, data: string | Uint8Array, fs: ReportFs = nodeFs): Promise<void> {
  const temporary = join(dirname(path), `.tmp-${process.pid}-${randomBytes(6).toString('hex')}-${basename(path).slice(0, 40)}`);
  try {
    const file = await fs.open(temporary, 'wx');
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(temporary, path);
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Makes the renames in a folder last. Some systems can't open or sync a folder; the files themselves are safe then too. */
export async function syncFolder(dir: string, fs: ReportFs): Promise<void> {
  try {
    const folder = await fs.open(dir, 'r');
    await folder.sync().finally(() => folder.close());
  } catch {
    // Windows, and some network file systems.
  }
}
