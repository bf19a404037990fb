import type { Shapes, Work } from './operator-cost.ts';

/** Elements of the output and the shapes of its inputs -> work. */
type Formula = (shapes: Shapes) => Work;

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const option = (shapes: Shapes, name: string): number => {
  const value = shapes.options[name];
  return typeof value === 'number' ? value : 0;
};

/** Filter [out, kh, kw, in/groups]. Each output element: kh * kw * in/groups MACs, and one rescaling. */
const convolution: Formula = (s) => ({ macs: s.outputElements * product(s.input(1).slice(1)), otherOps: s.outputElements });

/** Filter [1, kh, kw, channels]. Each output element: kh * kw MACs, and one rescaling. */
const depthwise: Formula = (s) => ({ macs: s.outputElements * product(s.input(1).slice(1, 3)), otherOps: s.outputElements });

/** Inputs (output shape, filter [out, kh, kw, in], x). Each input element goes into kh * kw * out sums. */
const transposeConvolution: Formula = (s) => ({ macs: s.inputElements(2) * product(s.input(1).slice(0, 3)), otherOps: s.outputElements });

/** Weights [out, in]. Each output element: in MACs, and one rescaling. */
const fullyConnected: Formula = (s) => ({ macs: s.outputElements * (s.input(1)[1] ?? 0), otherOps: s.outputElements });

/** x [..., rows, inner] (adj_x: [..., inner, rows]). Each output element: inner MACs, and one rescaling. */
const batchMatmul: Formula = (s) => ({ macs: s.outputElements * (s.input(0).at(s.options['adj_x'] === true ? -2 : -1) ?? 0), otherOps: s.outputElements });

/**
 * Inputs 1..4 are the input weights of the gates, 5..8 the recurrent ones (1 and 5 omitted: no input gate), 9..11 peepholes,
 * 16 the projection, 18 the hidden state, 19 the cell state. In each step and batch each weight is used in one MAC. Each cell
 * besides: for each gate a sum of two products, a rescaling and an activation (3); for the state two products, a sum and a
 * clamp (4); for the output tanh, product and rescaling (3).
 */
const lstm: Formula = (s) => {
  const [first = 1, second = 1] = s.input(0);
  const timeMajor = s.options['time_major'] === true;
  const [steps, batch] = s.input(0).length < 3 ? [first, 1] : timeMajor ? [first, second] : [second, first];
  const weights = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16].reduce((sum, k) => sum + s.inputElements(k), 0);
  const gates = [1, 2, 3, 4].filter((k) => s.inputElements(k) > 0).length;
  const cells = s.input(2)[0] ?? 0;
  return { macs: steps * batch * weights, otherOps: steps * batch * cells * (3 * gates + 7), steps };
};

/**
 * Inputs (x [batch, in], feature weights [filters, in], time weights [filters, memory]). Each filter: in + memory MACs; the
 * state moves on by one element, which costs no arithmetic.
 */
const svdf: Formula = (s) => {
  const batch = s.input(0)[0] ?? 1;
  return { macs: batch * (s.inputElements(1) + s.inputElements(2)), otherOps: batch * (s.input(1)[0] ?? 0) + s.outputElements };
};

/** Each output element: filter_height * filter_width additions or comparisons, and one rescaling. */
const pool: Formula = (s) => ({ otherOps: s.outputElements * (option(s, 'filter_height') * option(s, 'filter_width') + 1) });

/** Each input element once, each output element once more for its rescaling. */
const reduction: Formula = (s) => ({ otherOps: s.inputElements(0) + s.outputElements });

/** One operation an output element: activations by look-up, comparisons, changes of type. */
const oneEach: Formula = (s) => ({ otherOps: s.outputElements });

/** Quantised sums and products: each operand is rescaled, then the result (operands + 1 operations). */
const arithmetic: Formula = (s) => ({ otherOps: s.outputElements * (s.inputs + 1) });

/** Each element: a comparison (the maximum), a subtraction, an exponential, a division. */
const softmax: Formula = (s) => ({ otherOps: 4 * s.outputElements });

/** Bilinear: each output element from four neighbours. */
const bilinear: Formula = (s) => ({ macs: 4 * s.outputElements, otherOps: s.outputElements });

/** Elements are moved to another place. */
const move: Formula = () => ({});

/** The same elements under another shape: nothing is done where the memory plan shares the buffer. */
const view: Formula = () => ({ moves: false });

const FORMULAS: ReadonlyMap<string, Formula> = new Map<string, Formula>([
  ['CONV_2D', convolution], ['DEPTHWISE_CONV_2D', depthwise], ['TRANSPOSE_CONV', transposeConvolution], ['FULLY_CONNECTED', fullyConnected],
  ['BATCH_MATMUL', batchMatmul], ['UNIDIRECTIONAL_SEQUENCE_LSTM', lstm], ['LSTM', lstm], ['SVDF', svdf],
  ...['AVERAGE_POOL_2D', 'MAX_POOL_2D'].map((name) => [name, pool] as const),
  ...['MEAN', 'SUM', 'REDUCE_MAX', 'REDUCE_MIN', 'REDUCE_PROD', 'ARG_MAX', 'ARG_MIN'].map((name) => [name, reduction] as const),
  ...['ADD', 'SUB', 'MUL', 'DIV', 'MAXIMUM', 'MINIMUM', 'SQUARED_DIFFERENCE', 'ADD_N', 'PRELU'].map((name) => [name, arithmetic] as const),
  ...['RELU', 'RELU6', 'RELU_N1_TO_1', 'RELU_0_TO_1', 'LOGISTIC', 'TANH', 'HARD_SWISH', 'LEAKY_RELU', 'ELU', 'GELU', 'ABS', 'NEG', 'EXP', 'LOG', 'SQRT', 'RSQRT', 'SQUARE',
    'QUANTIZE', 'DEQUANTIZE', 'CAST', 'EQUAL', 'NOT_EQUAL', 'LESS', 'LESS_EQUAL', 'GREATER', 'GREATER_EQUAL', 'SELECT', 'SELECT_V2'].map((name) => [name, oneEach] as const),
  ...['SOFTMAX', 'LOG_SOFTMAX'].map((name) => [name, softmax] as const), ['RESIZE_BILINEAR', bilinear],
  ...['CONCATENATION', 'PAD', 'PADV2', 'MIRROR_PAD', 'SLICE', 'STRIDED_SLICE', 'SPLIT', 'SPLIT_V', 'TRANSPOSE', 'GATHER', 'PACK', 'UNPACK', 'TILE', 'SPACE_TO_DEPTH',
    'DEPTH_TO_SPACE', 'SPACE_TO_BATCH_ND', 'BATCH_TO_SPACE_ND', 'RESIZE_NEAREST_NEIGHBOR', 'BROADCAST_TO', 'REVERSE_V2'].map((name) => [name, move] as const),
  ...['RESHAPE', 'SQUEEZE', 'EXPAND_DIMS', 'SHAPE'].map((name) => [name, view] as const),
]);

/** The formula of an operator, or null where hil has none. */
export function formulaOf(operator: string): Formula | null {
  return FORMULAS.get(operator) ?? null;
}
