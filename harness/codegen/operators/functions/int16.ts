import type { Tensor } from '../../../model/graph.ts';
import { absFactor, CURVE_SCALE, curveInput, INT16, INT16_FUNCTIONS, leakyFactors, reluRescaling } from '../../../numerics/codes/index.ts';
import type { CodeForm } from '../../../numerics/codes/index.ts';
import { quantizeMultiplier, SIGMOID_TABLE } from '../../../numerics/index.ts';
import type { QuantizedMultiplier } from '../../../numerics/index.ts';
import type { LayerPlan } from '../../context.ts';
import { factorText } from '../../quantised.ts';
import { elementPlan } from '../elements.ts';

type Plan16 = (form: CodeForm, input: Tensor, output: Tensor) => LayerPlan;

const ONE: QuantizedMultiplier = quantizeMultiplier(1);

/** Values of nn_rescale16's `turns`. */
const Turns = { none: 0, values: 1, results: 2 } as const;

interface Rescale16 {
  readonly positive: QuantizedMultiplier;
  readonly negative: QuantizedMultiplier;
  readonly turns: number;
  readonly least?: number;
}

const rescale16 = (parameters: (form: CodeForm) => Rescale16): Plan16 => (form, input, output) => {
  const { positive, negative, turns, least = INT16.least } = parameters(form);
  return elementPlan(input, output, [], (from, to) => ({
    body: [
      'static const nn_rescale16 layer = {',
      `  .elements = ${output.elements}, .zero_in = ${form.input.zeroPoint}, .zero_out = ${form.output.zeroPoint}, .low = ${least}, .high = 32767,`,
      `  .positive = ${factorText(positive)}, .negative = ${factorText(negative)}, .turns = ${turns},`,
      '};',
      `nn_run_rescale16(&layer, ${from}, ${to});`,
    ],
    headers: ['nn_rescale16.h'],
  }));
};

const curve16 = (kernel: 'sigmoid' | 'tanh', powers: readonly number[]): Plan16 => (form, input, output) => {
  const { multiplier, shift } = curveInput(form, powers);
  return elementPlan(input, output, [], (from, to, { constants }) => {
    const table = constants.addTable('sigmoid', 'uint16_t', 'about 65536 * sigmoid(i / 24)', Array.from(SIGMOID_TABLE, String));
    return { body: [`nn_run_${kernel}16(${table}, ${multiplier}, ${shift}, ${output.elements}, ${from}, ${to});`], headers: ['nn_sigmoid16.h'] };
  });
};

/** Codes between those of 0 and 6, which are what the function makes of the ends of int16. */
const relu6: Plan16 = (form, input, output) => {
  const f = INT16_FUNCTIONS['RELU6']?.(form) ?? ((code) => code);
  return elementPlan(input, output, [], (from, to) => ({ body: [`nn_run_clamp16(${f(-32768)}, ${f(32767)}, ${output.elements}, ${from}, ${to});`], headers: ['nn_clamp.h'] }));
};

/** Operators on int16 codes by schema name; all throw UnsupportedForm where there is no exact C. */
export const PLANS16: Readonly<Record<string, Plan16>> = {
  ABS: rescale16((form) => {
    const factor = absFactor(form, INT16) ?? ONE;
    return { positive: factor, negative: factor, turns: Turns.values };
  }),
  LEAKY_RELU: rescale16((form) => {
    const { identity, alpha, isNegative } = leakyFactors(form);
    return { positive: identity, negative: alpha, turns: isNegative ? Turns.results : Turns.none };
  }),
  LOGISTIC: curve16('sigmoid', CURVE_SCALE.logistic),
  RELU: rescale16((form) => {
    const { factor, least } = reluRescaling(form, INT16);
    return { positive: factor, negative: factor, turns: Turns.none, least };
  }),
  RELU6: relu6,
  TANH: curve16('tanh', CURVE_SCALE.tanh),
};
