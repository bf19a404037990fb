import type { GraphDescription } from '../../../harness/model/writer/index.ts';
import { Net } from './net.ts';

/** Copies: PAD, TRANSPOSE and CONCATENATION around convolutions, and table functions of large tensors. */
export function moves(): GraphDescription {
  const net = new Net(37);
  const x = net.input([1, 6, 5, 3], { scale: 0.038, zeroPoint: 22 });
  const a = net.plain('PAD', [x], [1, 9, 6, 3], x, {}, [[[4, 2], [0, 0, 2, 1, 0, 1, 0, 0]]]);
  const b = net.conv(a, { channels: 5, kernel: [3, 3], stride: [1, 2], output: { zeroPoint: -6 } });
  const c = net.plain('TRANSPOSE', [b], [1, 3, 9, 5], b, {}, [[[4], [0, 2, 1, 3]]]);
  const d = net.plain('TRANSPOSE', [b], [1, 5, 9, 3], b, {}, [[[4], [0, 3, 1, 2]]]);
  const e = net.plain('LOGISTIC', [c], [1, 3, 9, 5], { scale: 1 / 256, zeroPoint: -128 });
  const f = net.conv(c, { channels: 6, kernel: [2, 2], output: { scale: 1 / 256, zeroPoint: -128 } });
  const g = net.plain('CONCATENATION', [e, f], [1, 3, 9, 11], e, { axis: 3 });
  const h = net.plain('TANH', [d], [1, 5, 9, 3], { scale: 1 / 128, zeroPoint: 0 });
  return net.graph(g, h);
}
