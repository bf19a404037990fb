import { productBody, productOf, PRODUCTS, type Product } from '../plant/naive-product.ts';
import type { Site } from '../plant/site.ts';
import { amount, places, type Draw, type Recipe } from './recipe.ts';

const ofProduct = (id: string, change: (product: Product, draw: Draw) => Partial<Product> | null): Recipe => ({
  id,
  mutate: (site: Site, draw) => {
    if (!PRODUCTS.includes(site.operator.name) || site.output.dtype !== 'int8') return null;
    const product = productOf(site);
    const changed = change(product, draw);
    return changed === null ? null : { kind: 'body', text: productBody(site, { ...product, ...changed }) };
  },
});

const changedAt = (list: readonly number[], at: readonly number[], change: (value: number) => number): number[] => list.map((value, i) => (at.includes(i) ? change(value) : value));

/** Several weights have other values: four at least, and one in ten. */
export const weights = ofProduct('weights', ({ weights: list }, draw) => (list.length < 12 ? null : {
  weights: changedAt(list, places(draw, Math.max(4, Math.ceil(list.length / 10)), list.length), (value) => Math.max(-127, Math.min(127, value > 0 ? value - draw(30, 120) : value + draw(30, 120)))),
}));

/** The starts of the sums of two or more channels, not of all, are off by amounts of their own: some codes of the output, and none of them as much as the bias. */
export const starts = ofProduct('starts', ({ bias, reals }, draw) => (bias.length < 4 ? null : {
  bias: bias.map((value, channel) => {
    if (!places(draw, 2, bias.length).includes(channel) && channel > 1) return value;
    let by = Math.round(amount(draw, 2, 30) / (reals[channel] as number));
    while ([value, -value, 2 * value, -2 * value].includes(by)) by += 3;
    return value + by;
  }),
}));

/** The factors of two or more channels, not of all, are wrong by 3 to 40 %. */
export const factors = ofProduct('factors', ({ reals }, draw) => (reals.length < 4 ? null : { reals: changedAt(reals, places(draw, draw(2, reals.length - 2), reals.length), (value) => value * (1 + amount(draw, 30, 400) / 1000)) }));

/** The zero points of input and output are other numbers: not 0, not the negative, not the double, and not by the same amount. */
export const zeroPoints = ofProduct('zero points', ({ layer }, draw) => {
  const other = (value: number): number => {
    for (;;) {
      const found = value + amount(draw, 3, 25);
      if (![0, -value, 2 * value].includes(found)) return found;
    }
  };
  return { layer: { ...layer, inputZeroPoint: other(layer.inputZeroPoint), outputZeroPoint: other(layer.outputZeroPoint) } };
});
