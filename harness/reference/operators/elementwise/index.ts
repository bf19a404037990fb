import type { OperatorReference } from '../../context.ts';

export const references: readonly OperatorReference[] = [];
