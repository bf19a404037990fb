import type { CaseReport } from '../report/index.ts';
import type { PlannedCase } from '../run/index.ts';
import type { Failure } from './target.ts';

/** Runs a case on the device, in a session of its own. @throws HilError 'build' | 'bench' | 'cancelled' where it was not run to its end */
export type RunWhole = (plan: PlannedCase) => Promise<CaseReport>;

/**
 * Whether a case fails in the way that was to be shown.
 * @param operator of the case's model whose layer is to be wrong; null: any
 */
export function failsTheSameWay(one: CaseReport, failure: Failure, operator: number | null): boolean {
  if (one.verdict !== 'fail') return false;
  switch (failure.kind) {
    case 'fault': return one.fault !== null;
    case 'other': return one.fault === null;
    case 'values': {
      const layer = one.layers.find(({ covers }) => operator === null || covers.includes(operator));
      if (layer === undefined) return false;
      // Own error counts what a tolerance forgives too.
      return layer.mismatched > 0 && (!failure.own || (layer.own?.mismatched ?? 0) > 0);
    }
  }
}
