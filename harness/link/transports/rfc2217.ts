import type { SerialLine } from './line.ts';
import type { FarLineOptions } from './tcp.ts';

/** A serial line behind an RFC 2217 server. */
export async function openRfc2217(options: FarLineOptions): Promise<SerialLine> {
  throw new Error(`not yet: ${options.host}`);
}
