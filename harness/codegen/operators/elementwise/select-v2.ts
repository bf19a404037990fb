import type { DType, Tensor } from '../../../model/graph.ts';
import { cTypeOf } from '../../c-types.ts';
import type { OperatorGenerator } from '../../context.ts';
import { need } from '../refusal.ts';
import { planElementwise, readElementwise } from './binary.ts';

const TYPES: readonly DType[] = ['int8', 'int16', 'float32'];

export const selectV2: OperatorGenerator = {
  op: 'SELECT_V2',
  supports: 'bool condition; int8, int16, float32; any broadcast; codes are taken as they are, whatever their scales',
  types: ['bool'],
  plan: (operator, context) => {
    const layer = readElementwise(operator, context, 3);
    const [condition, x, y] = layer.operands as [Tensor, Tensor, Tensor];
    need(condition.dtype === 'bool', `the condition is ${condition.dtype}, not bool`);
    need(TYPES.includes(x.dtype), `operands are ${x.dtype}, not ${TYPES.join(', ')}`);
    need(y.dtype === x.dtype && layer.output.dtype === x.dtype, 'operands and output differ in type');
    return planElementwise(layer, { name: 'select', expression: `(${cTypeOf(x.dtype)})(x0 != 0 ? x1 : x2)` });
  },
};
