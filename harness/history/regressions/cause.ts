import type { MetricPoint } from '../history.ts';
import type { Change } from './judgement.ts';

/** What may have changed a figure between two neighbouring points of its series. */
export function suspectOf(before: MetricPoint, after: MetricPoint): Change['suspect'] {
  const sameCommit = before.commit !== null && before.commit === after.commit;
  const image = before.imageSha256 === null || after.imageSha256 === null ? 'unknown' : before.imageSha256 === after.imageSha256 ? 'same' : 'other';
  if (image === 'other' || markersOf(before, after).length > 0) return 'code';
  if (sameCommit) return 'bench';
  return image === 'same' ? 'inputs' : 'code';
}

/** What changed with the figure, in words. */
export function markersOf(before: MetricPoint, after: MetricPoint): string[] {
  const short = (sha: string | null): string => sha?.slice(0, 8) ?? 'none';
  return [
    ...(before.modelSha256 === after.modelSha256 ? [] : [`model ${short(before.modelSha256)} -> ${short(after.modelSha256)}`]),
    ...(before.generator === after.generator ? [] : [`generator ${before.generator ?? 'none'} -> ${after.generator ?? 'none'}`]),
    ...(before.hilVersion === after.hilVersion ? [] : [`hil ${before.hilVersion} -> ${after.hilVersion}`]),
  ];
}

/** Different commits of the points, in their order. */
export function commitsOf(points: readonly MetricPoint[]): string[] {
  return [...new Set(points.flatMap(({ commit }) => (commit === null ? [] : [commit])))];
}
