import type { OperatorGenerator } from '../../context.ts';
import { fullyConnected } from './fully-connected.ts';

export const generators: readonly OperatorGenerator[] = [fullyConnected];
