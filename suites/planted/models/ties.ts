import type { GraphDescription } from '../../../harness/model/writer/index.ts';
import { Net } from './net.ts';
import { tellingScales } from './telling-scales.ts';

/** Products with small sums and large factors: scales with which every way of rounding gives other values. */
export function ties(): GraphDescription {
  const net = new Net(71);
  const [conv, depthwise, full] = [tellingScales(1, 16, 1 / 8), tellingScales(2, 16, 1 / 6), tellingScales(4, 32, 1 / 8)];
  const x = net.input([1, 9, 8, 4], { scale: conv.input, zeroPoint: -7 });
  const y = net.input([1, 9, 8, 16], { scale: depthwise.input, zeroPoint: 12 });
  const z = net.input([16, 24], { scale: full.input, zeroPoint: -15 });
  const small = { reach: 4, bias: 1 };
  const a = net.conv(x, { channels: 16, kernel: [2, 3], scales: conv.channels, output: { scale: conv.output, zeroPoint: 5 }, ...small });
  const b = net.depthwise(y, { channels: 16, kernel: [3, 2], scales: depthwise.channels, output: { scale: depthwise.output, zeroPoint: -13 }, reach: 6, bias: 1 });
  const c = net.fullyConnected(z, { channels: 32, scales: full.channels, output: { scale: full.output, zeroPoint: 4 }, ...small });
  return net.graph(a, b, c);
}
