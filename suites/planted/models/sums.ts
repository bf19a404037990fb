import type { GraphDescription } from '../../../harness/model/writer/index.ts';
import { Net } from './net.ts';
import { tellingScale } from './telling-scales.ts';

/** ADD, SUB and MUL with results on ties. */
export function sums(): GraphDescription {
  const net = new Net(83);
  const { input, channels: [other], output } = tellingScale(5, 1 / 48);
  const a = net.input([1, 6, 9, 8], { scale: input, zeroPoint: 14 });
  const b = net.input([1, 6, 9, 8], { scale: other as number, zeroPoint: -23 });
  const c = net.input([1, 6, 9, 8], { scale: 2 ** -5, zeroPoint: 9 });
  const d = net.input([1, 6, 9, 8], { scale: 2 ** -5, zeroPoint: -17 });
  const product = net.elementwise('MUL', a, b, { scale: output, zeroPoint: 3 });
  const sum = net.elementwise('ADD', c, d, { scale: 2 ** -4, zeroPoint: -11 });
  const difference = net.elementwise('SUB', sum, c, { scale: 2 ** -3, zeroPoint: 7 });
  return net.graph(product, difference);
}
