import type { DType } from '../../../model/index.ts';
import type { Operand, OperatorContext } from '../../context.ts';
import { factorsOf, fixedFinish, floatFinish, integerFinish } from './finish.ts';
import type { Accumulator, Finish, FixedFinish } from './finish.ts';
import { sumOfFloats, sumOfIntegers } from './sums.ts';
import type { Codes, SumOfProducts } from './sums.ts';

/** A sum of products of an input and weights in one of the types that TFLM has, ready to run. */
export interface Product {
  readonly sum: SumOfProducts;
  readonly input: Codes;
  readonly inputZeroPoint: number;
  readonly weights: Codes;
  readonly weightsZeroPoint: number;
  readonly finish: Finish;
  readonly output: Codes;
  /** For the fast path: int8 with constant weights and bias, rounded by `double`; null for all else. */
  readonly fixed: FixedFinish | null;
}

/** Where an operator has its operands, and how its weights are quantised. */
export interface ProductForm {
  /** Positions among the inputs. */
  readonly input: number;
  readonly weights: number;
  readonly bias: number;
  /** Output channels, and the weights' axis for them. */
  readonly channels: number;
  readonly channelAxis: number;
  /** Whether the kernels subtract a zero point of the weights; where they do not, weights that have one are refused. */
  readonly weightsZeroPoint: boolean;
  /** Types of the bias beside int16 activations; with int32 among them the sums may be int32. */
  readonly wideBias: readonly DType[];
  /** What the kernels have of int4 weights beside int8 activations. */
  readonly int4: 'none' | 'one scale' | 'a scale a channel';
}

/** quantized_bias_type of the schema: TensorType INT32. */
const BIAS_INT32 = 2;

/**
 * Operands and arithmetic: int8 (int32 accumulators), int16 with int8 weights (int64 accumulators, or int32 where the bias is), float32.
 * @throws HilError 'config' reference.unsupported
 */
export function readProduct(context: OperatorContext, form: ProductForm): Product {
  const input = context.input(form.input, 'input');
  const output = context.output();
  const weights = context.input(form.weights, 'weights');
  const bias = context.optionalInput(form.bias);
  context.require(input.tensor.dtype === output.tensor.dtype, `input is ${input.tensor.dtype}, output ${output.tensor.dtype}`);
  context.require(bias === null || bias.tensor.elements === form.channels, `bias has ${bias?.tensor.elements} elements, not ${form.channels}`);
  if (input.tensor.dtype === 'float32') return floatProduct(context, input, weights, bias, output);
  context.require(input.tensor.dtype === 'int8' || input.tensor.dtype === 'int16', `input is ${input.tensor.dtype}, not int8, int16 or float32`);
  const x = context.quantised(input, input.tensor.dtype, 'input');
  const y = context.quantised(output, input.tensor.dtype, 'output');
  context.require(input.tensor.dtype === 'int8' || (x.zeroPoint === 0 && y.zeroPoint === 0), 'int16 with a zero point');
  context.require(weights.tensor.dtype !== 'int4' || input.tensor.dtype === 'int8', 'int16 with int4 weights, which TFLM refuses');
  const { codes, scales, zeroPoint } = readWeights(context, weights, form);
  const factors = factorsOf(context, x.scale, scales, y.scale, accumulatorOf(context, input.tensor.dtype, bias, form));
  return {
    sum: sumOfIntegers, input: x.data, inputZeroPoint: x.zeroPoint, weights: codes, weightsZeroPoint: zeroPoint,
    finish: integerFinish(context, factors, bias, y), output: y.data,
    fixed: weights.tensor.data === null ? null : fixedFinish(context, factors, bias, y),
  };
}

function floatProduct(context: OperatorContext, input: Operand, weights: Operand, bias: Operand | null, output: Operand): Product {
  context.require(weights.tensor.dtype === 'float32', `float32 input with ${weights.tensor.dtype} weights (hybrid), which TFLM refuses`);
  context.require(bias === null || bias.tensor.dtype === 'float32', `bias is ${bias?.tensor.dtype}, not float32`);
  return {
    sum: sumOfFloats, input: input.data as Float32Array, inputZeroPoint: 0, weights: weights.data as Float32Array, weightsZeroPoint: 0,
    finish: floatFinish(context, bias), output: output.data as Float32Array, fixed: null,
  };
}

/** The kernel's choice. (conv.cc, fully_connected.cc: requires_int32_accum) @throws reference.unsupported for another bias */
function accumulatorOf(context: OperatorContext, activations: DType, bias: Operand | null, form: ProductForm): Accumulator {
  const types: readonly DType[] = activations === 'int8' ? ['int32'] : form.wideBias;
  context.require(bias === null || types.includes(bias.tensor.dtype), `bias is ${bias?.tensor.dtype}, not ${types.join(' or ')}`);
  if (activations === 'int8') return 'int32';
  const narrow = bias === null ? context.operator.options.quantized_bias_type === BIAS_INT32 && types.includes('int32') : bias.tensor.dtype === 'int32';
  return narrow ? 'int32' : 'int64';
}

interface Weights {
  readonly codes: Int8Array;
  readonly scales: readonly number[];
  readonly zeroPoint: number;
}

function readWeights(context: OperatorContext, { tensor, data }: Operand, form: ProductForm): Weights {
  const isPacked = tensor.dtype === 'int4' && tensor.data !== null;
  context.require(!isPacked || form.int4 !== 'none', 'weights are int4, which the kernels lack');
  const codes = isPacked ? unpackInt4(tensor.data, tensor.elements) : data;
  context.require(codes instanceof Int8Array, `weights are ${tensor.dtype}, not int8${form.int4 === 'none' ? '' : ' or constant int4'}`);
  const { scale, zeroPoint, axis } = tensor.quantisation ?? context.refuse('weights have no scale');
  context.require(!isPacked || scale.length === 1 || form.int4 === 'a scale a channel', 'int4 weights with a scale a channel, which the kernels lack');
  context.require(scale.length === 1 || axis === form.channelAxis, `weights are quantised along axis ${axis}, not ${form.channelAxis}`);
  context.require(scale.length === 1 || scale.length === form.channels, `weights have ${scale.length} scales, not ${form.channels}`);
  const isApplied = form.weightsZeroPoint && scale.length === 1;
  context.require(isApplied || zeroPoint.every((value) => value === 0), 'weights have a zero point, which the kernels ignore');
  return { codes, scales: scale, zeroPoint: isApplied ? (zeroPoint[0] as number) : 0 };
}

/** Two codes a byte, the lower half first. (TFLM kernels/internal/portable_tensor_utils.cc, UnpackDenseInt4IntoInt8) */
export function unpackInt4(bytes: Uint8Array, elements: number): Int8Array {
  return Int8Array.from({ length: elements }, (_, i) => ((bytes[i >> 1] as number) << (i % 2 === 0 ? 28 : 24)) >> 28);
}
