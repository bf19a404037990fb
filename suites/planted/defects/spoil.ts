import { elementwiseBody, elementwiseOf, type NaiveElementwise } from '../plant/naive-elementwise.ts';
import { copyBody, copyOf, type NaiveCopy } from '../plant/naive-copy.ts';
import { poolBody, poolOf, type NaivePool } from '../plant/naive-pool.ts';
import { productBody, productOf, PRODUCTS, type NaiveProduct, type Product } from '../plant/naive-product.ts';
import type { Plant } from '../plant/planting.ts';
import type { Site } from '../plant/site.ts';

const isNarrow = (site: Site): boolean => site.output.dtype === 'int8';

/** The naive kernel of a product with something changed; null: nothing to change in this layer. */
export const spoilProduct = (change: (product: Product, site: Site) => Product | null): Plant => (site) => {
  const changed = PRODUCTS.includes(site.operator.name) && isNarrow(site) ? change(productOf(site), site) : null;
  return changed === null ? null : { kind: 'body', text: productBody(site, changed) };
};

/** The same for numbers of the layer alone. */
export const spoilLayer = (change: (layer: NaiveProduct, site: Site) => Partial<NaiveProduct> | null): Plant => spoilProduct((product, site) => {
  const changed = change(product.layer, site);
  return changed === null ? null : { ...product, layer: { ...product.layer, ...changed } };
});

export const spoilPool = (change: (pool: NaivePool, site: Site) => Partial<NaivePool> | null): Plant => (site) => {
  const pool = poolOf(site);
  const changed = change(pool, site);
  return changed === null ? null : { kind: 'body', text: poolBody(site, { ...pool, ...changed }) };
};

export const spoilElementwise = (change: (layer: NaiveElementwise, site: Site) => Partial<NaiveElementwise> | null): Plant => (site) => {
  if (!isNarrow(site)) return null;
  const layer = elementwiseOf(site);
  const changed = change(layer, site);
  return changed === null ? null : { kind: 'body', text: elementwiseBody(site, { ...layer, ...changed }) };
};

export const spoilCopy = (change: (copy: NaiveCopy, site: Site) => NaiveCopy | null): Plant => (site) => {
  const changed = change(copyOf(site), site);
  return changed === null ? null : { kind: 'body', text: copyBody(site, changed) };
};

/** By operator: what is the same defect in another kernel. */
export const byOperator = (plants: Readonly<Record<string, Plant>>): Plant => (site) => plants[site.operator.name]?.(site) ?? null;
