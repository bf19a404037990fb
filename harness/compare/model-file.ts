import { createHash } from 'node:crypto';
import { HilError } from '../errors.ts';
import { parseModel, type Model } from '../model/index.ts';
import { readRegularFile } from '../read-regular-file.ts';
import { badInput } from './dumps/dump.ts';

const MODEL_BYTES = 1 << 30;

/** @throws HilError 'config' diff.unreadable, or the model room's, naming the file */
export async function readModelFile(file: string): Promise<Model> {
  let bytes: Buffer;
  try {
    bytes = await readRegularFile(file, MODEL_BYTES);
  } catch (cause) {
    throw badInput('unreadable', `cannot read the model ${file}: ${(cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (cause as Error).message}`);
  }
  try {
    return parseModel(bytes);
  } catch (error) {
    throw error instanceof HilError ? error.inContext({ before: `${file}: `, facts: { file } }) : error;
  }
}

/**
 * The model of a dump: the file that the user gave, else the first of the candidates that has the SHA-256.
 * @returns null where the user gave none and none of the candidates is it
 * @throws HilError 'config' diff.model where the user's file is another model
 */
export async function modelOfDump(given: string | undefined, sha256: string, candidates: readonly string[]): Promise<{ readonly model: Model; readonly file: string } | null> {
  if (given !== undefined) {
    const model = await readModelFile(given);
    if (model.sha256 !== sha256) throw badInput('model', `${given} is another model than the dumps are of: SHA-256 ${model.sha256.slice(0, 12)}..., not ${sha256.slice(0, 12)}...`);
    return { model, file: given };
  }
  for (const file of new Set(candidates)) {
    const bytes = await readRegularFile(file, MODEL_BYTES).catch(() => null);
    if (bytes !== null && createHash('sha256').update(bytes).digest('hex') === sha256) return { model: await readModelFile(file), file };
  }
  return null;
}
