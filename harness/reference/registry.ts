import type { OperatorReference } from './context.ts';
import { references as control } from './operators/control/index.ts';
import { references as conversions } from './operators/conversions/index.ts';
import { references as elementwise } from './operators/elementwise/index.ts';
import { references as functions } from './operators/functions/index.ts';
import { references as movement } from './operators/movement/index.ts';
import { references as products } from './operators/products/index.ts';
import { references as recurrent } from './operators/recurrent/index.ts';
import { references as reductions } from './operators/reductions/index.ts';

/** A new operator is a file in a family's folder and a line in its index. */
const OPERATORS: readonly OperatorReference[] = [
  ...control, ...conversions, ...elementwise, ...functions, ...movement, ...products, ...recurrent, ...reductions,
].sort((a, b) => (a.name < b.name ? -1 : 1));
const BY_NAME: ReadonlyMap<string, OperatorReference> = new Map(OPERATORS.map((operator) => [operator.name, operator]));

export function referenceOf(name: string): OperatorReference | null {
  return BY_NAME.get(name) ?? null;
}

/** Every operator with a bit-exact reference, by schema name, and what of it is supported. */
export function supportedOperators(): readonly { readonly name: string; readonly supports: string }[] {
  return OPERATORS.map(({ name, supports }) => ({ name, supports }));
}
