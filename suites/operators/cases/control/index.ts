import type { OperatorCase } from '../../case.ts';
import { variables } from './variables.ts';

export const cases: readonly OperatorCase[] = [...variables];
