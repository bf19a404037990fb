import { Padding, windowAxis } from '../../../numerics/index.ts';
import type { Hypothesis } from '../hypothesis.ts';
import type { Pair, Product } from './product/product.ts';
import { productHypothesis } from './product/variant.ts';
import type { Variant } from './product/variant.ts';
import { wrongPairs } from './window-axes.ts';

/** Other strides and dilations with the padding as it was, and as it would follow from them. */
function changed({ sums, facts }: Product, text: string, alternatives: number, change: { readonly stride?: Pair; readonly dilation?: Pair }): Variant[] {
  const { stride, dilation } = { ...sums, ...change };
  const ends: Pair = sums.isTransposed ? sums.output : sums.input;
  const before = (axis: keyof Pair): number => windowAxis(facts.padding ?? Padding.VALID, ends[axis], sums.kernel[axis], stride[axis], dilation[axis]).padBefore;
  const pad = { height: before('height'), width: before('width') };
  const isSame = pad.height === sums.pad.height && pad.width === sums.pad.width;
  return [sums.pad, ...(isSame ? [] : [pad])].map((chosen) => ({ text, alternatives, sums: { ...change, pad: chosen } }));
}

const stride = productHypothesis('window.stride', (product) =>
  wrongPairs(product.sums.stride, 'stride').flatMap(([text, pair], _, { length }) => changed(product, text, 2 * length, { stride: pair })));

const dilation = productHypothesis('window.dilation', (product) =>
  wrongPairs(product.sums.dilation, 'dilation').flatMap(([text, pair], _, { length }) => changed(product, text, 2 * length, { dilation: pair })));

const FLIPS = [['rotated by half a turn', true, true], ['upside down', true, false], ['mirrored left to right', false, true]] as const;

const flipped = productHypothesis('window.flipped', ({ sums }) => FLIPS
  .filter(([, rows, columns]) => (!rows || sums.kernel.height > 1) && (!columns || sums.kernel.width > 1))
  .map(([how, rows, columns]) => ({ text: `the kernel was applied ${how}`, alternatives: 3, sums: mirrored(sums, rows, columns) })));

/** The same weights read from the last to the first along an axis. */
function mirrored({ weights, weightStep, kernel, output, depth }: Product['sums'], rows: boolean, columns: boolean): Pick<Product['sums'], 'weights'> {
  const result = weights.slice();
  for (let channel = 0; channel < output.depth; channel++) {
    for (let i = 0; i < kernel.height; i++) {
      for (let j = 0; j < kernel.width; j++) {
        const [from, fromColumn] = [rows ? kernel.height - 1 - i : i, columns ? kernel.width - 1 - j : j];
        for (let k = 0; k < depth; k++) {
          const at = (row: number, column: number): number => channel * weightStep.channel + row * weightStep.height + column * weightStep.width + k * weightStep.depth;
          result[at(i, j)] = weights[at(from, fromColumn)] as number;
        }
      }
    }
  }
  return { weights: result };
}

/** The end of a loop over the window that is not run. */
const incomplete = productHypothesis('window.incomplete', ({ sums }) => {
  const { kernel, depth } = sums;
  const isOneGroup = sums.channelsOfGroup === sums.output.depth;
  const tails = isOneGroup ? [depth - 1, ...[2, 4, 8, 16].map((by) => depth - (depth % by))] : [];
  return [
    ...(kernel.height > 1 ? [{ text: 'the last row of the kernel is not summed', sums: { kernel: { ...kernel, height: kernel.height - 1 } } }] : []),
    ...(kernel.width > 1 ? [{ text: 'the last column of the kernel is not summed', sums: { kernel: { ...kernel, width: kernel.width - 1 } } }] : []),
    ...[...new Set(tails)].filter((left) => left > 0 && left < depth).map((left) => ({ text: `of ${depth} input channels the last ${depth - left} are not summed`, sums: { depth: left } })),
  ].map((variant, _, { length }) => ({ ...variant, alternatives: length }));
});

export const productWindow: readonly Hypothesis[] = [stride, dilation, flipped, incomplete];
