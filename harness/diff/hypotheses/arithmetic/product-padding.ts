import { Padding, windowAxis } from '../../../numerics/index.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { oddSides, startsAsSame, startsAsValid } from './window-axes.ts';
import type { Pair, Product } from './product/product.ts';
import { productHypothesis } from './product/variant.ts';

const isPadded = ({ sums }: Product): boolean => !sums.isTransposed && reach(sums, 'height') + reach(sums, 'width') > 0;

/** Positions of padding on both sides along an axis; negative where the window does not use all of the input. */
function reach(sums: Product['sums'], axis: keyof Pair): number {
  return (sums.output[axis] - 1) * sums.stride[axis] + (sums.kernel[axis] - 1) * sums.dilation[axis] + 1 - sums.input[axis];
}

const zero = productHypothesis('padding.zero', (product) => (isPadded(product) && product.sums.inputZeroPoint !== 0
  ? [{ text: 'the padding is filled with the code 0 instead of the zero point', alternatives: 1, sums: { padding: 0 } }] : []));

const least = productHypothesis('padding.value', (product) => (isPadded(product) ? [product.facts.type[0], product.finish.zeroPoint, product.facts.type[1]] : [])
  .filter((code) => code !== product.sums.inputZeroPoint && code !== 0)
  .map((code) => ({ text: `the padding is filled with the code ${code} instead of the zero point`, alternatives: 3, sums: { padding: code } })));

const side = productHypothesis('padding.side', ({ facts, sums }) => {
  if (facts.padding !== Padding.SAME) return [];
  const ends: Pair = sums.isTransposed ? sums.output : sums.input;
  const outputs: Pair = sums.isTransposed ? sums.input : sums.output;
  const total = (axis: keyof Pair): number => Math.max(0, (outputs[axis] - 1) * sums.stride[axis] + (sums.kernel[axis] - 1) * sums.dilation[axis] + 1 - ends[axis]);
  return oddSides(total('height'), total('width')).map(({ text, height, width }) => ({
    text, alternatives: 3, sums: { pad: { height: sums.pad.height + height, width: sums.pad.width + width } },
  }));
});

const valid = productHypothesis('padding.valid', ({ facts, sums }) => {
  if (facts.padding === null) return [];
  const ends: Pair = sums.isTransposed ? sums.output : sums.input;
  const same = (axis: keyof Pair): number => windowAxis(Padding.SAME, ends[axis], sums.kernel[axis], sums.stride[axis], sums.dilation[axis]).padBefore;
  const starts = facts.padding === Padding.SAME ? startsAsValid(sums.pad) : startsAsSame(sums.pad, { height: same('height'), width: same('width') });
  return starts.map(({ text, pad }) => ({ text, alternatives: 3, sums: { pad } }));
});

export const productPadding: readonly Hypothesis[] = [zero, side, valid, least];
