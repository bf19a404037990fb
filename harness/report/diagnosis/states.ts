import type { LayerReport, ToleranceReport } from '../report.ts';

/**
 * What is known of a layer:
 * culprit: wrong by itself; tolerated: likewise, and the suite forgives it; inherited: right by itself, fed wrong values;
 * unrun: not executed; unknown: it differs and nobody knows by whose fault, or it was not compared; equal: as the reference.
 */
export type LayerState = 'culprit' | 'tolerated' | 'inherited' | 'unrun' | 'unknown' | 'equal';

/** Uses nothing but its arguments: its source goes into the page, too (../html/html.ts). */
export function layerState(layer: LayerReport, tolerances: readonly ToleranceReport[]): LayerState {
  if (layer.ran === 'not executed') return 'unrun';
  const own = layer.own === null ? null : layer.own.mismatched;
  if (own !== null && own > 0) {
    // Without a tolerance, values that agree after all do so by chance: two errors that cancel.
    const forgiven = layer.mismatched === 0 && tolerances.some((one) => one.layers.includes(layer.index));
    return forgiven ? 'tolerated' : 'culprit';
  }
  if (layer.mismatched > 0) return own === null ? 'unknown' : 'inherited';
  return layer.compared > 0 ? 'equal' : 'unknown';
}
