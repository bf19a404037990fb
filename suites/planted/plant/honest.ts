import { copyBody, copyOf, COPIES } from './naive-copy.ts';
import { elementwiseBody, elementwiseOf, ELEMENTWISE } from './naive-elementwise.ts';
import { poolBody, poolOf, POOLS } from './naive-pool.ts';
import { productBody, productOf, PRODUCTS } from './naive-product.ts';
import { FUNCTIONS, table, tableBody } from './table-function.ts';
import type { Planting } from './planting.ts';
import type { Site } from './site.ts';

/** The naive kernel of a layer with nothing wrong in it; null where there is none and generated C is spoilt instead. */
export function honest(site: Site): Planting | null {
  const { name } = site.operator;
  const f = FUNCTIONS[name];
  if (site.output.dtype !== 'int8') return null;
  if (PRODUCTS.includes(name)) return { kind: 'body', text: productBody(site, productOf(site)) };
  if (POOLS.includes(name)) return { kind: 'body', text: poolBody(site, poolOf(site)) };
  if (ELEMENTWISE.includes(name)) return { kind: 'body', text: elementwiseBody(site, elementwiseOf(site)) };
  if (COPIES.includes(name)) return { kind: 'body', text: copyBody(site, copyOf(site)) };
  return f === undefined ? null : { kind: 'body', text: tableBody(site, table(site, f)) };
}
