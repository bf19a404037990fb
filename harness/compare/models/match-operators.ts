import type { Graph, Operator } from '../../model/index.ts';

/** Operators of two graphs that belong together; null: the other graph has none for it. In order. */
export interface Match {
  readonly a: Operator | null;
  readonly b: Operator | null;
}

/** Cells of the table of common subsequences; beyond it operators are matched by their position. */
const MOST_CELLS = 4_000_000;

/**
 * Matches operators in order by the heaviest common subsequence: the same operator counts, and more so with the same output shape and
 * the same name of its output, so that an insertion is found where it is.
 */
export function matchOperators(a: Graph, b: Graph): Match[] {
  const [first, second] = [a.operators.map((operator) => traitsOf(a, operator)), b.operators.map((operator) => traitsOf(b, operator))];
  let start = 0;
  while (start < first.length && start < second.length && weight(first[start] as Traits, second[start] as Traits) === ALL) start++;
  let [endA, endB] = [first.length, second.length];
  while (endA > start && endB > start && weight(first[endA - 1] as Traits, second[endB - 1] as Traits) === ALL) { endA--; endB--; }
  const pair = (i: number | null, j: number | null): Match => ({ a: i === null ? null : a.operators[i] as Operator, b: j === null ? null : b.operators[j] as Operator });
  const head = Array.from({ length: start }, (_, i) => pair(i, i));
  const tail = Array.from({ length: first.length - endA }, (_, i) => pair(endA + i, endB + i));
  const [middleA, middleB] = [first.slice(start, endA), second.slice(start, endB)];
  const steps = middleA.length * middleB.length > MOST_CELLS ? byPosition(middleA.length, middleB.length) : subsequence(middleA, middleB);
  return [...head, ...steps.map(([i, j]) => pair(i === null ? null : start + i, j === null ? null : start + j)), ...tail];
}

interface Traits { readonly op: string; readonly shape: string; readonly name: string }

const ALL = 5;

function traitsOf(graph: Graph, operator: Operator): Traits {
  const output = graph.tensors[operator.outputs[0] ?? -1];
  return { op: `${operator.name}\0${operator.customName}`, shape: output?.shape.join() ?? '', name: output?.name ?? '' };
}

/** 0: another operator; names count more than shapes, which repeat. */
const weight = (a: Traits, b: Traits): number => (a.op !== b.op ? 0 : 2 + (a.shape === b.shape ? 1 : 0) + (a.name === b.name ? 2 : 0));

type Step = readonly [number | null, number | null];

function subsequence(a: readonly Traits[], b: readonly Traits[]): Step[] {
  const width = b.length + 1;
  const best = new Uint32Array((a.length + 1) * width);
  const gain = (i: number, j: number): number => weight(a[i] as Traits, b[j] as Traits);
  const at = (i: number, j: number): number => best[i * width + j] as number;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const both = gain(i, j);
      best[i * width + j] = Math.max(at(i + 1, j), at(i, j + 1), both > 0 ? both + at(i + 1, j + 1) : 0);
    }
  }
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (gain(i, j) > 0 && at(i, j) === gain(i, j) + at(i + 1, j + 1)) steps.push([i++, j++]);
    else if (at(i, j) === at(i + 1, j)) steps.push([i++, null]);
    else steps.push([null, j++]);
  }
  while (i < a.length) steps.push([i++, null]);
  while (j < b.length) steps.push([null, j++]);
  return steps;
}

const byPosition = (a: number, b: number): Step[] => Array.from({ length: Math.max(a, b) }, (_, i) => [i < a ? i : null, i < b ? i : null]);
