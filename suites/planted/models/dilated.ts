import type { GraphDescription } from '../../../harness/model/writer/index.ts';
import { Net } from './net.ts';

/** Dilated windows, VALID and SAME, a depth multiplier, SUB and MUL of branches, one scale for all weights and their zero point. */
export function dilated(): GraphDescription {
  const net = new Net(23);
  const x = net.input([1, 11, 10, 5], { scale: 0.031, zeroPoint: 17 });
  const a = net.conv(x, { channels: 5, kernel: [3, 2], dilation: [2, 3], padding: 'VALID', output: { zeroPoint: -21 } });
  const b = net.depthwise(a, { channels: 10, kernel: [3, 3], dilation: [2, 1], output: { scale: 0.057, zeroPoint: -11 }, fit: true });
  const c = net.conv(a, { channels: 10, kernel: [2, 3], activation: 3, output: { scale: 0.044, zeroPoint: -90 } });
  const d = net.elementwise('SUB', b, c, { scale: 0.6 * (b.scale + c.scale), zeroPoint: -49 }, 1);
  const e = net.depthwise(d, { channels: 10, kernel: [3, 2], stride: [2, 2], padding: 'VALID', activation: 1, output: { zeroPoint: -52 } });
  const f = net.conv(d, { channels: 10, kernel: [3, 2], stride: [2, 2], padding: 'VALID', output: { zeroPoint: 5 } });
  const g = net.elementwise('MUL', e, f, { scale: e.scale * f.scale * 40, zeroPoint: -30 }, 1);
  const h = net.fullyConnected(g, { channels: 22, scales: 0.0057, weightsZeroPoint: 9, reach: 100, activation: 1, output: { scale: 0.027, zeroPoint: -64 }, fit: true });
  return net.graph(net.plain('LOGISTIC', [h], [1, 22], { scale: 1 / 256, zeroPoint: -128 }));
}
