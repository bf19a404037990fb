import type { OperatorCase } from '../../case.ts';
import { svdf } from './svdf.ts';

export const cases: readonly OperatorCase[] = [...svdf];
