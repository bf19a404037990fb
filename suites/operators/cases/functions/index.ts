import type { OperatorCase } from '../../case.ts';
import { prelu } from './prelu.ts';
import { rowFunctions } from './rows.ts';
import { softmax } from './softmax.ts';
import { unary } from './unary.ts';

export const cases: readonly OperatorCase[] = [...prelu, ...rowFunctions, ...softmax, ...unary];
