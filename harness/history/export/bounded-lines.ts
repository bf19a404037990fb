/** A line, or what stands for one that is too long to be looked at. */
export type BoundedLine = { readonly number: number; readonly text: string } | { readonly number: number; readonly tooLong: true };

/**
 * The lines of a stream, without their ends, empty ones left out. No more than `mostBytes` of one line is ever kept.
 * @param chunks bytes
 */
export async function* boundedLines(chunks: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<BoundedLine, void> {
  let [number, size] = [1, 0];
  let parts: Uint8Array[] = [];
  const line = (): BoundedLine | null => {
    const found: BoundedLine | null = size > mostBytes ? { number, tooLong: true } : { number, text: Buffer.concat(parts).toString('utf8').trim() };
    number += 1;
    size = 0;
    parts = [];
    return 'text' in found && found.text === '' ? null : found;
  };
  const take = (part: Uint8Array): void => {
    size += part.length;
    if (size <= mostBytes) parts.push(part);
    else parts = [];
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      take(chunk.subarray(from, end));
      from = end + 1;
      const whole = line();
      if (whole !== null) yield whole;
    }
    take(chunk.subarray(from));
  }
  const last = line();
  if (last !== null) yield last;
}
