import type { Tensor } from '../../../model/index.ts';
import type { Cause } from '../causes.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { readProduct } from './product/read.ts';
import { codesOf, ORDINALS, withZeroPoint } from './what-if/codes.ts';
import { whatIfHypothesis } from './what-if/layer.ts';
import type { CutLayer, WhatIf } from './what-if/layer.ts';

/** Operators that move codes, or compare them: they have no use for a zero point but to fill. */
const MOVING: ReadonlySet<string> = new Set([
  'PAD', 'PADV2', 'MIRROR_PAD', 'CONCATENATION', 'RESHAPE', 'TRANSPOSE', 'SLICE', 'STRIDED_SLICE', 'SPLIT', 'SPLIT_V', 'PACK', 'UNPACK', 'GATHER', 'GATHER_ND', 'SQUEEZE', 'EXPAND_DIMS',
  'MAX_POOL_2D', 'MAXIMUM', 'MINIMUM', 'REDUCE_MAX', 'REDUCE_MIN', 'RESIZE_NEAREST_NEIGHBOR', 'DEPTH_TO_SPACE', 'SPACE_TO_DEPTH', 'TILE', 'BROADCAST_TO',
]);

/** Operands of codes with a zero point, constants too, in the operators' order. */
function operands({ graph, operators }: CutLayer): Tensor[] {
  const indices = [...new Set(operators.flatMap(({ inputs }) => inputs))].filter((index) => index >= 0);
  return indices.map((index) => graph.tensors[index] as Tensor).filter((tensor) => (codesOf(tensor)?.zeroPoint ?? 0) !== 0);
}

/** One operand after the other, then all together. */
function inputs(layer: CutLayer, factor: number, what: string): WhatIf[] {
  const found = operands(layer);
  const several = found.length > 1;
  const single = found.map((chosen, k): WhatIf => ({
    text: `the zero point of the ${several ? `${ORDINALS[k] ?? 'last'} ` : ''}input ${what}`, alternatives: found.length + 1,
    tensor: (tensor) => (tensor.index === chosen.index ? withZeroPoint(tensor, factor * (codesOf(tensor)?.zeroPoint ?? 0)) : tensor),
  }));
  if (!several) return single;
  return [...single, {
    text: `the zero points of all inputs ${what.replace('was', 'were')}`, alternatives: found.length + 1,
    tensor: (tensor) => (found.some(({ index }) => index === tensor.index) ? withZeroPoint(tensor, factor * (codesOf(tensor)?.zeroPoint ?? 0)) : tensor),
  }];
}

function outputs({ outputs: made }: CutLayer, factor: number, what: string): WhatIf[] {
  return made.filter((tensor) => (codesOf(tensor)?.zeroPoint ?? 0) !== 0).map((chosen) => ({
    text: `the zero point of the output ${what}`, alternatives: made.length,
    tensor: (tensor) => (tensor.index === chosen.index ? withZeroPoint(tensor, factor * (codesOf(tensor)?.zeroPoint ?? 0)) : tensor),
  }));
}

const hypothesis = (cause: Cause, edits: (layer: CutLayer) => WhatIf[]): Hypothesis => whatIfHypothesis(cause, (layer, evidence) =>
  (readProduct(evidence) !== null || layer.operators.every(({ name }) => MOVING.has(name)) ? [] : edits(layer)));

export const zeroPoints: readonly Hypothesis[] = [
  hypothesis('zero-point.input', (layer) => inputs(layer, 0, 'was ignored')),
  hypothesis('zero-point.input-sign', (layer) => inputs(layer, -1, 'was added instead of subtracted')),
  hypothesis('zero-point.doubled', (layer) => inputs(layer, 2, 'was subtracted twice')),
  hypothesis('zero-point.output', (layer) => outputs(layer, 0, 'was not added')),
  hypothesis('zero-point.output-sign', (layer) => outputs(layer, -1, 'was subtracted instead of added')),
  hypothesis('zero-point.doubled', (layer) => outputs(layer, 2, 'was added twice')),
];
