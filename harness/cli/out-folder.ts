import { HilError } from '../errors.ts';
import { makeFolders } from '../make-folders.ts';

/**
 * Makes the folder of --out.
 * @returns the topmost folder that had to be made; undefined where it was there
 * @throws HilError 'bench'
 */
export async function makeOutFolder(dir: string): Promise<string | undefined> {
  try {
    return await makeFolders(dir);
  } catch (cause) {
    throw new HilError('bench', 'cli.no-folder', `cannot write to the output folder ${dir}: ${(cause as Error).message}`,
      { hint: 'Name another folder with --out, or make this one writable.', cause });
  }
}
