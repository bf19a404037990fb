import type { PlannedCase } from '../run/index.ts';
import type { Failure } from './target.ts';

/** An entry of a case's `tolerances` in suite.json. */
export interface SuiteToleranceEntry {
  readonly layers: string;
  readonly lsb?: number;
  readonly share?: number;
  readonly reason: string;
}

interface Layer { readonly index: number; readonly covers: readonly number[] }

/** A share that is less than all elements of any layer: a number of elements says nothing about fewer samples. */
const ALMOST_ALL = 0.999999;

/**
 * The case's tolerances, layer by layer, for the network that is left of it.
 * @param was layers of the case. @param left layers of what it was cut to. @param originalOf operator of the case by that of what is left
 */
export function suiteTolerances({ tolerances }: PlannedCase, failure: Failure, was: readonly Layer[], left: readonly Layer[], originalOf: (operator: number) => number | undefined): SuiteToleranceEntry[] {
  return left.flatMap(({ index, covers }) => {
    const operators = covers.map(originalOf);
    const original = was.find((layer) => layer.covers.some((operator) => operators.includes(operator)));
    const tolerance = tolerances.find(({ layers }) => original !== undefined && layers.includes(original.index));
    if (original === undefined || tolerance === undefined) return [];
    const entry = { layers: String(index), reason: tolerance.reason === '' ? 'as in the case that was cut down' : tolerance.reason };
    // Of the layer that fails only what is not the failure is forgiven: its number of elements was another one.
    if (failure.kind === 'values' && original.index === failure.layer.index) return failure.forgiven === 0 ? [] : [{ ...entry, lsb: failure.forgiven }];
    const { lsb, budget } = tolerance;
    return [{ ...entry, ...(lsb === null ? {} : { lsb }), ...(budget === null || (lsb !== null && 'elements' in budget) ? {} : { share: 'share' in budget ? budget.share : ALMOST_ALL }) }];
  });
}
