import type { OperatorGenerator } from '../../context.ts';
import { reshape } from './reshape.ts';

export const generators: readonly OperatorGenerator[] = [reshape];
