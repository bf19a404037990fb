import type { DType } from '../model/graph.ts';

/** How much of what differs is forgiven: each element up to a size, and so many elements. */
export interface Tolerance {
  /** Largest |got - expected| of an integer element; null: any, of elements of every type. */
  readonly lsb: number | null;
  /** Elements that may differ: their number, or their share of those compared (0..1). null: any number of them. */
  readonly budget: { readonly elements: number } | { readonly share: number } | null;
}

/** Types without a least significant bit. */
const NOT_COUNTED: ReadonlySet<DType> = new Set(['float16', 'float32', 'float64', 'bool']);

/** Largest difference that may be forgiven in a tensor of this type, for TensorTally: 0 where none is. */
export function forgivable(tolerance: Tolerance | null, dtype: DType): number {
  if (tolerance === null) return 0;
  if (tolerance.lsb === null) return tolerance.budget === null ? 0 : Infinity;
  return NOT_COUNTED.has(dtype) ? 0 : tolerance.lsb;
}

/** Whether so many differing elements of those compared are within the budget. */
export function withinBudget({ budget }: Tolerance, differing: number, compared: number): boolean {
  if (budget === null) return true;
  return 'elements' in budget ? differing <= budget.elements : differing <= budget.share * compared;
}
