import { clamp, productMultiplier, sigmoid16Table, tanh16Table } from '../../../../numerics/index.ts';
import type { Int16Function, QuantizedMultiplier } from '../../../../numerics/index.ts';
import type { OperatorContext, QuantisedOperand } from '../../../context.ts';
import { foldStart } from '../../../matrix-product.ts';
import type { MatrixProduct } from '../../../matrix-product.ts';
import type { LstmOperands } from './operands.ts';

/** Scales inside the cell: gates come out of the matrix products in Q3.12 and out of their functions in Q0.15. */
export const GATE_SCALE = 2 ** -12;
const FUNCTION_SCALE = 2 ** -15;
/** Powers of the cell's scale for which the tanh's 32-bit scaling neither overflows nor shifts everything away. */
const POWERS: readonly [number, number] = [-27, 2];

/** One gate: function(input product + recurrent product). */
export interface Gate {
  readonly input: MatrixProduct;
  readonly recurrent: MatrixProduct;
  readonly activation: Int16Function;
}

export interface LstmParameters extends CellParameters {
  readonly gates: { readonly input: Gate; readonly forget: Gate; readonly cell: Gate; readonly output: Gate };
}

/** What happens to the gates' results. */
export interface CellParameters {
  readonly forgetTimesCell: QuantizedMultiplier;
  readonly inputTimesGate: QuantizedMultiplier;
  readonly outputTimesTanh: QuantizedMultiplier;
  /** Tanh of the cell state at its scale. */
  readonly cellTanh: Int16Function;
  /** The cell state is kept within [-cellClip, cellClip]; 32768 is no bound. */
  readonly cellClip: number;
}

/**
 * Everything that does not depend on activations.
 * (TFLM micro/kernels/lstm_eval_common.cc: PrepareGateParametersInteger, CreateInterGateMulParams, CreateLstmCellStateInfo)
 */
export function prepareParameters(context: OperatorContext, operands: LstmOperands): LstmParameters {
  const { input, hidden } = operands;
  const product = (source: QuantisedOperand<Int8Array>, weights: QuantisedOperand<Int8Array>, bias: Int32Array | null): MatrixProduct => {
    const [rows, depth] = weights.tensor.shape as [number, number];
    const real = productMultiplier(source.scale, weights.scale, GATE_SCALE, context.rounding.scales);
    const { multiplier, shift } = context.fixedPoint(real, 'input * weights / 2^-12');
    return {
      weights: weights.data, rows, depth, requantise: context.requantise, outputZeroPoint: 0, least: -32768, greatest: 32767,
      start: foldStart(weights.data, rows, depth, source.zeroPoint, bias),
      multipliers: new Int32Array(rows).fill(multiplier),
      shifts: new Int32Array(rows).fill(shift),
    };
  };
  const gate = (index: number, activation: Int16Function): Gate => ({
    activation,
    input: product(input, operands.inputWeights[index] as QuantisedOperand<Int8Array>, operands.biases[index] as Int32Array),
    recurrent: product(hidden, operands.recurrentWeights[index] as QuantisedOperand<Int8Array>, null),
  });
  const sigmoid = sigmoid16Table();
  return {
    gates: { input: gate(0, sigmoid), forget: gate(1, sigmoid), cell: gate(2, tanh16Table(-12)), output: gate(3, sigmoid) },
    ...prepareCell(context, operands),
  };
}

/** The part that does not depend on the type of the activations. */
export function prepareCell(context: OperatorContext, { hidden, cell }: Pick<LstmOperands<Int8Array | Int16Array, unknown>, 'hidden' | 'cell'>): CellParameters {
  return {
    forgetTimesCell: context.fixedPoint((FUNCTION_SCALE * cell.scale) / cell.scale, 'forget gate * cell'),
    inputTimesGate: context.fixedPoint((FUNCTION_SCALE * FUNCTION_SCALE) / cell.scale, 'input gate * cell gate'),
    outputTimesTanh: context.fixedPoint((FUNCTION_SCALE * FUNCTION_SCALE) / hidden.scale, 'output gate * tanh'),
    cellTanh: tanh16Table(cellPower(context, cell.scale)),
    cellClip: cellClip(context.operator.options.cell_clip as number, cell.scale),
  };
}

/** The cell state's scale as a power of two. TFLM rounds any other scale to one silently; that is refused here. */
export function cellPower(context: OperatorContext, scale: number): number {
  const power = Math.round(Math.log2(scale));
  context.require(Math.abs(Math.log2(scale) - power) < 1e-3, `cell state scale ${scale} is no power of two`);
  context.require(power >= POWERS[0] && power <= POWERS[1], `cell state scale 2^${power}`);
  return power;
}

/** Symmetric: a clip that reaches the type's limit still keeps -32768 out. 0 and below mean none. */
function cellClip(clip: number, scale: number): number {
  return clip > 0 ? Math.trunc(clamp(clip / scale, -32768, 32767)) : 32768;
}
