import type { OperatorGenerator } from '../../context.ts';
import { softmax } from './softmax.ts';

export const generators: readonly OperatorGenerator[] = [softmax];
