import { gemmlowpSigmoid16Table, gemmlowpTanh16Table, quantizeMultiplier, rdbp, requantiseDouble } from '../../../../numerics/index.ts';
import type { OperatorContext } from '../../../context.ts';
import type { LstmOperands } from './operands.ts';
import { cellPower } from './parameters.ts';
import type { Gate, LstmParameters } from './parameters.ts';
import type { CellArithmetic } from './step.ts';

/** Powers of the cell's scale for which LiteRT has a tanh: 0 to 6 integer bits. */
const POWERS: readonly [number, number] = [-15, -9];

/**
 * TFLM's gates as LiteRT computes them: other functions, and a recurrent product that is not saturated before it is added.
 * (LiteRT kernels/lstm_eval.cc, CalculateLstmGateInteger8x8_16)
 */
export function litertGates({ gates }: LstmParameters): LstmParameters['gates'] {
  const gate = ({ input, recurrent }: Gate, activation: Gate['activation']): Gate => ({ input, recurrent: { ...recurrent, least: -0x80000000, greatest: 0x7fffffff }, activation });
  const sigmoid = gemmlowpSigmoid16Table();
  return { input: gate(gates.input, sigmoid), forget: gate(gates.forget, sigmoid), cell: gate(gates.cell, gemmlowpTanh16Table(3)), output: gate(gates.output, sigmoid) };
}

/**
 * LiteRT's cell: powers of two divide with one rounding where TFLM's fixed-point product has two, and the hidden state's factor is a
 * float32. (kernels/lstm_eval.cc, UpdateLstmCellInteger, CalculateLstmOutputInteger8x8_16)
 * @throws HilError 'config' reference.unsupported for a cell scale that LiteRT has no tanh for
 */
export function litertCell(context: OperatorContext, { hidden, cell }: LstmOperands, { cellClip }: LstmParameters): CellArithmetic {
  const power = cellPower(context, cell.scale);
  context.require(power >= POWERS[0] && power <= POWERS[1], `cell state scale 2^${power}, for which LiteRT has no tanh`);
  const { multiplier, shift } = quantizeMultiplier(Math.fround(2 ** -30 / hidden.scale));
  return {
    forgetTimesCell: (product) => rdbp(product, 15),
    inputTimesGate: (product) => rdbp(product, 30 + power),
    outputTimesTanh: (product) => requantiseDouble(product, multiplier, shift),
    cellTanh: gemmlowpTanh16Table(15 + power),
    cellClip,
  };
}
