import type { OperatorGenerator } from '../../context.ts';
import { callOnce } from './call-once.ts';
import { ifOperator } from './if.ts';
import { assignVariable, readVariable, varHandle } from './variables.ts';
import { whileOperator } from './while.ts';

export const generators: readonly OperatorGenerator[] = [assignVariable, callOnce, ifOperator, readVariable, varHandle, whileOperator];
