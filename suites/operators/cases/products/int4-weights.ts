import type { OperatorCase } from '../../case.ts';
import { denseCase } from './dense.ts';
import type { DenseLayer } from './dense.ts';
import { windowCase } from './window.ts';
import type { WindowLayer } from './window.ts';

const convolutions: WindowLayer[] = [
  { name: '1x1', input: [1, 1, 1, 1], channels: 1, kernel: [1, 1] },
  { name: 'odd-weights', input: [1, 4, 4, 3], channels: 5, kernel: [3, 3], inputZeroPoint: -128, factor: 0.05 },
  { name: 'one-scale', input: [2, 3, 4, 5], channels: 4, kernel: [2, 3], stride: [2, 1], perChannel: false, outputZeroPoint: 17, factor: 0.05 },
  { name: 'grouped', input: [1, 4, 4, 4], channels: 6, kernel: [2, 2], groups: 2, inputZeroPoint: 3, factor: 0.1 },
  { name: 'relu6', input: [1, 3, 3, 16], channels: 3, kernel: [1, 1], activation: 3, factor: 0.01 },
];
const depthwise: WindowLayer[] = [
  { name: '3x3', input: [1, 5, 4, 5], channels: 5, kernel: [3, 3], inputZeroPoint: 9, factor: 0.1 },
  { name: 'multiplier', input: [1, 4, 4, 3], channels: 9, kernel: [2, 2], padding: 'VALID', factor: 0.1 },
  { name: 'seventeen', input: [1, 3, 3, 17], channels: 17, kernel: [3, 3], stride: [2, 2], perChannel: false, outputZeroPoint: -128, factor: 0.1 },
];
const dense: DenseLayer[] = [
  { name: '1x1', depth: 1, channels: 1 },
  { name: 'odd-weights', batches: 2, depth: 7, channels: 3, inputZeroPoint: -7, factor: 0.1 },
  { name: 'sixteen', batches: 1, depth: 16, channels: 17, bias: 'none', factor: 0.05 },
];

export const int4Weights: readonly OperatorCase[] = [
  ...convolutions.map((layer) => windowCase('CONV_2D', { ...layer, int4: true, name: `conv-2d-int4-${layer.name}` })),
  ...depthwise.map((layer) => windowCase('DEPTHWISE_CONV_2D', { ...layer, int4: true, name: `depthwise-conv-2d-int4-${layer.name}` })),
  ...dense.map((layer) => denseCase({ ...layer, int4: true, name: `fully-connected-int4-${layer.name}` })),
];
