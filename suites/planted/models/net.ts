import type { GraphDescription, OperatorDescription, TensorDescription } from '../../../harness/model/writer/index.ts';
import { windowAxis } from '../../../harness/numerics/index.ts';
import { seededIntegers } from '../../../harness/reference/fixtures/random.ts';

/** Scale and zero point of an activation. */
export interface Code { readonly scale: number; readonly zeroPoint: number }

/** An activation that was made: its tensor's name and shape. */
export interface Made extends Code { readonly name: string; readonly shape: readonly number[]; readonly dtype: 'int8' | 'int16' }

export interface Weighted {
  readonly channels: number;
  /** Of the output; a scale of 0 is chosen so that codes spread over about half of the range. */
  readonly output?: Partial<Code>;
  /** Schema value of fused_activation_function: 0 none, 1 RELU, 3 RELU6. */
  readonly activation?: number;
  /** Greatest magnitude of the weights' codes, default 127: small ones leave large factors, where rounding shows. */
  readonly reach?: number;
  /** The scales of the weights are multiplied so that codes spread well with the given output scale. */
  readonly fit?: boolean;
  /** One scale a channel, instead of generic ones; a number: one for all. */
  readonly scales?: readonly number[] | number;
  /** Greatest magnitude of bias values as a multiple of the sum's deviation; default 0.7. */
  readonly bias?: number;
  /** Zero point of the weights, which only FULLY_CONNECTED with one scale applies. */
  readonly weightsZeroPoint?: number;
}

export interface Windowed extends Weighted {
  readonly kernel: readonly [number, number];
  readonly stride?: readonly [number, number];
  readonly dilation?: readonly [number, number];
  readonly padding?: 'SAME' | 'VALID';
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Builds a graph operator by operator, with seeded constants. Tensors are called after what makes them: 'conv1', 'add4'. */
export class Net {
  readonly #tensors: TensorDescription[] = [];
  readonly #operators: OperatorDescription[] = [];
  readonly #inputs: string[] = [];
  readonly #next: (least: number, greatest: number) => number;

  constructor(seed: number) {
    this.#next = seededIntegers(seed);
  }

  input(shape: readonly number[], code: Code, dtype: 'int8' | 'int16' = 'int8'): Made {
    const name = `x${this.#inputs.length}`;
    this.#inputs.push(name);
    return this.#activation(name, shape, code, dtype);
  }

  conv(x: Made, layer: Windowed): Made {
    const { kernel, channels } = layer;
    const depth = x.shape[3] as number;
    return this.#window('CONV_2D', x, layer, [channels, ...kernel, depth], 0, product(kernel) * depth, {});
  }

  depthwise(x: Made, layer: Windowed): Made {
    const { kernel, channels } = layer;
    return this.#window('DEPTHWISE_CONV_2D', x, layer, [1, ...kernel, channels], 3, product(kernel), { depth_multiplier: channels / (x.shape[3] as number) });
  }

  fullyConnected(x: Made, layer: Weighted): Made {
    const batches = x.shape[0] as number;
    const depth = product(x.shape) / batches;
    const perChannel = Array.isArray(layer.scales);
    const y = this.#weighted('FULLY_CONNECTED', x, { ...layer, scales: layer.scales ?? 0.0081 }, [layer.channels, depth], 0, depth, [batches, layer.channels]);
    return this.#operator('FULLY_CONNECTED', y.inputs, y.made, { fused_activation_function: layer.activation ?? 0 }, perChannel ? 12 : 4);
  }

  pool(op: 'AVERAGE_POOL_2D' | 'MAX_POOL_2D', x: Made, { kernel, stride = [1, 1], padding = 'SAME', activation = 0 }: Omit<Windowed, 'channels'>): Made {
    const y = this.#activation(this.#name(op), this.#slid(x, kernel, stride, [1, 1], padding, x.shape[3] as number), x, x.dtype);
    return this.#operator(op, [x.name], y, { padding: padding === 'SAME' ? 0 : 1, stride_h: stride[0], stride_w: stride[1], filter_height: kernel[0], filter_width: kernel[1], fused_activation_function: activation });
  }

  elementwise(op: 'ADD' | 'SUB' | 'MUL', a: Made, b: Made, output: Code, activation = 0): Made {
    return this.#operator(op, [a.name, b.name], this.#activation(this.#name(op), a.shape, output, a.dtype), { fused_activation_function: activation });
  }

  /** Operators with a table or a formula, or a copy: nothing but shapes and codes to say. */
  plain(op: string, inputs: readonly Made[], shape: readonly number[], output: Code, options: OperatorDescription['options'] = {}, constants: readonly (readonly [readonly number[], readonly number[]])[] = []): Made {
    const [first] = inputs as [Made];
    const name = this.#name(op);
    const given = constants.map(([dims, data], k) => {
      this.#tensors.push({ name: `${name}.${k}`, dtype: 'int32', shape: dims, data });
      return `${name}.${k}`;
    });
    return this.#operator(op, [...inputs.map((one) => one.name), ...given], this.#activation(name, shape, output, first.dtype), options);
  }

  /** x [batches, steps, inputs] int8; weights per tensor, gates and cell int16. */
  lstm(x: Made, units: number, hidden: Code, cellPower = -11): Made {
    const [batches, steps, inputs] = x.shape as [number, number, number];
    const name = this.#name('LSTM');
    const gates = [0, 1, 2, 3];
    const constant = (letter: string, shape: readonly number[], scale: number, reach: number, dtype: 'int8' | 'int32'): void =>
      void this.#tensors.push({ name: `${name}.${letter}`, dtype, shape, quantisation: { scale }, data: this.#codes(product(shape), reach) });
    for (const g of gates) {
      constant(`w${g}`, [units, inputs], 0.004 * (1 + g / 7), 127, 'int8');
      constant(`r${g}`, [units, units], 0.0041 * (1 + g / 5), 127, 'int8');
      constant(`b${g}`, [units], x.scale * 0.004 * (1 + g / 7), 4000, 'int32');
    }
    this.#tensors.push({ name: `${name}.h`, dtype: 'int8', shape: [batches, units], quantisation: hidden, isVariable: true },
      { name: `${name}.c`, dtype: 'int16', shape: [batches, units], quantisation: { scale: 2 ** cellPower }, isVariable: true });
    const of = (letter: string): string[] => gates.map((g) => `${name}.${letter}${g}`);
    const none = (count: number): number[] => Array.from({ length: count }, () => -1);
    const y = this.#activation(name, [batches, steps, units], hidden, 'int8');
    this.#operators.push({
      op: 'UNIDIRECTIONAL_SEQUENCE_LSTM', inputs: [x.name, ...of('w'), ...of('r'), ...none(3), ...of('b'), ...none(2), `${name}.h`, `${name}.c`, ...none(4)], outputs: [y.name],
      options: { fused_activation_function: 4, cell_clip: 0, time_major: false },
    });
    return y;
  }

  graph(...outputs: readonly Made[]): GraphDescription {
    return { tensors: this.#tensors, operators: this.#operators, inputs: this.#inputs, outputs: outputs.map(({ name }) => name) };
  }

  #name(op: string): string {
    return `${op.toLowerCase()}_${this.#operators.length}`;
  }

  #activation(name: string, shape: readonly number[], { scale, zeroPoint }: Code, dtype: 'int8' | 'int16'): Made {
    this.#tensors.push({ name, dtype, shape, quantisation: { scale, zeroPoint } });
    return { name, shape, dtype, scale: Math.fround(scale), zeroPoint };
  }

  #operator(op: string, inputs: readonly (string | number)[], made: Made, options: OperatorDescription['options'] = {}, version = 1): Made {
    this.#operators.push({ op, inputs, outputs: [made.name], options, version });
    return made;
  }

  #slid(x: Made, kernel: readonly number[], stride: readonly number[], dilation: readonly number[], padding: 'SAME' | 'VALID', channels: number): number[] {
    const side = (axis: number): number => windowAxis(padding === 'SAME' ? 0 : 1, x.shape[axis + 1] as number, kernel[axis] as number, stride[axis] as number, dilation[axis]).outputSize;
    return [x.shape[0] as number, side(0), side(1), channels];
  }

  #window(op: string, x: Made, layer: Windowed, weights: readonly number[], axis: number, depth: number, more: OperatorDescription['options']): Made {
    const { kernel, stride = [1, 1], dilation = [1, 1], padding = 'SAME', activation = 0 } = layer;
    const y = this.#weighted(op, x, layer, weights, axis, depth, this.#slid(x, kernel, stride, dilation, padding, layer.channels));
    return this.#operator(op, y.inputs, y.made, {
      padding: padding === 'SAME' ? 0 : 1, stride_h: stride[0], stride_w: stride[1], dilation_h_factor: dilation[0], dilation_w_factor: dilation[1], fused_activation_function: activation, ...more,
    });
  }

  /** Constants and output of a product. */
  #weighted(op: string, x: Made, layer: Weighted, shape: readonly number[], axis: number, depth: number, out: readonly number[]): { inputs: string[]; made: Made } {
    const { channels, reach = 127, bias = 0.7, output = {}, weightsZeroPoint = 0 } = layer;
    const name = this.#name(op);
    // Generic: no two neighbours alike, none a multiple of another.
    const given = layer.scales ?? Array.from({ length: channels }, (_, c) => 0.0031 * (1 + ((c * 5) % 7) / 6.3));
    const spread = x.dtype === 'int8' ? 60 : 9000;
    const deviation = Math.sqrt(depth) * spread * (reach * 0.58);
    const mean = typeof given === 'number' ? given : given.reduce((a, b) => a + b, 0) / channels;
    const natural = (x.scale * mean * deviation) / (x.dtype === 'int8' ? 55 : 9000);
    const scale = output.scale ?? natural;
    const by = layer.fit === true ? scale / natural : 1;
    const scales = typeof given === 'number' ? given * by : given.map((value) => value * by);
    const quantisation = typeof scales === 'number' ? { scale: scales, zeroPoint: weightsZeroPoint } : { scale: scales, axis };
    this.#tensors.push({ name: `${name}.w`, dtype: 'int8', shape, quantisation, data: this.#codes(product(shape), reach) },
      { name: `${name}.b`, dtype: x.dtype === 'int8' ? 'int32' : 'int64', shape: [channels], quantisation: { scale: typeof scales === 'number' ? x.scale * scales : scales.map((s) => x.scale * s) }, data: this.#codes(channels, Math.round(bias * deviation)) });
    return { inputs: [x.name, `${name}.w`, `${name}.b`], made: this.#activation(name, out, { scale, zeroPoint: output.zeroPoint ?? 0 }, x.dtype) };
  }

  #codes(count: number, reach: number): number[] {
    return Array.from({ length: count }, () => this.#next(-reach, reach));
  }
}
