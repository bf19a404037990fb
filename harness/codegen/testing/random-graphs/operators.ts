import { windowAxis } from '../../../numerics/index.ts';
import { Dice, MAX_ELEMENTS, type Activation, type GraphBuilder, type Shape4, type Step } from './builder.ts';

/** Adds an operator to the graph; false where it can't have this input. */
type Add = (graph: GraphBuilder, step: Step, dice: Dice) => boolean;

const fits = (shape: readonly number[]): boolean => shape.every((n) => n > 0) && shape.reduce((product, n) => product * n, 1) <= MAX_ELEMENTS;
const activationOption = (dice: Dice): number => dice.pick([0, 0, 1, 2, 3]);

/** Output scale such that most outputs of a product of `depth` taps neither saturate nor vanish. */
const productScale = (x: Activation, weightScale: number, depth: number, dice: Dice): number => x.scale * weightScale * Math.sqrt(depth) * dice.real(20, 80);

function bias(graph: GraphBuilder, n: number, dice: Dice): string | number {
  return dice.below(4) === 0 ? -1 : graph.hidden({ dtype: 'int32', shape: [n], quantisation: { scale: 1e-4 }, data: Array.from({ length: n }, () => Math.round(dice.real(-4000, 4000))) });
}

const convolution: Add = (graph, { inputs, choices }, dice) => {
  const x = graph.pick(inputs[0]);
  const [n, h, w, c] = x.shape;
  const [kernelHeight, kernelWidth] = [1 + (choices[0] % 5), 1 + (Math.floor(choices[0] / 5) % 4)];
  const [strideHeight, strideWidth] = [1 + (choices[1] % 3), 1 + (Math.floor(choices[1] / 3) % 3)];
  const dilation = choices[1] % 7 === 6 ? 2 : 1;
  const padding = choices[2] % 2;
  const groups = choices[2] % 5 === 4 && c % 2 === 0 ? 2 : 1;
  const channels = groups * (1 + (choices[3] % 9));
  const rows = windowAxis(padding, h, kernelHeight, strideHeight, dilation);
  const columns = windowAxis(padding, w, kernelWidth, strideWidth, dilation);
  const shape: Shape4 = [n, rows.outputSize, columns.outputSize, channels];
  if (!fits(shape)) return false;
  const depth = c / groups;
  const scales = Array.from({ length: channels }, () => dice.real(0.002, 0.02));
  const filter = graph.hidden({ dtype: 'int8', shape: [channels, kernelHeight, kernelWidth, depth], quantisation: { scale: scales, axis: 0 }, data: dice.weights(channels * kernelHeight * kernelWidth * depth) });
  const b = bias(graph, channels, dice);
  const y = graph.activation(shape, productScale(x, 0.01, kernelHeight * kernelWidth * depth, dice), dice.zeroPoint());
  graph.add('CONV_2D', [x.name, filter, b], [y.name], { padding, stride_h: strideHeight, stride_w: strideWidth, dilation_h_factor: dilation, dilation_w_factor: dilation, fused_activation_function: activationOption(dice) });
  return true;
};

const depthwise: Add = (graph, { inputs, choices }, dice) => {
  const x = graph.pick(inputs[0]);
  const [n, h, w, c] = x.shape;
  const [kernelHeight, kernelWidth] = [1 + (choices[0] % 4), 1 + (Math.floor(choices[0] / 4) % 4)];
  const stride = 1 + (choices[1] % 3);
  const padding = choices[2] % 2;
  const multiplier = 1 + (choices[3] % 3);
  const rows = windowAxis(padding, h, kernelHeight, stride);
  const columns = windowAxis(padding, w, kernelWidth, stride);
  const shape: Shape4 = [n, rows.outputSize, columns.outputSize, c * multiplier];
  if (!fits(shape)) return false;
  const scales = Array.from({ length: c * multiplier }, () => dice.real(0.002, 0.02));
  const filter = graph.hidden({ dtype: 'int8', shape: [1, kernelHeight, kernelWidth, c * multiplier], quantisation: { scale: scales, axis: 3 }, data: dice.weights(kernelHeight * kernelWidth * c * multiplier) });
  const b = bias(graph, c * multiplier, dice);
  const y = graph.activation(shape, productScale(x, 0.01, kernelHeight * kernelWidth, dice), dice.zeroPoint());
  graph.add('DEPTHWISE_CONV_2D', [x.name, filter, b], [y.name], { padding, stride_h: stride, stride_w: stride, depth_multiplier: multiplier, fused_activation_function: activationOption(dice) });
  return true;
};

const fullyConnected: Add = (graph, { inputs, choices }, dice) => {
  const x = graph.pick(inputs[0]);
  const [n, h, w, c] = x.shape;
  const depth = choices[0] % 2 === 0 ? c : w * c;
  const rows = (n * h * w * c) / depth;
  const units = 1 + (choices[3] % 12);
  if (!fits([rows, units])) return false;
  const scale = choices[1] % 2 === 0 ? [dice.real(0.002, 0.02)] : Array.from({ length: units }, () => dice.real(0.002, 0.02));
  const filter = graph.hidden({ dtype: 'int8', shape: [units, depth], quantisation: { scale, axis: 0 }, data: dice.weights(units * depth) });
  const b = bias(graph, units, dice);
  const [outputScale, zeroPoint] = [productScale(x, 0.01, depth, dice), dice.zeroPoint()];
  const flat = graph.hidden({ dtype: 'int8', shape: [rows, units], quantisation: { scale: outputScale, zeroPoint } });
  graph.add('FULLY_CONNECTED', [x.name, filter, b], [flat], { fused_activation_function: activationOption(dice) });
  const y = graph.activation([1, 1, rows, units], outputScale, zeroPoint);
  graph.add('RESHAPE', [flat, graph.ints(...y.shape)], [y.name], { new_shape: [...y.shape] });
  return true;
};

const pool = (op: string): Add => (graph, { inputs, choices }, dice) => {
  const x = graph.pick(inputs[0]);
  const [n, h, w, c] = x.shape;
  const [filterHeight, filterWidth] = [1 + (choices[0] % 4), 1 + (choices[1] % 4)];
  const stride = 1 + (choices[2] % 3);
  const padding = choices[3] % 2;
  const shape: Shape4 = [n, windowAxis(padding, h, filterHeight, stride).outputSize, windowAxis(padding, w, filterWidth, stride).outputSize, c];
  if (!fits(shape)) return false;
  const y = graph.activation(shape, x.scale, x.zeroPoint);
  graph.add(op, [x.name], [y.name], { padding, stride_h: stride, stride_w: stride, filter_height: filterHeight, filter_width: filterWidth, fused_activation_function: activationOption(dice) });
  return true;
};

/** A second operand: the same shape if another activation has it, else a constant that is broadcast in some of the axes. */
function operand(graph: GraphBuilder, x: Activation, { inputs, choices }: Step, dice: Dice, same: boolean): { readonly name: string; readonly scale: number } {
  const other = graph.pick(inputs[1]);
  if (other.shape.every((size, axis) => size === x.shape[axis]) && (!same || (other.scale === x.scale && other.zeroPoint === x.zeroPoint))) return other;
  const shape = x.shape.map((size, axis) => ((choices[0] >> axis) % 2 === 0 ? 1 : size));
  const scale = same ? x.scale : dice.real(0.5, 2) * x.scale;
  const elements = shape.reduce((product, size) => product * size, 1);
  const zeroPoint = same ? x.zeroPoint : dice.zeroPoint();
  return { name: graph.hidden({ dtype: 'int8', shape, quantisation: { scale, zeroPoint }, data: Array.from({ length: elements }, () => dice.below(256) - 128) }), scale };
}

const arithmetic = (op: string): Add => (graph, step, dice) => {
  const x = graph.pick(step.inputs[0]);
  const other = operand(graph, x, step, dice, false);
  const scale = op === 'MUL' ? x.scale * other.scale * dice.real(30, 120) : Math.max(x.scale, other.scale) * dice.real(0.7, 2);
  const y = graph.activation(x.shape, scale, dice.zeroPoint());
  graph.add(op, step.choices[1] % 2 === 0 ? [x.name, other.name] : [other.name, x.name], [y.name], { fused_activation_function: activationOption(dice), ...(op === 'MUL' ? {} : { pot_scale_int16: false }) });
  return true;
};

const comparison = (op: string): Add => (graph, step, dice) => {
  const x = graph.pick(step.inputs[0]);
  const other = operand(graph, x, step, dice, true);
  const y = graph.activation(x.shape, x.scale, x.zeroPoint);
  graph.add(op, [x.name, other.name], [y.name]);
  return true;
};

/** Element by element, to a scale and zero point of its own. */
const unary = (op: string, output: (x: Activation, dice: Dice) => { scale: number; zeroPoint: number }, options: Record<string, number> = {}): Add => (graph, { inputs }, dice) => {
  const x = graph.pick(inputs[0]);
  const { scale, zeroPoint } = output(x, dice);
  const y = graph.activation(x.shape, scale, zeroPoint);
  graph.add(op, [x.name], [y.name], options);
  return true;
};
const anyScale = (x: Activation, dice: Dice): { scale: number; zeroPoint: number } => ({ scale: x.scale * dice.real(0.6, 1.6), zeroPoint: dice.zeroPoint() });

const mean: Add = (graph, { inputs, choices }, dice) => {
  const x = graph.pick(inputs[0]);
  const axes = [0, 1, 2, 3].filter((axis) => (choices[0] >> axis) % 2 === 1);
  if (axes.length === 0) axes.push(1, 2);
  const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)) as unknown as Shape4;
  const y = graph.activation(shape, x.scale * dice.real(0.3, 1.2), dice.zeroPoint());
  graph.add('MEAN', [x.name, graph.ints(...axes)], [y.name], { keep_dims: 1 });
  return true;
};

const concatenation: Add = (graph, { inputs, choices }) => {
  const x = graph.pick(inputs[0]);
  const axis = choices[0] % 4;
  const other = graph.pick(inputs[1]);
  const joins = other.scale === x.scale && other.zeroPoint === x.zeroPoint && other.shape.every((size, k) => k === axis || size === x.shape[k]);
  const parts = joins ? [x, other] : [x, x];
  const shape = x.shape.map((size, k) => (k === axis ? parts.reduce((sum, part) => sum + (part.shape[k] ?? 0), 0) : size)) as unknown as Shape4;
  if (!fits(shape)) return false;
  const y = graph.activation(shape, x.scale, x.zeroPoint);
  graph.add('CONCATENATION', parts.map(({ name }) => name), [y.name], { axis });
  return true;
};

const pad: Add = (graph, { inputs, choices }) => {
  const x = graph.pick(inputs[0]);
  const [top, bottom, left, right] = choices.map((n) => n % 3) as [number, number, number, number];
  const shape: Shape4 = [x.shape[0], x.shape[1] + top + bottom, x.shape[2] + left + right, x.shape[3]];
  if (!fits(shape)) return false;
  const paddings = graph.hidden({ dtype: 'int32', shape: [4, 2], data: [0, 0, top, bottom, left, right, 0, 0] });
  const y = graph.activation(shape, x.scale, x.zeroPoint);
  graph.add('PAD', [x.name, paddings], [y.name]);
  return true;
};

const transpose: Add = (graph, { inputs, choices }) => {
  const x = graph.pick(inputs[0]);
  const order = [0, 1, 2, 3];
  for (const [k, choice] of choices.entries()) {
    const other = choice % 4;
    [order[k], order[other]] = [order[other] as number, order[k] as number];
  }
  const y = graph.activation(order.map((axis) => x.shape[axis]) as unknown as Shape4, x.scale, x.zeroPoint);
  graph.add('TRANSPOSE', [x.name, graph.ints(...order)], [y.name]);
  return true;
};

const stridedSlice: Add = (graph, { inputs, choices }) => {
  const x = graph.pick(inputs[0]);
  const begin = x.shape.map((size, axis) => (choices[axis] ?? 0) % size);
  const strides = choices.map((choice) => 1 + (Math.floor(choice / 8) % 2));
  const shape = x.shape.map((size, axis) => Math.ceil((size - (begin[axis] ?? 0)) / (strides[axis] ?? 1))) as unknown as Shape4;
  const y = graph.activation(shape, x.scale, x.zeroPoint);
  graph.add('STRIDED_SLICE', [x.name, graph.ints(...begin), graph.ints(...x.shape), graph.ints(...strides)], [y.name], {});
  return true;
};

const split: Add = (graph, { inputs, choices }) => {
  const x = graph.pick(inputs[0]);
  const axis = x.shape.findIndex((size, k) => k >= choices[0] % 4 && size % 2 === 0);
  if (axis < 0) return false;
  const shape = x.shape.map((size, k) => (k === axis ? size / 2 : size)) as unknown as Shape4;
  const halves = [graph.activation(shape, x.scale, x.zeroPoint), graph.activation(shape, x.scale, x.zeroPoint)];
  graph.add('SPLIT', [graph.scalar(axis), x.name], halves.map(({ name }) => name), { num_splits: 2 });
  return true;
};

const resize: Add = (graph, { inputs, choices }) => {
  const x = graph.pick(inputs[0]);
  const [height, width] = [1 + (choices[0] % 9), 1 + (choices[1] % 9)];
  const shape: Shape4 = [x.shape[0], height, width, x.shape[3]];
  if (!fits(shape)) return false;
  const y = graph.activation(shape, x.scale, x.zeroPoint);
  graph.add(choices[2] % 2 === 0 ? 'RESIZE_NEAREST_NEIGHBOR' : 'RESIZE_BILINEAR', [x.name, graph.ints(height, width)], [y.name], { half_pixel_centers: choices[3] % 2 === 1 });
  return true;
};

/** Every operator that random graphs are made of, the simplest first (a graph shrinks towards it). */
export const OPERATORS: ReadonlyMap<string, Add> = new Map<string, Add>([
  ['RELU', unary('RELU', anyScale)],
  ['ADD', arithmetic('ADD')],
  ['CONV_2D', convolution],
  ['DEPTHWISE_CONV_2D', depthwise],
  ['FULLY_CONNECTED', fullyConnected],
  ['AVERAGE_POOL_2D', pool('AVERAGE_POOL_2D')],
  ['MAX_POOL_2D', pool('MAX_POOL_2D')],
  ['SUB', arithmetic('SUB')],
  ['MUL', arithmetic('MUL')],
  ['MAXIMUM', comparison('MAXIMUM')],
  ['MINIMUM', comparison('MINIMUM')],
  ['MEAN', mean],
  ['CONCATENATION', concatenation],
  ['PAD', pad],
  ['TRANSPOSE', transpose],
  ['STRIDED_SLICE', stridedSlice],
  ['SPLIT', split],
  ['RESIZE', resize],
  ['QUANTIZE', unary('QUANTIZE', anyScale)],
  ['LOGISTIC', unary('LOGISTIC', () => ({ scale: 1 / 256, zeroPoint: -128 }))],
  ['TANH', unary('TANH', () => ({ scale: 1 / 128, zeroPoint: 0 }))],
  ['HARD_SWISH', unary('HARD_SWISH', anyScale)],
  ['LEAKY_RELU', unary('LEAKY_RELU', anyScale, { alpha: 0.25 })],
  ['SOFTMAX', unary('SOFTMAX', () => ({ scale: 1 / 256, zeroPoint: -128 }), { beta: 1 })],
]);
