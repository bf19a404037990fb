import type { OperatorGenerator } from '../../context.ts';
import { comparisons } from './comparison.ts';
import { logicalAnd, logicalNot, logicalOr } from './logical.ts';
import { maximum, minimum } from './maximum-minimum.ts';
import { mul } from './multiply.ts';
import { squaredDifference } from './squared-difference.ts';
import { add, sub } from './sum.ts';

export const generators: readonly OperatorGenerator[] = [add, sub, mul, maximum, minimum, squaredDifference, ...comparisons, logicalAnd, logicalOr, logicalNot];
