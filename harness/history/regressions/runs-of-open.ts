import type { History } from '../history.ts';
import { judgeHistory, type JudgeHistoryOptions } from './judge-history.ts';
import { WINDOW } from './steps.ts';

/**
 * Runs without which an open regression would no longer be seen: of an exact figure those on both sides of the change; of a noisy one
 * all since as many points before it as a night looks back at.
 * @returns their keys @throws HilError 'bench' history.*; the signal's reason
 */
export async function runsOfOpenRegressions(history: History, options: Pick<JudgeHistoryOptions, 'signal' | 'onProgress'> = {}): Promise<ReadonlySet<string>> {
  const { changes } = await judgeHistory(history, {}, { ...options, layers: false });
  const keep = new Set<string>();
  for (const { kind, exact, suite, case: name, device, metric, likeness, lastGood, firstBad } of changes) {
    if (kind !== 'open') continue;
    for (const { run } of [lastGood, firstBad]) keep.add(run);
    if (exact) continue;
    // The names may hold what a filter takes for a pattern.
    const points = (await history.points({ suite, case: name, device }, metric)).filter((one) => one.likeness === likeness && one.suite === suite && one.case === name && one.device === device);
    const from = points.findIndex(({ run }) => run === lastGood.run) + 1 - WINDOW;
    for (const { run } of points.slice(Math.max(0, from))) keep.add(run);
  }
  return keep;
}
