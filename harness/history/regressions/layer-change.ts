import type { LayerRow } from '../history.ts';
import type { LayerChange } from './judgement.ts';
import { median } from './scores.ts';

/**
 * The layer whose cost changed most in the direction in which all together did; null where layers have no cost, or nothing changed.
 * @param before, after rows of one case on one device, of one run or several: of each layer the median is taken
 */
export function layerThatChanged(before: readonly LayerRow[], after: readonly LayerRow[]): LayerChange | null {
  const costs = (rows: readonly LayerRow[]): Map<string, number> => new Map([...Map.groupBy(rows.filter(({ cost }) => cost !== null), keyOf)].map(([key, group]) => [key, median(group.map(({ cost }) => cost as number))]));
  const [old, now] = [costs(before), costs(after)];
  const rows = new Map([...before, ...after].map((row) => [keyOf(row), row]));
  // A layer that one side has not is all of its cost.
  const changes = [...new Set([...old.keys(), ...now.keys()])].map((key) => ({ row: rows.get(key)!, from: old.get(key) ?? 0, to: now.get(key) ?? 0 }));
  if (old.size === 0 || now.size === 0) return null;
  const total = changes.reduce((sum, { from, to }) => sum + to - from, 0);
  if (total === 0) return null;
  const most = changes.reduce((best, one) => (Math.sign(total) * (one.to - one.from) > Math.sign(total) * (best.to - best.from) ? one : best));
  const { layer, op, name, unit } = most.row;
  return { layer, op, name, from: most.from, to: most.to, unit, share: (most.to - most.from) / total };
}

const keyOf = ({ layer, op, name, unit }: LayerRow): string => JSON.stringify([layer, op, name, unit]);
