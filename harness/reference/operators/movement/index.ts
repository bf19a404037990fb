import type { OperatorReference } from '../../context.ts';
import { reshape } from './reshape.ts';

export const references: readonly OperatorReference[] = [reshape];
