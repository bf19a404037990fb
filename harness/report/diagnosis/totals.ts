import type { CaseReport } from '../report.ts';

/** Sums over a case. Their sources go into the page, too (../html/html.ts): they use nothing but their arguments. */

/** Elements that differ and are forgiven, of all layers together. */
export function forgivenElements({ tolerances }: Pick<CaseReport, 'tolerances'>): number {
  return tolerances.reduce((sum, { kept, used }) => sum + (kept ? used.elements : 0), 0);
}

/** Elements that are wrong, of all layers, or of the outputs where no layer can be seen. A layer that was never shown was not counted. */
export function mismatchedTotal({ scope, layers, outputs }: Pick<CaseReport, 'scope' | 'layers' | 'outputs'>): { readonly elements: number; readonly least: boolean } {
  const shown = layers.filter(({ ran }) => ran !== 'not executed');
  const parts: readonly { readonly mismatched: number }[] = scope === 'outputs' ? outputs : shown;
  return {
    elements: parts.reduce((sum, { mismatched }) => sum + mismatched, 0),
    least: shown.length < layers.filter((layer) => layer.ran !== 'not executed' || layer.mismatched > 0).length || shown.some(({ tensors }) => tensors.some((tensor) => tensor.lowerBound && tensor.mismatched > 0)),
  };
}
