import type { EmitContext, LayerCode, LayerPlan } from '../../context.ts';
import type { LstmLayer, LstmProduct } from '../../layers/lstm.ts';
import type { Factor } from '../../layers/products.ts';
import { lstmArguments, lstmCell, lstmComment, lstmShape } from '../portable/lstm.ts';
import { reachOf } from './channels.ts';
import { SUM_BITS } from './convolution.ts';
import { int32Items, wordText } from './factors.ts';
import { excess, fourRows, whole } from './weights.ts';

/** UNIDIRECTIONAL_SEQUENCE_LSTM for 16-bit SIMD; see firmware/kernels/nn_dsp_lstm.h. null for factors or sums out of the ordinary. */
export function lstm(layer: LstmLayer): LayerPlan | null {
  const products = layer.gates.flatMap(({ input, recurrent }) => [input, recurrent]);
  const factors = [...products.map(({ factor }) => factor), layer.forgetTimesCell, layer.inputTimesCell, layer.outputTimesTanh];
  if (!factors.every(({ multiplier, shift }) => multiplier !== 0 && shift <= -1 && shift >= -30)) return null;
  if (!products.every((product) => sumsFit(product, layer.units))) return null;
  const words: number[] = [];
  const starts: number[] = [];
  for (let unit = 0; unit < layer.units; unit += 1) {
    for (const kind of ['input', 'recurrent'] as const) {
      const rows = layer.gates.map((gate) => rowOf(gate[kind], unit));
      const woven = fourRows(rows);
      if (woven === null) return null;
      words.push(...woven);
      starts.push(...layer.gates.map((gate, k) => 256 * (gate[kind].bias[unit] ?? 0) - excess(whole(rows[k] ?? new Int8Array(0)))));
    }
  }
  return { scratchBytes: 0, emit: (context) => emit(layer, words, starts, context) };
}

const rowOf = ({ weights, columns }: LstmProduct, unit: number): Int8Array => weights.subarray(unit * columns, (unit + 1) * columns);

/** nn_dsp_dot.h keeps sums of so many bits. */
function sumsFit(product: LstmProduct, units: number): boolean {
  const limit = 2 ** (SUM_BITS - 1);
  return Array.from({ length: units }, (_, unit) => reachOf(rowOf(product, unit), product.bias[unit] ?? 0, 0, true))
    .every(({ least, greatest }) => least >= -limit && greatest < limit);
}

/** nn_dsp_factor */
const factorText = ({ multiplier, shift }: Factor): string => `{${2 * multiplier - 2 ** 32}, ${2 ** (-shift - 1)}, ${-shift}}`;

function emit(layer: LstmLayer, words: readonly number[], starts: readonly number[], context: EmitContext): LayerCode {
  const { operator, gates } = layer;
  const w = context.constants.add(`layer${operator.index}_weights`, 'uint32_t', `weights of layer ${operator.index}, the four gates of a unit together`, words.map(wordText));
  const s = context.constants.add(`layer${operator.index}_starts`, 'int32_t', `starts of the sums of layer ${operator.index} in the order of the weights`, int32Items(starts));
  return {
    comment: lstmComment(layer),
    body: [
      'static const nn_dsp_lstm layer = {',
      ...lstmShape(layer),
      `  .weights = ${w}, .starts = ${s},`,
      `  .input_factors = {${gates.map(({ input }) => factorText(input.factor)).join(', ')}},`,
      `  .recurrent_factors = {${gates.map(({ recurrent }) => factorText(recurrent.factor)).join(', ')}},`,
      ...lstmCell(layer, factorText, context),
      '};',
      `nn_dsp_run_lstm(&layer, ${lstmArguments(layer, context)});`,
    ],
    state: [layer.hidden.index, layer.cell.index],
    headers: ['nn_dsp_lstm.h'],
  };
}
