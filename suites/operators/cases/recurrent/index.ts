import type { OperatorCase } from '../../case.ts';

export const cases: readonly OperatorCase[] = [];
