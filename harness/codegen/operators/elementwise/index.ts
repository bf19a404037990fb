import type { OperatorGenerator } from '../../context.ts';
import { add, sub } from './sum.ts';

export const generators: readonly OperatorGenerator[] = [add, sub];
