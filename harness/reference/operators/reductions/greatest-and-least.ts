import type { Kernel, OperatorContext, OperatorReference } from '../../context.ts';
import { readReducedAxes } from './reduced-axes.ts';

const FLOAT_MAX = 3.4028234663852886e38;

/**
 * Greatest element; no arithmetic, so that both sides have one scale. NaN never wins a comparison, infinities below the least finite
 * value neither. (TFLM micro/kernels/reduce_common.cc, EvalMinMaxHelper)
 */
export const reduceMax: OperatorReference = {
  name: 'REDUCE_MAX',
  supports: 'int8, float32 over constant axes; input and output of one scale and zero point',
  prepare: (context) => prepare(context, { int8: -128, float32: -FLOAT_MAX }, (value, so) => value > so),
};

/** As REDUCE_MAX for the least. */
export const reduceMin: OperatorReference = {
  name: 'REDUCE_MIN',
  supports: 'int8, float32 over constant axes; input and output of one scale and zero point',
  prepare: (context) => prepare(context, { int8: 127, float32: FLOAT_MAX }, (value, so) => value < so),
};

function prepare(context: OperatorContext, start: { readonly int8: number; readonly float32: number }, beats: (value: number, so: number) => boolean): Kernel {
  const input = context.input(0, 'input');
  const output = context.output();
  const { dtype } = input.tensor;
  const { target } = readReducedAxes(context);
  context.require(output.tensor.dtype === dtype, `${dtype} to ${output.tensor.dtype}`);
  context.require(dtype === 'int8' || dtype === 'float32', `input is ${dtype}; TFLM has int8 and float32 only`);
  if (dtype === 'int8') {
    const [x, y] = [context.quantised(input, 'int8', 'input'), context.quantised(output, 'int8', 'output')];
    context.require(x.scale === y.scale && x.zeroPoint === y.zeroPoint, 'input and output differ in scale or zero point');
  }
  const from = input.data as Int8Array | Float32Array;
  const to = output.data as Int8Array | Float32Array;
  return () => {
    to.fill(start[dtype]);
    for (let i = 0; i < from.length; i++) if (beats(from[i] as number, to[target[i] as number] as number)) to[target[i] as number] = from[i] as number;
  };
}
