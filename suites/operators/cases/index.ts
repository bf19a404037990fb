import type { OperatorCase } from '../case.ts';
import { cases as control } from './control/index.ts';
import { cases as conversions } from './conversions/index.ts';
import { cases as elementwise } from './elementwise/index.ts';
import { cases as functions } from './functions/index.ts';
import { cases as movement } from './movement/index.ts';
import { cases as products } from './products/index.ts';
import { cases as recurrent } from './recurrent/index.ts';
import { cases as reductions } from './reductions/index.ts';

/** Every case, by the family of its operator. */
export const FAMILIES: Readonly<Record<string, readonly OperatorCase[]>> = { control, conversions, elementwise, functions, movement, products, recurrent, reductions };
