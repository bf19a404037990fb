import type { OperatorCase } from '../../case.ts';
import { choice } from './choice.ts';
import { multiply } from './multiply.ts';
import { quotients } from './quotients.ts';
import { selections } from './select.ts';
import { sum } from './sum.ts';

export const cases: readonly OperatorCase[] = [...sum, ...multiply, ...choice, ...quotients, ...selections];
