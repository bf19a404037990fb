import type { GraphDescription } from '../../../harness/model/writer/index.ts';
import { Net } from './net.ts';

/** int16 activations with int8 weights. */
export function wide(): GraphDescription {
  const net = new Net(67);
  const x = net.input([1, 5, 6, 4], { scale: 0.00021, zeroPoint: 0 }, 'int16');
  const a = net.conv(x, { channels: 5, kernel: [2, 3] });
  const b = net.conv(x, { channels: 5, kernel: [3, 1], activation: 1 });
  const c = net.elementwise('ADD', a, b, { scale: a.scale * 1.7, zeroPoint: 0 });
  return net.graph(net.fullyConnected(c, { channels: 6, scales: 0.0061 }));
}
