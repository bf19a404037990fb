import { sat16 } from '../../../../numerics/index.ts';
import type { Int16Function, QuantizedMultiplier } from '../../../../numerics/index.ts';
import type { Kernel, OperatorContext } from '../../../context.ts';
import type { LstmOperands } from './operands.ts';
import type { CellParameters, LstmParameters } from './parameters.ts';

type Operands = Pick<LstmOperands<Int8Array | Int16Array, unknown>, 'sizes' | 'hidden' | 'cell' | 'output'>;

/** One step of one row: input codes from inputAt on, hidden and cell state from stateAt on. */
type Step = (inputAt: number, stateAt: number) => void;

/** From the product of two int16 to the codes of what it is added to. */
type Rescale = (product: number) => number;

/** What a cell computes from its gates' results, ready to run. */
export interface CellArithmetic extends Pick<CellParameters, 'cellTanh' | 'cellClip'> {
  readonly forgetTimesCell: Rescale;
  readonly inputTimesGate: Rescale;
  readonly outputTimesTanh: Rescale;
}

/** TFLM's: all three by the profile's formula. */
export function cellArithmetic({ requantise }: OperatorContext, parameters: CellParameters): CellArithmetic {
  const by = ({ multiplier, shift }: QuantizedMultiplier): Rescale => (product) => requantise(product, multiplier, shift);
  return {
    forgetTimesCell: by(parameters.forgetTimesCell), inputTimesGate: by(parameters.inputTimesGate), outputTimesTanh: by(parameters.outputTimesTanh),
    cellTanh: parameters.cellTanh, cellClip: parameters.cellClip,
  };
}

/** Puts the Q0.15 results of one gate for one row into `result`. */
export type Evaluate = (gate: keyof LstmParameters['gates'], inputAt: number, stateAt: number, result: Int16Array) => void;

/** All steps of all rows, the hidden state copied to the output after each. (TFLM micro/kernels/lstm_eval.h, EvalLstm) */
export function overSequence({ sizes, hidden, output }: Operands, step: Step): Kernel {
  const { batches, steps, depth, units, timeMajor } = sizes;
  return () => {
    // Rows do not see each other, so that finishing one before the next is right for both layouts.
    for (let batch = 0; batch < batches; batch++) {
      for (let t = 0; t < steps; t++) {
        const vector = timeMajor ? t * batches + batch : batch * steps + t;
        step(vector * depth, batch * units);
        for (let u = 0; u < units; u++) output.data[vector * units + u] = hidden.data[batch * units + u] as number;
      }
    }
  };
}

/**
 * Cell and hidden state from the gates. (TFLM micro/kernels/lstm_eval.h: LstmStep, UpdateLstmCell, UpdateLstmHidden)
 * @param limits of the hidden state's type
 */
export function prepareStep(operands: Operands, arithmetic: CellArithmetic, evaluate: Evaluate, [least, greatest]: readonly [number, number]): Step {
  const { forgetTimesCell, inputTimesGate, outputTimesTanh, cellTanh, cellClip } = arithmetic;
  const { units } = operands.sizes;
  const hidden = operands.hidden.data;
  const cell = operands.cell.data;
  const hiddenZeroPoint = operands.hidden.zeroPoint;
  const [i, f, g, o] = [new Int16Array(units), new Int16Array(units), new Int16Array(units), new Int16Array(units)];
  return (inputAt, stateAt) => {
    evaluate('forget', inputAt, stateAt, f);
    evaluate('input', inputAt, stateAt, i);
    evaluate('cell', inputAt, stateAt, g);
    evaluate('output', inputAt, stateAt, o);
    for (let u = 0; u < units; u++) {
      const kept = sat16(forgetTimesCell((f[u] as number) * (cell[stateAt + u] as number)));
      const added = sat16(inputTimesGate((i[u] as number) * (g[u] as number)));
      const sum = sat16(kept + added);
      const clipped = sum < -cellClip ? -cellClip : sum > cellClip ? cellClip : sum;
      cell[stateAt + u] = clipped;
      const code = outputTimesTanh((cellTanh[clipped + 32768] as number) * (o[u] as number)) + hiddenZeroPoint;
      hidden[stateAt + u] = code < least ? least : code > greatest ? greatest : code;
    }
  };
}

/** result = function(sat16(result + recurrent)). TFLM saturates both before, LiteRT only `result`, which is another result. */
export function activate(result: Int16Array, recurrent: Int16Array | Int32Array, activation: Int16Function): void {
  for (let u = 0; u < result.length; u++) {
    const sum = (result[u] as number) + (recurrent[u] as number);
    result[u] = activation[(sum < -32768 ? -32768 : sum > 32767 ? 32767 : sum) + 32768] as number;
  }
}
