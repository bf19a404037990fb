import type { OperatorContext, OperatorReference } from '../../context.ts';
import { prepareFloat } from './svdf/float.ts';
import { prepareInteger } from './svdf/integer.ts';
import { readOperands } from './svdf/operands.ts';

/**
 * Filters of rank 1 in feature and time, the last inputs' features kept as state: first the state moves on by one step, then the
 * newest feature is computed, then all are weighted. (TFLM micro/kernels/svdf.cc. The paper: Nakkiran et al. 2015)
 */
export const svdf: OperatorReference = {
  name: 'SVDF',
  supports: 'int8 with int8 or int16 state and time weights and a bias; float32',
  prepare(context: OperatorContext) {
    const operands = readOperands(context);
    return operands.input.tensor.dtype === 'float32' ? prepareFloat(context, operands) : prepareInteger(context, operands);
  },
};
