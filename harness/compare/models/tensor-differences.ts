import type { Quantisation, Tensor } from '../../model/index.ts';
import { elementsFrom } from '../../reference/index.ts';
import { differenceOf } from '../../diff/tensor-tally.ts';

/** Constants compared so far. */
export interface ConstantCount { compared: number; differing: number }

/**
 * What differs between two tensors that play the same role, in words that start with the role: "weights: shape [3, 3] -> [5, 5]".
 * Names are left out: they change nothing.
 */
export function tensorDifferences(a: Tensor, b: Tensor, role: string, count: ConstantCount): string[] {
  const found: string[] = [];
  if (a.dtype !== b.dtype) found.push(`${role}: type ${a.dtype} -> ${b.dtype}`);
  if (a.shape.join() !== b.shape.join()) found.push(`${role}: shape [${a.shape.join(', ')}] -> [${b.shape.join(', ')}]`);
  if (a.isVariable !== b.isVariable) found.push(`${role}: ${a.isVariable ? 'state' : 'no state'} -> ${b.isVariable ? 'state' : 'no state'}`);
  found.push(...quantisationDifferences(a.quantisation, b.quantisation, role));
  if ((a.data === null) !== (b.data === null)) return [...found, `${role}: ${a.data === null ? 'computed' : 'constant'} -> ${b.data === null ? 'computed' : 'constant'}`];
  if (a.data === null || b.data === null || a.dtype !== b.dtype || a.elements !== b.elements) return found;
  return [...found, ...constantDifferences(a, b, role, count)];
}

function constantDifferences(a: Tensor, b: Tensor, role: string, count: ConstantCount): string[] {
  const [first, second] = [elementsFrom(a.dtype, a.data as Uint8Array), elementsFrom(b.dtype, b.data as Uint8Array)];
  if (first.length !== second.length) return [`${role}: ${first.length} -> ${second.length} elements of data`];
  let [differing, greatest] = [0, 0];
  for (let i = 0; i < first.length; i++) {
    if (Object.is(first[i], second[i])) continue;
    differing++;
    const difference = Math.abs(differenceOf(first[i], second[i]));
    if (!(difference <= greatest)) greatest = difference;
  }
  count.compared += first.length;
  count.differing += differing;
  return differing === 0 ? [] : [`${differing} of ${first.length} ${role} differ, max |d| ${Number(greatest.toPrecision(6))}`];
}

function quantisationDifferences(a: Quantisation | null, b: Quantisation | null, role: string): string[] {
  if (a === null || b === null) return a === b ? [] : [`${role}: ${a === null ? 'not quantised' : 'quantised'} -> ${b === null ? 'not quantised' : 'quantised'}`];
  const found: string[] = [];
  if (a.scale.length !== b.scale.length) found.push(`${role}: ${a.scale.length} -> ${b.scale.length} scales`);
  else found.push(...listDifferences(a.scale, b.scale, `${role} scale`, 'scales'));
  if (a.zeroPoint.length === b.zeroPoint.length) found.push(...listDifferences(a.zeroPoint, b.zeroPoint, `${role} zero point`, 'zero points'));
  if (a.scale.length > 1 && a.axis !== b.axis) found.push(`${role}: channels along axis ${a.axis} -> ${b.axis}`);
  return found;
}

function listDifferences(a: readonly number[], b: readonly number[], what: string, all: string): string[] {
  const differing = a.flatMap((value, i) => (Object.is(value, b[i]) ? [] : [i]));
  const [first] = differing;
  if (first === undefined) return [];
  const [x, y] = distinct(a[first] as number, b[first] as number);
  return [a.length === 1 ? `${what} ${x} -> ${y}` : `${what}: ${differing.length} of ${a.length} ${all} differ, first channel ${first}: ${x} -> ${y}`];
}

/** Four digits, or as many more as tell the two apart. */
function distinct(a: number, b: number): [string, string] {
  for (let digits = 4; digits < 17; digits++) {
    const pair: [string, string] = [String(Number(a.toPrecision(digits))), String(Number(b.toPrecision(digits)))];
    if (pair[0] !== pair[1]) return pair;
  }
  return [String(a), String(b)];
}
