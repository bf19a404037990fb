import type { DType } from '../../../model/index.ts';
import { activationRange, broadcastIndices, broadcastLoops, broadcastShape, floatActivationRange, MAX_DIMENSIONS } from '../../../numerics/index.ts';
import type { Kernel, Operand, OperatorContext, QuantisedOperand } from '../../context.ts';

/** Refuses where the operands do not broadcast to the output's shape, in TFLM's limit of dimensions. */
export function requireBroadcast(context: OperatorContext, inputs: readonly Operand[], output: Operand): void {
  const shape = broadcastShape(inputs.map(({ tensor }) => tensor.shape));
  context.require(shape !== null, `operands of shape ${inputs.map(({ tensor }) => `[${tensor.shape.join(', ')}]`).join(' and ')} do not broadcast`);
  const { shape: expected, elements } = output.tensor;
  const same = shape.length === expected.length && shape.every((size, axis) => size === expected[axis]);
  // One element under any number of dimensions is the same thing.
  context.require(same || (elements === 1 && shape.every((size) => size === 1)), `the output has shape [${expected.join(', ')}], not [${shape.join(', ')}]`);
  context.require(shape.length <= MAX_DIMENSIONS, `${shape.length} dimensions; TFLM has ${MAX_DIMENSIONS} at the most`);
  context.require(elements > 0, 'the output is empty');
}

/** For each element of the output the element of the operand; null where they are the same. */
export function operandIndices(inputs: readonly Operand[], output: Operand): (Int32Array | null)[] {
  const loops = broadcastLoops(inputs.map(({ tensor }) => tensor.shape), output.tensor.shape);
  return inputs.map(({ tensor }, k) => (tensor.elements === output.tensor.elements ? null : broadcastIndices(loops, k)));
}

/** Two operands and their output, which they broadcast to. */
export interface Binary {
  readonly left: Operand;
  readonly right: Operand;
  readonly output: Operand;
}

/** @throws HilError 'config' reference.unsupported where it is no operator of two operands of one type, one of `types` */
export function readBinary(context: OperatorContext, types: readonly DType[]): Binary {
  context.require(context.operator.inputs.length === 2, `has ${context.operator.inputs.length} inputs, not 2`);
  const binary = { left: context.input(0, 'first operand'), right: context.input(1, 'second operand'), output: context.output() };
  const { dtype } = binary.left.tensor;
  context.require(types.includes(dtype), `operands are ${dtype}, not ${types.join(', ')}`);
  context.require(binary.right.tensor.dtype === dtype, `operands are ${dtype} and ${binary.right.tensor.dtype}`);
  requireBroadcast(context, [binary.left, binary.right], binary.output);
  return binary;
}

/** Refuses an output of another type than the operands'. */
export function requireSameType(context: OperatorContext, { left, output }: Binary): void {
  context.require(output.tensor.dtype === left.tensor.dtype, `output is ${output.tensor.dtype}, operands are ${left.tensor.dtype}`);
}

/** output[i] = compute(left, right). Elements of int64 tensors are bigints: compute() has to work with them where those are allowed. */
export function binaryKernel({ left, right, output }: Binary, compute: (x: number, y: number) => number): Kernel {
  const [x, y, z] = [left.data, right.data, output.data] as [Int32Array, Int32Array, Int32Array];
  const [xs, ys] = operandIndices([left, right], output) as [Int32Array | null, Int32Array | null];
  return () => {
    for (let i = 0; i < z.length; i++) {
      z[i] = compute(x[xs === null ? i : (xs[i] as number)] as number, y[ys === null ? i : (ys[i] as number)] as number);
    }
  };
}

type Codes = Int8Array | Int16Array;

/** Operands and output as codes; int16 has zero point 0. */
export interface QuantisedBinary {
  readonly left: QuantisedOperand<Codes>;
  readonly right: QuantisedOperand<Codes>;
  readonly output: QuantisedOperand<Codes>;
}

/** Checks scale and zero point of an int8 or int16 operand. */
export function readCodes(context: OperatorContext, operand: Operand, role: string): QuantisedOperand<Codes> {
  const isWide = operand.tensor.dtype === 'int16';
  const codes = isWide ? context.quantised(operand, 'int16', role) : context.quantised(operand, 'int8', role);
  const { scale, zeroPoint } = codes;
  context.require(scale > 0 && Number.isFinite(scale), `${role} has scale ${scale}`);
  context.require(isWide ? zeroPoint === 0 : zeroPoint >= -128 && zeroPoint <= 127, `${role} has zero point ${zeroPoint}`);
  return codes;
}

export function readQuantised(context: OperatorContext, binary: Binary): QuantisedBinary {
  return {
    left: readCodes(context, binary.left, 'first operand'),
    right: readCodes(context, binary.right, 'second operand'),
    output: readCodes(context, binary.output, 'output'),
  };
}

/** A range of values that results are limited to. */
export interface Range {
  readonly least: number;
  readonly greatest: number;
}

const fusedActivation = (context: OperatorContext): number => Number(context.operator.options.fused_activation_function ?? 0);

/** Codes that a fused activation leaves. */
export function codeRange(context: OperatorContext, { tensor, scale, zeroPoint }: QuantisedOperand<Codes>): Range {
  const end = tensor.dtype === 'int16' ? 32768 : 128;
  const range = activationRange(fusedActivation(context), scale, zeroPoint, -end, end - 1);
  context.require(range !== null, `fused activation ${fusedActivation(context)} is no clamp`);
  return range;
}

/** Values that a fused activation leaves of float32. */
export function floatRange(context: OperatorContext): Range {
  const range = floatActivationRange(fusedActivation(context));
  context.require(range !== null, `fused activation ${fusedActivation(context)} is no clamp`);
  return range;
}

/** Values that a fused activation leaves of int32. */
export function intRange(context: OperatorContext): Range {
  const { least, greatest } = floatRange(context);
  return { least: Math.max(least, -(2 ** 31)), greatest: Math.min(greatest, 2 ** 31 - 1) };
}

/** Refuses int32 operands with a scale: TFLM adds plain integers only. */
export function requireUnquantised(context: OperatorContext, operands: readonly Operand[]): void {
  for (const { tensor } of operands) context.require(tensor.quantisation === null || tensor.quantisation.scale.length === 0, `tensor ${tensor.index} is quantised int32`);
}

/** The value clamped as TFLM does it: NaN stays, -0 is not less than 0. */
export function limit(x: number, { least, greatest }: Range): number {
  const raised = x < least ? least : x;
  return greatest < raised ? greatest : raised;
}
