import type { Operator, Tensor } from '../../model/graph.ts';
import { activationRange, floatActivationRange } from '../../numerics/index.ts';
import type { PlanContext } from '../context.ts';
import { inputTensor, need, outputTensor, perTensor } from '../operators/refusal.ts';
import { readWindow, type WindowGeometry } from './window.ts';

export type PoolType = 'int8' | 'int16' | 'float32';

/** A pooling operator: every channel by itself, padding not counted. */
export interface PoolLayer extends WindowGeometry {
  readonly operator: Operator;
  readonly input: Tensor;
  readonly output: Tensor;
  readonly dtype: PoolType;
  /** Bounds of the output: codes, or values for float32. */
  readonly low: number;
  readonly high: number;
}

const LIMITS = { int8: [-128, 127], int16: [-32768, 32767] } as const;

/** Throws Refusal where it is no pooling that can be computed exactly. */
export function readPool(operator: Operator, context: PlanContext): PoolLayer {
  const input = inputTensor(context.graph, operator, 0);
  const output = outputTensor(context.graph, operator);
  const geometry = readWindow(operator, input, output, Number(operator.options['filter_height'] ?? 0), Number(operator.options['filter_width'] ?? 0));
  need(geometry.inputChannels === geometry.outputChannels, 'input and output differ in channels');
  return { operator, input, output, ...geometry, ...readTypeAndRange(operator, input, output) };
}

function readTypeAndRange(operator: Operator, input: Tensor, output: Tensor): Pick<PoolLayer, 'dtype' | 'low' | 'high'> {
  const { dtype } = input;
  need(output.dtype === dtype, `${dtype} to ${output.dtype}: the types must be equal`);
  const activation = Number(operator.options['fused_activation_function'] ?? 0);
  if (dtype === 'float32') {
    const range = floatActivationRange(activation);
    need(range !== null, `fused activation ${activation} is not supported`);
    return { dtype, low: range.least, high: range.greatest };
  }
  need(dtype === 'int8' || dtype === 'int16', `input is ${dtype}; int8, int16 and float32 are supported`);
  const [x, y] = [perTensor(input, 'input'), perTensor(output, 'output')];
  need(Math.abs(Math.fround(x.scale - y.scale)) <= 1e-6 && x.zeroPoint === y.zeroPoint, 'input and output differ in scale or zero point');
  const range = activationRange(activation, y.scale, y.zeroPoint, LIMITS[dtype][0], LIMITS[dtype][1]);
  need(range !== null, `fused activation ${activation} is not supported`);
  need(range.least <= range.greatest, 'the fused activation leaves no code');
  return { dtype, low: range.least, high: range.greatest };
}
