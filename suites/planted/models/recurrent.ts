import type { GraphDescription } from '../../../harness/model/writer/index.ts';
import { Net } from './net.ts';

/** An LSTM whose state lasts from sample to sample, with layers before and after it. */
export function recurrent(): GraphDescription {
  const net = new Net(53);
  const x = net.input([1, 6, 9], { scale: 0.03, zeroPoint: -5 });
  const y = net.input([1, 6, 9], { scale: 0.021, zeroPoint: 31 });
  const a = net.elementwise('ADD', x, y, { scale: 0.033, zeroPoint: -18 });
  const b = net.lstm(a, 11, { scale: 2 ** -7, zeroPoint: -4 });
  const c = net.fullyConnected(b, { channels: 5, output: { scale: 0.04, zeroPoint: 11 }, fit: true });
  return net.graph(net.plain('SOFTMAX', [c], [1, 5], { scale: 1 / 256, zeroPoint: -128 }, { beta: 1 }));
}
