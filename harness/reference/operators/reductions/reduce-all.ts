import type { OperatorContext, OperatorReference } from '../../context.ts';
import { readReducedAxes } from './reduced-axes.ts';

/** True where all elements are. (TFLM micro/kernels/reduce_common.cc, EvalAllHelper) */
export const reduceAll: OperatorReference = {
  name: 'REDUCE_ALL',
  supports: 'bool over constant axes',
  prepare(context: OperatorContext) {
    const input = context.input(0, 'input');
    const output = context.output();
    context.require(input.tensor.dtype === 'bool' && output.tensor.dtype === 'bool', `${input.tensor.dtype} to ${output.tensor.dtype}, not bool to bool`);
    const { target } = readReducedAxes(context);
    const from = input.data as Uint8Array;
    const to = output.data as Uint8Array;
    return () => {
      to.fill(1);
      for (let i = 0; i < from.length; i++) if (from[i] === 0) to[target[i] as number] = 0;
    };
  },
};
