import type { Kernel } from '../context.ts';
import type { MatrixProduct } from '../matrix-product.ts';
import type { LstmOperands } from '../operators/recurrent/lstm/operands.ts';
import type { Gate, LstmParameters } from '../operators/recurrent/lstm/parameters.ts';
import { notSealed } from './engine.ts';
import type { Engine } from './engine.ts';
import { placeLayer } from './layer.ts';
import type { PlacedLayer } from './layer.ts';
import { writeFactors } from './parameters.ts';

const TABLE_BYTES = 2 * 65536;
const PARAMETER_BYTES = 100;
/** Where the three factors lie among the parameters. (kernels.wat) */
const FACTORS = [48, 64, 80] as const;

/**
 * All steps of an 8x8_16 LSTM on WebAssembly, its gates rounded by `double`; null where rows of a time-major batch would have to be
 * picked apart, or the engine has no room.
 */
export function lstmKernel(engine: Engine, operands: LstmOperands, { gates, ...cell }: LstmParameters): Kernel | null {
  const { batches, steps, depth, units, timeMajor } = operands.sizes;
  if (timeMajor && batches > 1) return null;
  const order = [gates.input, gates.forget, gates.cell, gates.output];
  const inputLayer = placeGates(engine, order.map((gate) => gate.input), steps);
  const recurrentLayer = placeGates(engine, order.map((gate) => gate.recurrent), 1);
  const place = engine.reserve(PARAMETER_BYTES, TABLE_BYTES, TABLE_BYTES, TABLE_BYTES, 2 * units, steps * units);
  if (inputLayer === null || recurrentLayer === null || place === null) return null;
  const [parameters, sigmoid, tanh, cellTanh, cellState, output] = place;
  let run: Kernel = notSealed;
  engine.whenSealed(({ memory: { buffer }, products, lstm }) => {
    const tables: readonly (readonly [number, Gate['activation']])[] = [[sigmoid, gates.input.activation], [tanh, gates.cell.activation], [cellTanh, cell.cellTanh]];
    for (const [address, table] of tables) new Int16Array(buffer, address, 65536).set(table);
    new Int32Array(buffer, parameters, PARAMETER_BYTES / 4).set([
      inputLayer.target, callOf(recurrentLayer), recurrentLayer.target, sigmoid + TABLE_BYTES / 2, tanh + TABLE_BYTES / 2, cellTanh + TABLE_BYTES / 2,
      steps, cellState, recurrentLayer.source, output, cell.cellClip, operands.hidden.zeroPoint,
    ]);
    new Int32Array(buffer, parameters + 96, 1)[0] = units;
    [cell.forgetTimesCell, cell.inputTimesGate, cell.outputTimesTanh].forEach((factor, i) => writeFactors(buffer, parameters + (FACTORS[i] as number), [{ ...factor, start: 0 }]));

    const [codes, results] = [new Int8Array(buffer, inputLayer.source, steps * depth), new Int8Array(buffer, output, steps * units)];
    const [hidden, cells] = [new Int8Array(buffer, recurrentLayer.source, units), new Int16Array(buffer, cellState, units)];
    const rows = Array.from({ length: batches }, (_, batch) => ({
      input: operands.input.data.subarray(batch * codes.length, (batch + 1) * codes.length), output: operands.output.data.subarray(batch * results.length, (batch + 1) * results.length),
      hidden: operands.hidden.data.subarray(batch * units, (batch + 1) * units), cells: operands.cell.data.subarray(batch * units, (batch + 1) * units),
    }));
    const inputCall = callOf(inputLayer);
    run = () => {
      for (const row of rows) {
        codes.set(row.input);
        hidden.set(row.hidden);
        cells.set(row.cells);
        products(inputCall);
        lstm(parameters);
        row.output.set(results);
        row.hidden.set(hidden);
        row.cells.set(cells);
      }
    };
  });
  return () => run();
}

const callOf = (layer: PlacedLayer): number => layer.calls[0]?.parameters as number;

/** Four matrices as one, over rows of codes; the zero point of the codes is in the products' starts. */
function placeGates(engine: Engine, products: readonly MatrixProduct[], rows: number): PlacedLayer | null {
  const { rows: units, depth } = products[0] as MatrixProduct;
  return placeLayer(engine, {
    inputHeight: 1, inputWidth: rows, inputDepth: depth, outputHeight: 1, outputWidth: rows, kernelHeight: 1, kernelWidth: 1, strideHeight: 1, strideWidth: 1,
    dilationHeight: 1, dilationWidth: 1, padTop: 0, padLeft: 0, isDepthwise: false, groups: 1, depth, isWide: true,
    inputZeroPoint: 0, outputZeroPoint: 0, least: -32768, greatest: 32767,
    weight: (channel, _row, _column, k) => products[Math.floor(channel / units)]?.weights[(channel % units) * depth + k] as number,
    factors: products.flatMap(({ multipliers, shifts, start }) => Array.from(start, (value, row) => ({ multiplier: multipliers[row] as number, shift: shifts[row] as number, start: value }))),
  });
}
