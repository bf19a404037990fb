import type { OperatorReference } from '../../context.ts';
import { softmax } from './softmax.ts';

export const references: readonly OperatorReference[] = [softmax];
