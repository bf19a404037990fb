import type { OperatorReference } from './context.ts';
import { dequantize } from './operators/dequantize.ts';
import { fullyConnected } from './operators/fully-connected.ts';
import { quantize } from './operators/quantize.ts';
import { reshape } from './operators/reshape.ts';
import { softmax } from './operators/softmax.ts';
import { unidirectionalSequenceLstm } from './operators/unidirectional-sequence-lstm.ts';

/** A new operator is a file in operators/ and a line here. */
const OPERATORS: readonly OperatorReference[] = [dequantize, fullyConnected, quantize, reshape, softmax, unidirectionalSequenceLstm];
const BY_NAME: ReadonlyMap<string, OperatorReference> = new Map(OPERATORS.map((operator) => [operator.name, operator]));

export function referenceOf(name: string): OperatorReference | null {
  return BY_NAME.get(name) ?? null;
}

/** Every operator with a bit-exact reference, by schema name, and what of it is supported. */
export function supportedOperators(): readonly { readonly name: string; readonly supports: string }[] {
  return OPERATORS.map(({ name, supports }) => ({ name, supports }));
}
