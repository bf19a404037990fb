import type { EmitContext, LayerCode, OperatorGenerator } from '../context.ts';
import type { Operator } from '../../model/graph.ts';
import { activationRange, productMultiplier } from '../../numerics/index.ts';
import { asInt32, asInt8, foldBias, int32Items, int8Items, requantText } from '../quantised.ts';
import { describe, inputTensor, int8Activation, need, optionalInput, outputTensor } from './refusal.ts';

/** FULLY_CONNECTED with constant int8 weights, per tensor or per channel; see firmware/kernels/nn_fully_connected.h. */
export const fullyConnected: OperatorGenerator = { op: 'FULLY_CONNECTED', kernel: 'nn_fully_connected.h', emit };

function emit(operator: Operator, context: EmitContext): LayerCode {
  const { graph, constants } = context;
  const rounding = context.rounding(operator);
  const input = inputTensor(graph, operator, 0);
  const weights = inputTensor(graph, operator, 1);
  const bias = optionalInput(graph, operator, 2);
  const output = outputTensor(graph, operator);
  const x = int8Activation(input, 'input');
  const y = int8Activation(output, 'output');
  need(weights.dtype === 'int8', `weights are ${weights.dtype}; only int8 is supported`);
  need(weights.data !== null, 'weights are not constant');
  need(weights.shape.length === 2, 'weights must have two dimensions');
  need((operator.options['weights_format'] ?? 0) === 0, 'shuffled weights are not supported');
  const [outputs = 0, inputs = 0] = weights.shape;
  need(outputs > 0 && inputs > 0, 'weights are empty');
  need(input.elements % inputs === 0, 'the input is no multiple of a row of weights');
  const batches = input.elements / inputs;
  need(output.elements === batches * outputs, 'the output does not fit the input and the weights');
  if (bias !== null) {
    need(bias.dtype === 'int32' && bias.data !== null, 'the bias must be constant int32');
    need(bias.elements === outputs, 'the bias does not have one value an output');
  }
  const scales = weights.quantisation?.scale ?? [];
  need(scales.length === 1 || scales.length === outputs, 'weights need one scale, or one an output');
  need(scales.length === 1 || weights.quantisation?.axis === 0, 'weights are quantised along another axis than the outputs');
  need((weights.quantisation?.zeroPoint ?? []).every((z) => z === 0), 'weights with a zero point are not supported');
  const arithmetic = scales.length === 1 ? rounding.scales : rounding.channelScales;
  const factors = scales.map((scale, row) => requantText(productMultiplier(x.scale, Math.fround(scale), y.scale, arithmetic), `the output factor ${row}`));

  const rows = asInt8(weights.data);
  const folded = foldBias(rows, outputs, inputs, bias?.data == null ? null : asInt32(bias.data), x.zeroPoint);
  const activation = Number(operator.options['fused_activation_function'] ?? 0);
  const bounds = activationRange(activation, y.scale, y.zeroPoint, -128, 127);
  need(bounds !== null, `fused activation ${activation} is not supported`);
  const { least, greatest } = bounds;
  const layer = `layer${operator.index}`;
  const w = constants.add(`t${weights.index}`, 'int8_t', `weights of layer ${operator.index} [${outputs}, ${inputs}]`, int8Items(rows));
  const b = constants.add(`${layer}_bias`, 'int32_t', `bias of layer ${operator.index}, input zero point folded in`, int32Items(folded));
  const q = constants.add(`${layer}_requant`, 'nn_requant', `output factors of layer ${operator.index}`, factors);
  return {
    comment: [
      describe('input', input),
      describe('weights', weights),
      ...(bias === null ? ['  no bias'] : [describe('bias', bias)]),
      describe('output', output),
      `  ${outputs * inputs * batches} multiply-adds, output codes limited to ${least}..${greatest}`,
    ],
    body: [
      'static const nn_fully_connected layer = {',
      `  .batches = ${batches}, .inputs = ${inputs}, .outputs = ${outputs},`,
      `  .weights = ${w}, .bias = ${b},`,
      `  .requant = ${q}, .requant_step = ${factors.length === 1 ? 0 : 1},`,
      `  .zero_point = ${y.zeroPoint}, .low = ${least}, .high = ${greatest},`,
      '};',
      `nn_run_fully_connected(&layer, ${context.pointer(input)}, ${context.pointer(output)});`,
    ],
    state: [],
  };
}
