import type { OperatorGenerator } from '../../context.ts';
import { need } from '../refusal.ts';
import { planElementwise, readBinary, readElementwise } from './binary.ts';

const TYPES = ['bool'] as const;

const generator = (op: string, sign: '&' | '|'): OperatorGenerator => ({
  op,
  supports: 'bool; any broadcast',
  types: TYPES,
  plan: (operator, context) => planElementwise(readBinary(operator, context, TYPES), { name: op.toLowerCase(), expression: `(uint8_t)(x0 ${sign} x1)` }),
});

export const logicalAnd = generator('LOGICAL_AND', '&');
export const logicalOr = generator('LOGICAL_OR', '|');

export const logicalNot: OperatorGenerator = {
  op: 'LOGICAL_NOT',
  supports: 'bool',
  types: TYPES,
  plan: (operator, context) => {
    const layer = readElementwise(operator, context, 1);
    for (const { dtype, index } of [...layer.operands, layer.output]) need(dtype === 'bool', `tensor ${index} is ${dtype}, not bool`);
    return planElementwise(layer, { name: 'logical_not', expression: '(uint8_t)(x0 ^ 1)' });
  },
};
