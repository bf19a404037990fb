import type { OperatorGenerator } from '../../context.ts';
import { addN } from './add-n.ts';
import { comparisons } from './comparison.ts';
import { div } from './divide.ts';
import { floorDiv, floorMod } from './floor-division.ts';
import { logicalAnd, logicalNot, logicalOr } from './logical.ts';
import { maximum, minimum } from './maximum-minimum.ts';
import { mul } from './multiply.ts';
import { selectV2 } from './select-v2.ts';
import { squaredDifference } from './squared-difference.ts';
import { add, sub } from './sum.ts';

export const generators: readonly OperatorGenerator[] = [
  add, addN, sub, mul, div, floorDiv, floorMod, maximum, minimum, squaredDifference, ...comparisons, logicalAnd, logicalOr, logicalNot, selectV2,
];
