import type { GraphDescription } from '../../../harness/model/writer/index.ts';
import { Net } from './net.ts';
import { tellingScale, tellingScales } from './telling-scales.ts';

/** Products with small sums and large factors: scales with which every way of rounding gives other values. */
export function ties(): GraphDescription {
  const net = new Net(71);
  const [conv, depthwise, one, last] = [tellingScales(1, 9, 1 / 8), tellingScales(2, 9, 1 / 6), tellingScale(3, 1 / 8), tellingScales(4, 30, 1 / 16)];
  const x = net.input([1, 9, 8, 4], { scale: conv.input, zeroPoint: -7 });
  const y = net.input([1, 9, 8, 9], { scale: depthwise.input, zeroPoint: 12 });
  const z = net.input([6, 20], { scale: one.input, zeroPoint: 3 });
  const small = { reach: 4, bias: 1 };
  const a = net.conv(x, { channels: 9, kernel: [2, 3], scales: conv.channels, output: { scale: conv.output, zeroPoint: 5 }, ...small });
  const b = net.depthwise(y, { channels: 9, kernel: [3, 2], scales: depthwise.channels, output: { scale: depthwise.output, zeroPoint: -13 }, reach: 6, bias: 1 });
  const c = net.fullyConnected(z, { channels: 45, scales: one.channels[0] as number, output: { scale: one.output, zeroPoint: 8 }, ...small });
  const v = net.input([6, 24], { scale: last.input, zeroPoint: -15 });
  const d = net.fullyConnected(v, { channels: 30, scales: last.channels, output: { scale: last.output, zeroPoint: 4 }, ...small });
  return net.graph(a, b, c, d);
}
