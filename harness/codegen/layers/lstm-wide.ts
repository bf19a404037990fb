import type { Operator, Tensor } from '../../model/graph.ts';
import { productMultiplier } from '../../numerics/index.ts';
import type { PlanContext } from '../context.ts';
import { need } from '../operators/refusal.ts';
import { requant } from '../quantised.ts';
import { constantOf, LSTM_GATES, LSTM_GATE_SCALE, lstmWeights, readLstmFrame, type LstmFrame } from './lstm.ts';

/** One matrix of a gate, int16 by int8 in 64 bits; to Q3.12 by multiplier / 2^right. */
export interface WideProduct {
  readonly filter: Tensor;
  readonly bias: Tensor | null;
  readonly multiplier: number;
  readonly right: number;
}

/** UNIDIRECTIONAL_SEQUENCE_LSTM, int16 activations, int64 biases, int16 gates and cell (16x8_16). */
export interface WideLstmLayer extends LstmFrame {
  /** Forget, input, cell, output. */
  readonly gates: readonly { readonly name: string; readonly input: WideProduct; readonly recurrent: WideProduct }[];
}

/** Throws Refusal where it is no LSTM of this form. */
export function readWideLstm(operator: Operator, context: PlanContext): WideLstmLayer {
  const { graph } = context;
  const frame = readLstmFrame(operator, context, 'int16');
  const { units, inputs } = frame;
  const { scales: arithmetic } = context.rounding(operator);
  const product = (slot: number, columns: number, bias: number | null, fromScale: number): WideProduct => {
    const { tensor: filter, scale } = lstmWeights(graph, operator, slot, units * columns);
    const biased = bias === null ? null : constantOf(graph, operator, bias, 'int64', units);
    const greatest = biased === null ? 0 : greatestMagnitude(biased.data);
    // The requantisation is defined for 48 bits; the kernel sums columns in 32 bits by parts.
    need(greatest + columns * 2 ** 22 < 2 ** 47, 'a sum can leave 48 bits');
    return { filter, bias: biased?.tensor ?? null, ...narrow(productMultiplier(fromScale, scale, LSTM_GATE_SCALE, arithmetic)) };
  };
  return {
    ...frame,
    gates: LSTM_GATES.map(({ name, input, recurrent, bias }) => ({
      name,
      input: product(input, inputs, bias, frame.inputQuantisation.scale),
      recurrent: product(recurrent, units, null, frame.hiddenQuantisation.scale),
    })),
  };
}

/** A factor with a multiplier of 16 bits. (TFLM kernels/internal/common.cc, MultiplyByQuantizedMultiplier of int64_t) */
function narrow(real: number): { readonly multiplier: number; readonly right: number } {
  const { multiplier, shift } = requant(real, 'a factor of a gate');
  need(shift < 8, 'a factor of a gate is beyond 2^7');
  return { multiplier: multiplier < 0x7fff0000 ? (multiplier + 0x8000) >> 16 : 0x7fff, right: 15 - shift };
}

function greatestMagnitude(data: Uint8Array): number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: data.byteLength / 8 }, (_, i) => Math.abs(Number(view.getBigInt64(8 * i, true)))).reduce((most, value) => Math.max(most, value), 0);
}
