import type { OperatorCase } from '../../case.ts';
import { softmax } from './softmax.ts';
import { unary } from './unary.ts';

export const cases: readonly OperatorCase[] = [...softmax, ...unary];
