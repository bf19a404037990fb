import type { Baseline } from '../history.ts';
import type { Change, Judgement } from './judgement.ts';

/**
 * Baselines that accept every open regression of a judgement at the level that its figure has now. Points of a case that the bench
 * failed are in no history, so that none can be accepted.
 * @returns one a figure, with the changes that it accepts
 */
export function acceptanceOf({ changes, series }: Judgement, { reason, by }: { readonly reason: string; readonly by: string }): { readonly baseline: Omit<Baseline, 'acceptedAt'>; readonly changes: readonly Change[] }[] {
  const open = Map.groupBy(changes.filter(({ kind }) => kind === 'open'), keyOf);
  return series.flatMap((one) => {
    const own = open.get(keyOf(one));
    if (own === undefined) return [];
    const { suite, case: name, device, metric, likeness, unit, level, last } = one;
    return [{ baseline: { suite, case: name, device, metric, likeness, value: level, unit, run: last.run, commit: last.commit, reason, by }, changes: own }];
  });
}

const keyOf = ({ suite, case: name, device, metric, likeness }: Pick<Baseline, 'suite' | 'case' | 'device' | 'metric' | 'likeness'>): string => JSON.stringify([suite, name, device, metric, likeness]);
