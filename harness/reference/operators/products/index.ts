import type { OperatorReference } from '../../context.ts';
import { fullyConnected } from './fully-connected.ts';

export const references: readonly OperatorReference[] = [fullyConnected];
