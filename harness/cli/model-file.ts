import { HilError } from '../errors.ts';
import { parseModel } from '../model/index.ts';
import type { Model } from '../model/graph.ts';
import { readInputFile } from '../suite/index.ts';

/** Reads and verifies a .tflite. @throws HilError 'config' naming the file */
export async function readModel(file: string): Promise<Model> {
  const { bytes } = readInputFile(file, file, 'model');
  try {
    return parseModel(bytes);
  } catch (error) {
    throw error instanceof HilError ? error.inContext({ before: `${file}: `, facts: { file } }) : error;
  }
}
