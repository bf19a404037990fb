import type { Tensor } from '../../../../model/index.ts';
import type { Operand, OperatorContext } from '../../../context.ts';

/** Positions of the inputs. (TFLM micro/kernels/svdf_common.cc) */
const FEATURE_WEIGHTS = 1;
const TIME_WEIGHTS = 2;
const BIAS = 3;
const STATE = 4;

export interface SvdfOperands {
  /** [batches, depth] */
  readonly input: Operand;
  /** [filters, depth] */
  readonly feature: Operand;
  /** [filters, memory] */
  readonly time: Operand;
  /** [units] */
  readonly bias: Operand;
  /** [batches, filters * memory] */
  readonly state: Operand;
  /** [batches, units] */
  readonly output: Operand;
  readonly batches: number;
  readonly depth: number;
  readonly filters: number;
  readonly memory: number;
  readonly rank: number;
  readonly units: number;
}

/**
 * Operands and sizes of an SVDF, whatever its types. (TFLM micro/kernels/svdf_common.cc, PrepareSvdf)
 * @throws HilError 'config' reference.unsupported
 */
export function readOperands(context: OperatorContext): SvdfOperands {
  const { operator } = context;
  context.require(operator.inputs.length === 5, `${operator.inputs.length} inputs, not 5`);
  const input = context.input(0, 'input');
  const feature = context.input(FEATURE_WEIGHTS, 'feature weights');
  const time = context.input(TIME_WEIGHTS, 'time weights');
  // Optional in the schema, but TFLM reads it without asking.
  const bias = context.input(BIAS, 'bias');
  const state = context.input(STATE, 'state');
  const output = context.output();
  for (const [what, { tensor }] of [['input', input], ['feature weights', feature], ['time weights', time], ['state', state], ['output', output]] as const) {
    context.require(tensor.shape.length === 2 && tensor.elements > 0, `${what} [${tensor.shape.join()}], not two axes`);
  }
  for (const each of [feature, time, bias]) context.require(each.tensor.data !== null, 'weights and bias must be constant');
  context.require(state.tensor.isVariable, 'the state is no variable tensor');
  const [batches, depth] = input.tensor.shape as [number, number];
  const [filters, memory] = time.tensor.shape as [number, number];
  const rank = Number(operator.options.rank);
  context.require(rank > 0 && filters % rank === 0, `${filters} filters of rank ${rank}`);
  const units = filters / rank;
  const expect = (tensor: Tensor, what: string, shape: readonly number[]): void => {
    context.require(tensor.shape.join() === shape.join(), `${what} [${tensor.shape.join()}], not [${shape.join()}]`);
  };
  expect(feature.tensor, 'feature weights', [filters, depth]);
  expect(state.tensor, 'state', [batches, filters * memory]);
  expect(output.tensor, 'output', [batches, units]);
  expect(bias.tensor, 'bias', [units]);
  return { input, feature, time, bias, state, output, batches, depth, filters, memory, rank, units };
}
