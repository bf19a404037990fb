import type { OperatorCase } from '../../case.ts';
import { unary } from './unary.ts';

export const cases: readonly OperatorCase[] = [...unary];
