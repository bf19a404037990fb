import type { OperatorGenerator } from '../../context.ts';

export const generators: readonly OperatorGenerator[] = [];
