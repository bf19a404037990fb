import type { NdArray } from './nd-array.ts';
import { FormatError, parseNpy } from './npy.ts';
import { unzip } from './zip.ts';
import type { ZipLimits } from './zip.ts';

/** Reads a .npz file (numpy.savez, savez_compressed): array name -> array. @throws FormatError */
export function parseNpz(bytes: Uint8Array, limits?: ZipLimits): Map<string, NdArray> {
  const arrays = new Map<string, NdArray>();
  for (const [name, data] of unzip(bytes, limits)) {
    if (!name.endsWith('.npy')) throw new FormatError(`has the entry ${JSON.stringify(name)}, which is no array`);
    try {
      arrays.set(name.slice(0, -4), parseNpy(data));
    } catch (cause) {
      throw new FormatError(`: ${JSON.stringify(name)} in it ${(cause as Error).message}`);
    }
  }
  return arrays;
}
