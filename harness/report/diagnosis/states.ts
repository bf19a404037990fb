import type { LayerReport, ToleranceReport } from '../report.ts';

/**
 * What is known of a layer:
 * culprit: wrong by itself; tolerated: likewise, and the suite forgives it; inherited: right by itself, fed wrong values;
 * forgiven: it differs by no more than the suite forgives, and not by itself as far as is known;
 * unrun: its tap was never called, since it was not executed or without being shown: from outside these look the same;
 * unknown: it differs and nobody knows by whose fault, or it was not compared; equal: as the reference.
 */
export type LayerState = 'culprit' | 'tolerated' | 'inherited' | 'forgiven' | 'unrun' | 'unknown' | 'equal';

/** In words, for every writer; what a tolerance forgives is neither wrong nor equal. */
export const STATE_WORDS: Readonly<Record<LayerState, string>> = {
  culprit: 'wrong by itself', tolerated: 'wrong by itself, forgiven', inherited: 'inherited', forgiven: 'differs, forgiven',
  unrun: 'not executed or not shown', unknown: 'not known', equal: 'equal',
};

/** Whether a layer or an output differs from the reference at all, forgiven or not. Its source goes into the page, too (../html/html.ts). */
export function differsAtAll(part: { readonly mismatched: number; readonly maxAbsDiff: number | null }): boolean {
  // NaN is a difference.
  return part.mismatched > 0 || (part.maxAbsDiff !== null && part.maxAbsDiff !== 0);
}

/** Uses nothing but its arguments and the function above: its source goes into the page, too. */
export function layerState(layer: LayerReport, tolerances: readonly ToleranceReport[]): LayerState {
  if (layer.ran === 'not executed') return 'unrun';
  const own = layer.own === null ? null : layer.own.mismatched;
  if (own !== null && own > 0) {
    // Without a tolerance, values that agree after all do so by chance: two errors that cancel.
    const forgiven = layer.mismatched === 0 && tolerances.some((one) => one.layers.includes(layer.index));
    return forgiven ? 'tolerated' : 'culprit';
  }
  if (layer.mismatched > 0) return own === null ? 'unknown' : 'inherited';
  if (differsAtAll(layer)) return 'forgiven';
  return layer.compared > 0 ? 'equal' : 'unknown';
}
