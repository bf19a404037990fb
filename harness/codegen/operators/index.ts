import type { OperatorGenerator } from '../context.ts';
import { generators as control } from './control/index.ts';
import { generators as conversions } from './conversions/index.ts';
import { generators as elementwise } from './elementwise/index.ts';
import { generators as functions } from './functions/index.ts';
import { generators as movement } from './movement/index.ts';
import { generators as products } from './products/index.ts';
import { generators as recurrent } from './recurrent/index.ts';
import { generators as reductions } from './reductions/index.ts';

/** Every operator that generateC() can turn into C; a new one is a file in a family's folder and a line in its index. */
export const GENERATORS: readonly OperatorGenerator[] = [...control, ...conversions, ...elementwise, ...functions, ...movement, ...products, ...recurrent, ...reductions];

const BY_NAME: ReadonlyMap<string, OperatorGenerator> = new Map(GENERATORS.map((generator) => [generator.op, generator]));

/** Names of the operators that generateC() can turn into C, sorted. */
export const SUPPORTED_OPERATORS: readonly string[] = [...BY_NAME.keys()].sort();

export const generatorOf = (op: string): OperatorGenerator | undefined => BY_NAME.get(op);
