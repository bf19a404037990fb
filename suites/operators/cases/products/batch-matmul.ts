import type { OperatorCase } from '../../case.ts';

interface Multiplication {
  readonly name: string;
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly output: readonly number[];
  readonly adjX?: boolean;
  readonly adjY?: boolean;
  readonly zeroPoints?: readonly [number, number, number];
  readonly outputScale?: number;
  /** The right operand is constant. */
  readonly constant?: boolean;
}

type Type = 'int8' | 'int16' | 'float32';

function matmulCase(dtype: Type, { name, left, right, output, adjX = false, adjY = false, zeroPoints = [0, 0, 0], outputScale, constant = false }: Multiplication): OperatorCase {
  const depth = left.at(adjX ? -2 : -1) as number;
  const spread = dtype === 'int8' ? (74 * 74) / 60 : (18900 * 18900) / 12000;
  const scales = [0.05, 0.013, outputScale ?? 0.05 * 0.013 * Math.sqrt(depth) * spread];
  const tensor = (role: string, shape: readonly number[], i: 0 | 1 | 2) =>
    ({ name: role, dtype, shape, ...(dtype === 'float32' ? {} : { quantisation: { scale: scales[i] as number, ...(dtype === 'int8' && zeroPoints[i] !== 0 ? { zeroPoint: zeroPoints[i] } : {}) } }) });
  const elements = right.reduce((a, b) => a * b, 1);
  return {
    name: `batch-matmul-${dtype}-${name}`, op: 'BATCH_MATMUL',
    model: {
      tensors: [tensor('a', left, 0), { ...tensor('b', right, 1), ...(constant ? { data: Array.from({ length: elements }, (_, i) => ((i * 89) % 255) - 127) } : {}) }, tensor('y', output, 2)],
      operators: [{ op: 'BATCH_MATMUL', version: 4, inputs: ['a', 'b'], outputs: ['y'], options: { adj_x: adjX, adj_y: adjY } }],
      inputs: constant ? ['a'] : ['a', 'b'], outputs: ['y'],
    },
  };
}

const shapes: Multiplication[] = [
  { name: '1x1', left: [1, 1], right: [1, 1], output: [1, 1] },
  { name: 'plain', left: [3, 5], right: [5, 4], output: [3, 4] },
  { name: 'adj-x', left: [5, 3], right: [5, 4], output: [3, 4], adjX: true },
  { name: 'adj-y', left: [3, 5], right: [4, 5], output: [3, 4], adjY: true },
  { name: 'adj-both', left: [5, 3], right: [4, 5], output: [3, 4], adjX: true, adjY: true },
  { name: 'batches', left: [2, 3, 5], right: [2, 5, 4], output: [2, 3, 4] },
  { name: 'batches-adj-both', left: [2, 5, 3], right: [2, 4, 5], output: [2, 3, 4], adjX: true, adjY: true },
  { name: 'broadcast-right', left: [3, 2, 4], right: [4, 3], output: [3, 2, 3] },
  { name: 'broadcast-right-one', left: [3, 2, 4], right: [1, 4, 3], output: [3, 2, 3] },
  { name: 'broadcast-right-adj-x', left: [3, 4, 2], right: [1, 4, 3], output: [3, 2, 3], adjX: true },
  { name: 'broadcast-left', left: [2, 4], right: [3, 4, 3], output: [3, 2, 3] },
  { name: 'broadcast-left-adj-y', left: [1, 2, 4], right: [3, 3, 4], output: [3, 2, 3], adjY: true },
  { name: 'broadcast-crossed', left: [2, 1, 2, 3], right: [1, 3, 3, 2], output: [2, 3, 2, 2] },
  { name: 'broadcast-inner', left: [2, 3, 2, 3], right: [2, 1, 3, 2], output: [2, 3, 2, 2] },
  { name: 'broadcast-ranks', left: [2, 3, 2, 3], right: [3, 3, 2], output: [2, 3, 2, 2] },
  { name: 'five-axes', left: [2, 1, 2, 2, 3], right: [1, 2, 2, 3, 2], output: [2, 2, 2, 2, 2] },
  { name: 'depth-17', left: [2, 17], right: [17, 3], output: [2, 3] },
  { name: 'constant', left: [2, 2, 3], right: [3, 4], output: [2, 2, 4], constant: true },
  { name: 'constant-adj-y', left: [2, 2, 3], right: [4, 3], output: [2, 2, 4], constant: true, adjY: true },
];
const ends = [-128, 127].flatMap((a) => [-128, 127].flatMap((b) => [-128, 127].map((y): Multiplication => ({ name: `zero-points${a}${b}${y}`, left: [3, 4], right: [4, 5], output: [3, 5], zeroPoints: [a, b, y] }))));
const shifts = (from: number, to: number): Multiplication[] => Array.from({ length: to - from + 1 }, (_, i) => ({ name: `shift${from + i}`, left: [3, 4], right: [4, 3], output: [3, 3], outputScale: (0.05 * 0.013) / (0.76 * 2 ** (from + i)) }));

export const batchMatmul: readonly OperatorCase[] = [
  ...[...shapes, ...ends, ...shifts(-31, 10)].map((one) => matmulCase('int8', one)),
  ...[...shapes, ...shifts(-31, 7)].map((one) => matmulCase('int16', one)),
  ...shapes.map((one) => matmulCase('float32', one)),
];
