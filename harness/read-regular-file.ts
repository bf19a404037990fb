import { readFile, stat } from 'node:fs/promises';

/**
 * A file of at most limitBytes. What is no regular file is refused before it is opened: a pipe would be waited for without end, and not
 * even a signal ends that; /dev/zero has no end.
 * @throws Error with the reason
 */
export async function readRegularFile(path: string, limitBytes: number): Promise<Buffer> {
  const info = await stat(path);
  if (!info.isFile()) throw new Error('it is no regular file');
  if (info.size > limitBytes) throw new Error(`larger than ${limitBytes} bytes`);
  return readFile(path);
}
