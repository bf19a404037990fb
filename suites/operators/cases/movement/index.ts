import type { OperatorCase } from '../../case.ts';
import { reshape } from './reshape.ts';

export const cases: readonly OperatorCase[] = [...reshape];
