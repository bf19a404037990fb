import type { Operator, Tensor } from '../../../model/graph.ts';
import { floatActivationRange, productMultiplier } from '../../../numerics/index.ts';
import { floatText } from '../../constants.ts';
import type { EmitContext, LayerCode, LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { asInt16, asInt32, asInt8, foldBias, int32Items, requantText } from '../../quantised.ts';
import { describe, inputTensor, int8Activation, need, outputTensor, perTensor } from '../refusal.ts';

/** SVDF; rules in firmware/kernels/nn_svdf.h. */
export const svdf: OperatorGenerator = {
  op: 'SVDF',
  supports: 'int8 with int8 or int16 state and time weights and a bias; float32',
  types: ['int8', 'float32'],
  plan,
};

interface SvdfLayer {
  readonly operator: Operator;
  readonly input: Tensor;
  readonly feature: Tensor;
  readonly time: Tensor;
  readonly bias: Tensor;
  readonly state: Tensor;
  readonly output: Tensor;
  readonly batches: number;
  readonly inputs: number;
  readonly units: number;
  readonly rank: number;
  readonly memory: number;
}

function plan(operator: Operator, context: PlanContext): LayerPlan {
  const layer = read(operator, context);
  const { dtype } = layer.input;
  need(dtype === 'int8' || dtype === 'float32', `input is ${dtype}; int8 and float32 are supported`);
  return { scratchBytes: 0, emit: dtype === 'int8' ? planInteger(layer, context) : planFloat(layer) };
}

function read(operator: Operator, { graph }: PlanContext): SvdfLayer {
  const [input, feature, time, bias, state] = [0, 1, 2, 3, 4].map((slot) => inputTensor(graph, operator, slot)) as [Tensor, Tensor, Tensor, Tensor, Tensor];
  const output = outputTensor(graph, operator);
  for (const [what, tensor] of [['weights', feature], ['time weights', time], ['the bias', bias]] as const) need(tensor.data !== null, `${what} must be constant`);
  need(state.isVariable, 'the state is no variable tensor');
  need([input, feature, time, state, output].every(({ shape, elements }) => shape.length === 2 && elements > 0), 'tensors must have two dimensions');
  const [batches = 0, inputs = 0] = input.shape;
  const [filters = 0, memory = 0] = time.shape;
  const rank = Number(operator.options['rank'] ?? 0);
  need(rank > 0 && filters % rank === 0, `${filters} filters are no multiple of rank ${rank}`);
  const units = filters / rank;
  const fits = [[feature, filters, inputs], [state, batches, filters * memory], [output, batches, units]] as const;
  need(fits.every(([tensor, rows, columns]) => tensor.shape[0] === rows && tensor.shape[1] === columns) && bias.elements === units, 'weights, bias, state and output do not fit each other');
  return { operator, input, feature, time, bias, state, output, batches, inputs, units, rank, memory };
}

const sizes = ({ batches, inputs, units, rank, memory }: SvdfLayer): string => `  .batches = ${batches}, .inputs = ${inputs}, .units = ${units}, .rank = ${rank}, .memory = ${memory},`;
const comment = (layer: SvdfLayer): string[] => [
  describe('input', layer.input), describe('feature', layer.feature), describe('time', layer.time), describe('bias', layer.bias), describe('state', layer.state),
  describe('output', layer.output), `  ${layer.units} units of rank ${layer.rank}, ${layer.memory} steps of memory; the state persists until reset`,
];

function planInteger(layer: SvdfLayer, context: PlanContext): LayerPlan['emit'] {
  const { operator, input, feature, time, bias, state, output, units, rank, memory, inputs } = layer;
  const { dtype } = state;
  need((dtype === 'int8' || dtype === 'int16') && time.dtype === dtype, `state is ${dtype}, time weights are ${time.dtype}; both int8 or both int16 are supported`);
  need(feature.dtype === 'int8' && bias.dtype === 'int32', 'weights must be int8 and the bias int32');
  const [x, y] = [int8Activation(input, 'input'), int8Activation(output, 'output')];
  const [f, t, s] = [perTensor(feature, 'weights'), perTensor(time, 'time weights'), perTensor(state, 'state')];
  const { scales } = context.rounding(operator);
  const toState = requantText(productMultiplier(x.scale, f.scale, s.scale, scales), 'the factor of features');
  const toOutput = requantText(productMultiplier(s.scale, t.scale, y.scale, scales), 'the factor of the output');
  const featureBias = foldBias(asInt8(feature.data as Uint8Array), units * rank, inputs, null, x.zeroPoint);
  const weights = dtype === 'int8' ? asInt8(time.data as Uint8Array) : asInt16(time.data as Uint8Array);
  const folded = Array.from(asInt32(bias.data as Uint8Array), (start, unit) => {
    const sum = Array.from<number>(weights.subarray(unit * rank * memory, (unit + 1) * rank * memory)).reduce((total, w) => total + w, 0);
    // Sums of the kernel wrap, so may this one.
    return (start - s.zeroPoint * sum) | 0;
  });
  return (emitted: EmitContext): LayerCode => {
    const { constants } = emitted;
    const prefix = `layer${operator.index}`;
    return {
      comment: comment(layer),
      body: [
        'static const nn_svdf layer = {',
        sizes(layer),
        `  .feature = ${emitted.operand(feature)},`,
        `  .feature_bias = ${constants.add(`${prefix}_feature_bias`, 'int32_t', `input zero point of layer ${operator.index} folded`, int32Items(featureBias))},`,
        `  .bias = ${constants.add(`${prefix}_bias`, 'int32_t', `bias of layer ${operator.index}, state zero point folded in`, int32Items(folded))},`,
        `  .to_state = ${toState}, .to_output = ${toOutput},`,
        `  .state_zero_point = ${s.zeroPoint}, .zero_point = ${y.zeroPoint},`,
        '};',
        `nn_run_svdf_${dtype}(&layer, ${emitted.operand(time)}, ${emitted.pointer(input)}, ${emitted.pointer(state)}, ${emitted.pointer(output)});`,
      ],
      state: [state.index],
      headers: ['nn_svdf.h'],
    };
  };
}

function planFloat(layer: SvdfLayer): LayerPlan['emit'] {
  const { operator, input, feature, time, bias, state, output } = layer;
  need([feature, time, bias, state, output].every(({ dtype }) => dtype === 'float32'), 'float32 input, other types beside it');
  const activation = Number(operator.options['fused_activation_function'] ?? 0);
  const range = floatActivationRange(activation);
  need(range !== null, `fused activation ${activation} is not supported`);
  const bound = (value: number, infinity: string): string => (activation === 0 ? infinity : floatText(value));
  return (emitted) => ({
    comment: comment(layer),
    body: [
      'static const nn_svdf_float layer = {',
      sizes(layer),
      `  .feature = ${emitted.operand(feature)}, .time = ${emitted.operand(time)}, .bias = ${emitted.operand(bias)},`,
      `  .low = ${bound(range.least, floatText(-Infinity))}, .high = ${bound(range.greatest, floatText(Infinity))},`,
      '};',
      `nn_run_svdf_float(&layer, ${emitted.pointer(input)}, ${emitted.pointer(state)}, ${emitted.pointer(output)});`,
    ],
    state: [state.index],
    headers: ['nn_svdf.h'],
  });
}
