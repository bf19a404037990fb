import { clamp, requantiseDouble } from '../../numerics/index.ts';
import type { Factor, ProductLayer } from './products.ts';

/** The least and the greatest that a sum can be, whatever its int8 inputs are. */
export interface Range { readonly least: number; readonly greatest: number }

/** Of `start` and the products of a row of weights with int8 inputs. Padding is an input too: the zero point, which is int8. */
export function rangeOf(row: Int8Array, start: number): Range {
  let least = start;
  let greatest = start;
  for (const w of row) {
    least += Math.min(w * -128, w * 127);
    greatest += Math.max(w * -128, w * 127);
  }
  return { least, greatest };
}

/**
 * The code that an output channel has whatever the input is (pruned ones: weights of 0, or a scale that makes them vanish beside the
 * bias), or null where it depends on the input. Codes never fall where sums grow, so two of them say it.
 */
export function constantCode(layer: ProductLayer, { multiplier, shift }: Factor, { least, greatest }: Range): number | null {
  if (shift > 0) return null; // wraps
  const code = (sum: number): number => clamp(requantiseDouble(sum, multiplier, shift) + layer.outputZeroPoint, layer.low, layer.high);
  return code(least) === code(greatest) ? code(least) : null;
}
