import type { DType } from '../../../../harness/model/graph.ts';
import type { TensorDescription } from '../../../../harness/model/writer/index.ts';
import { seededIntegers } from '../../../../harness/reference/fixtures/random.ts';

export type Activations = 'int8' | 'int16' | 'float32';
export type BiasType = 'int32' | 'int64' | 'float32' | 'none';

/** Numbers that every product has; what is not given is drawn or chosen so that outputs spread over their range. */
export interface Arithmetic {
  readonly dtype?: Activations;
  /** Default int32, int64 or float32 by `dtype`. */
  readonly bias?: BiasType;
  /** Greatest magnitude of bias values. */
  readonly biasReach?: number;
  /** A scale a channel (default) or one for all. */
  readonly perChannel?: boolean;
  readonly inputZeroPoint?: number;
  readonly outputZeroPoint?: number;
  /** Value of fused_activation_function. */
  readonly activation?: number;
  /** Input scale times weight scale over output scale, for all channels. */
  readonly factor?: number;
  /** Codes of all weights, instead of random ones. */
  readonly weight?: number;
  /** Weights of 4 bits, two a byte. */
  readonly int4?: boolean;
}

export interface Operands {
  readonly input: TensorDescription;
  readonly weights: TensorDescription;
  readonly bias: readonly TensorDescription[];
  readonly output: TensorDescription;
}

export interface Shapes {
  readonly input: readonly number[];
  readonly weights: readonly number[];
  readonly output: readonly number[];
  readonly channels: number;
  readonly channelAxis: number;
  /** Products summed for one output. */
  readonly depth: number;
}

const INPUT_SCALE = 0.05;
const WEIGHT_SCALE = 0.01;
/** Root mean square of uniform codes. */
const SPREAD = { int8: 74, int16: 18900, float32: 1 } as const;
/** FNV-1a of the name, for the seed. */
const seedOf = (text: string): number => [...text].reduce((hash, char) => Math.imul(hash ^ char.charCodeAt(0), 0x01000193), 0x811c9dc5);
const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Tensors x, w, b and y of a product, seeded by the case's name. */
export function operands(name: string, shapes: Shapes, arithmetic: Arithmetic): Operands {
  const { dtype = 'int8', perChannel = true, inputZeroPoint = 0, outputZeroPoint = 0, factor, weight } = arithmetic;
  const integers = seededIntegers(seedOf(name));
  const next = (): number => integers(0, 2 ** 24 - 1) / 2 ** 24;
  const codes = Array.from({ length: product(shapes.weights) }, () => weight ?? (next() < 0.05 ? (next() < 0.5 ? -127 : 127) : Math.round((next() - 0.5) * 254)));
  if (dtype === 'float32') return floats(shapes, arithmetic, codes, next);
  const deviation = Math.sqrt(shapes.depth) * SPREAD[dtype] * SPREAD.int8;
  const outputScale = factor === undefined ? (INPUT_SCALE * WEIGHT_SCALE * deviation) / (dtype === 'int8' ? 60 : 12000) : 1;
  const weightScale = factor === undefined ? WEIGHT_SCALE : factor / INPUT_SCALE;
  const scale = perChannel ? Array.from({ length: shapes.channels }, (_, i) => weightScale * (factor === undefined ? 0.5 + ((i * 7) % 5) / 4 : 1)) : weightScale;
  const activations = (tensor: string, shape: readonly number[], value: number, zeroPoint: number): TensorDescription =>
    ({ name: tensor, dtype, shape, quantisation: { scale: value, ...(zeroPoint === 0 ? {} : { zeroPoint }) } });
  return {
    input: activations('x', shapes.input, INPUT_SCALE, inputZeroPoint),
    weights: {
      name: 'w', dtype: arithmetic.int4 === true ? 'int4' : 'int8', shape: shapes.weights, quantisation: { scale, axis: shapes.channelAxis },
      data: arithmetic.int4 === true ? packInt4(codes) : codes,
    },
    bias: bias(shapes.channels, arithmetic, dtype === 'int8' ? 'int32' : 'int64', deviation, next, INPUT_SCALE * weightScale),
    output: activations('y', shapes.output, outputScale, outputZeroPoint),
  };
}

/** The upper halves of the codes, so that -8 is among them; the lower half of a byte comes first. */
function packInt4(codes: readonly number[]): Uint8Array {
  const nibble = (i: number): number => ((codes[i] ?? 0) >> 4) & 15;
  return Uint8Array.from({ length: Math.ceil(codes.length / 2) }, (_, i) => nibble(2 * i) | (nibble(2 * i + 1) << 4));
}

function floats(shapes: Shapes, arithmetic: Arithmetic, codes: readonly number[], next: () => number): Operands {
  const plain = (name: string, shape: readonly number[]): TensorDescription => ({ name, dtype: 'float32', shape });
  return {
    input: plain('x', shapes.input),
    weights: { ...plain('w', shapes.weights), data: codes.map((code) => Math.fround(code / 61)) },
    bias: bias(shapes.channels, arithmetic, 'float32', 1, next, 0),
    output: plain('y', shapes.output),
  };
}

function bias(channels: number, { bias: type, biasReach }: Arithmetic, fallback: BiasType, deviation: number, next: () => number, scale: number): TensorDescription[] {
  const dtype = type ?? fallback;
  if (dtype === 'none') return [];
  const reach = biasReach ?? deviation;
  const values = Array.from({ length: channels }, () => (next() - 0.5) * 2 * reach);
  if (dtype === 'float32') return [{ name: 'b', dtype, shape: [channels], data: values.map(Math.fround) }];
  return [{ name: 'b', dtype: dtype as DType, shape: [channels], quantisation: { scale }, data: values.map(Math.round) }];
}
