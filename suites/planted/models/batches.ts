import type { GraphDescription } from '../../../harness/model/writer/index.ts';
import { Net } from './net.ts';

/** Two and three images at once. */
export function batches(): GraphDescription {
  const net = new Net(41);
  const x = net.input([3, 5, 4, 4], { scale: 0.05, zeroPoint: -3 });
  const a = net.conv(x, { channels: 5, kernel: [2, 3], output: { zeroPoint: 4 } });
  const b = net.depthwise(a, { channels: 5, kernel: [3, 3], stride: [2, 1], bias: 3, output: { zeroPoint: -8 } });
  const c = net.pool('AVERAGE_POOL_2D', b, { kernel: [2, 2] });
  const d = net.pool('MAX_POOL_2D', c, { kernel: [2, 2], stride: [2, 2] });
  const e = net.fullyConnected(d, { channels: 6, output: { scale: 0.035, zeroPoint: 9 }, fit: true });
  return net.graph(net.plain('SOFTMAX', [e], [3, 6], { scale: 1 / 256, zeroPoint: -128 }, { beta: 1 }));
}
