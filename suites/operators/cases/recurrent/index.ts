import type { OperatorCase } from '../../case.ts';
import { lstms } from './lstm.ts';
import { svdf } from './svdf.ts';

export const cases: readonly OperatorCase[] = [...lstms, ...svdf];
