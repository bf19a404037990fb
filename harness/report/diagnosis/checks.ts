import { number, plural } from '../format.ts';
import type { DeterminismReport, ToleranceReport } from '../report.ts';
import { ranges } from './words.ts';

/** Tolerances and determinism in words. Plain text, untrusted. */

/** "differences up to 1 LSB", "any difference" and in how many elements. */
function forgivesText({ lsb, budget }: ToleranceReport): string {
  const size = lsb === null ? 'any difference' : `differences up to ${number(lsb)} LSB`;
  if (budget === null) return size;
  return `${size} in at most ${'elements' in budget ? plural(budget.elements, 'element') : `${sharePercent(budget.share)} % of the elements`}`;
}

/** 0.99999 -> "99.999", in as many digits as it takes: all but one are not all. Its source goes into the page, too. */
export function sharePercent(share: number): string {
  for (let digits = 6; digits < 17; digits++) {
    const percent = Number((100 * share).toPrecision(digits));
    if (percent < 100 || share >= 1) return String(percent);
  }
  return String(100 * share);
}

/** What became of it: broken, no longer needed, or how much of it was used. */
function toleranceResult({ kept, needed, used }: ToleranceReport): string {
  if (!needed) return 'no longer needed: nothing differs';
  return `${kept ? 'kept' : 'BROKEN'}: ${number(used.elements)} of ${plural(used.compared, 'element')} differ, max |d| ${number(used.maxAbsDiff)}`;
}

function toleranceText(one: ToleranceReport): string {
  const layers = one.layers.length === 0 ? '' : ` (${one.layers.length === 1 ? 'layer' : 'layers'} ${ranges(one.layers)})`;
  return `${one.scope}${layers}: ${forgivesText(one)}; ${toleranceResult(one)}; reason: ${one.reason}`;
}

export function determinismText({ check, samples, result, layer, note }: DeterminismReport): string {
  const where = layer === null ? '' : `, from layer ${layer.index} ${layer.op} on`;
  return `${check}: ${result}${where}${result === 'not possible' ? '' : ` (${plural(samples, 'sample')})`}${note === '' ? '' : `; ${note}`}`;
}

const MOST = 8;

/** A line each; of many tolerances those first that are broken or can go. @param most how many */
export function toleranceLines(tolerances: readonly ToleranceReport[], most = MOST): string[] {
  const rank = ({ kept, needed }: ToleranceReport): number => (!kept ? 0 : !needed ? 1 : 2);
  const ordered = [...tolerances].sort((a, b) => rank(a) - rank(b));
  const rest = tolerances.length - most;
  return [...ordered.slice(0, most).map(toleranceText), ...(rest > 0 ? [`and ${plural(rest, 'more tolerance')}`] : [])];
}
