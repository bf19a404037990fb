import type { GraphDescription } from '../../../harness/model/writer/index.ts';
import { Net } from './net.ts';

/** Convolution with odd padding, two branches that meet in an ADD, pools, a classifier. Odd sizes everywhere. */
export function branch(): GraphDescription {
  const net = new Net(11);
  const x = net.input([1, 9, 7, 6], { scale: 0.047, zeroPoint: -9 });
  const a = net.conv(x, { channels: 7, kernel: [3, 4], stride: [2, 1], activation: 1, bias: 1.6, output: { zeroPoint: -83 } });
  const b = net.depthwise(a, { channels: 7, kernel: [2, 3], activation: 3, output: { scale: 0.043, zeroPoint: -70 }, scales: [0.004, 0.0061, 0.0047, 0.0083, 0.0052, 0.0069, 0.0038], reach: 60 });
  const c = net.conv(a, { channels: 7, kernel: [1, 1], output: { zeroPoint: 6 } });
  const d = net.elementwise('ADD', b, c, { scale: c.scale * 0.8, zeroPoint: -37 }, 1);
  const e = net.pool('AVERAGE_POOL_2D', d, { kernel: [3, 2], stride: [2, 1] });
  const f = net.pool('MAX_POOL_2D', e, { kernel: [2, 3], stride: [1, 2] });
  const g = net.fullyConnected(f, { channels: 21, bias: 1.6, scales: Array.from({ length: 21 }, (_, k) => 3 + ((k * 4) % 9)), output: { scale: 0.031, zeroPoint: 13 }, fit: true });
  return net.graph(net.plain('SOFTMAX', [g], [1, 21], { scale: 1 / 256, zeroPoint: -128 }, { beta: 1 }));
}
