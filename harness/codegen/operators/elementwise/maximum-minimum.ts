import { cTypeOf } from '../../c-types.ts';
import type { OperatorGenerator } from '../../context.ts';
import { planElementwise, readBinary } from './binary.ts';

const TYPES = ['int8', 'int16', 'int32', 'int64', 'float32'] as const;

const generator = (op: string, comparison: '<' | '>'): OperatorGenerator => ({
  op,
  supports: `${TYPES.join(', ')}; any broadcast; codes are compared as they are, whatever their scales`,
  types: TYPES,
  plan: (operator, context) => {
    const layer = readBinary(operator, context, TYPES);
    return planElementwise(layer, { name: op.toLowerCase(), expression: `(${cTypeOf(layer.dtype)})(x0 ${comparison} x1 ? x0 : x1)` });
  },
});

export const maximum = generator('MAXIMUM', '>');
export const minimum = generator('MINIMUM', '<');
