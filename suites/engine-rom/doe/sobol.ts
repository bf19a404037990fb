/**
 * Scrambled Sobol points in four dimensions.
 *
 * Sources: I. M. Sobol', "On the distribution of points in a cube", 1967; direction numbers of S. Joe and F. Y. Kuo, "Constructing Sobol
 * sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30, 2008; scrambling by a random lower triangular matrix and a
 * digital shift, J. Matousek, "On the L2-discrepancy for anchored boxes", J. Complexity 14, 1998.
 */

import { Random } from './random.ts';

export const DIMENSIONS = 4;
const BITS = 32;

/** Primitive polynomial (degree, inner coefficients) and first odd numbers of the dimensions after the first. */
const JOE_KUO = [
  { degree: 1, inner: 0, first: [1] },
  { degree: 2, inner: 1, first: [1, 3] },
  { degree: 3, inner: 1, first: [1, 3, 1] },
] as const;

/** Direction numbers of one dimension, the leading binary digit in bit 31. */
function directions(dimension: number): number[] {
  const rule = JOE_KUO[dimension - 1];
  if (rule === undefined) return Array.from({ length: BITS }, (_, k) => (1 << (BITS - 1 - k)) >>> 0);
  const v: number[] = [];
  for (let k = 0; k < BITS; k++) {
    if (k < rule.degree) {
      v.push((at(rule.first, k) << (BITS - 1 - k)) >>> 0);
      continue;
    }
    const back = at(v, k - rule.degree);
    let next = back ^ (back >>> rule.degree);
    for (let i = 1; i < rule.degree; i++) {
      if ((rule.inner >> (rule.degree - 1 - i)) & 1) next ^= at(v, k - i);
    }
    v.push(next >>> 0);
  }
  return v;
}

function at(list: readonly number[], index: number): number {
  const value = list[index];
  if (value === undefined) throw new RangeError(`no element ${index} in a list of ${list.length}`);
  return value;
}

/** Rows of a random lower triangular binary matrix with a diagonal of ones; row 0 makes the leading digit. */
function scrambleRows(random: Random): number[] {
  return Array.from({ length: BITS }, (_, row) => {
    const diagonal = (1 << (BITS - 1 - row)) >>> 0;
    const left = row === 0 ? 0 : (0xffffffff << (BITS - row)) >>> 0;
    return ((random.bits() & left) | diagonal) >>> 0;
  });
}

function parity(x: number): number {
  let y = x ^ (x >>> 16);
  y ^= y >>> 8;
  y ^= y >>> 4;
  y ^= y >>> 2;
  y ^= y >>> 1;
  return y & 1;
}

function multiply(rows: readonly number[], x: number): number {
  let y = 0;
  rows.forEach((row, i) => {
    y |= parity(row & x) << (BITS - 1 - i);
  });
  return y >>> 0;
}

/** `count` points of the unit cube, one scramble a seed. A power of two keeps every stratum of the net filled alike. */
export function scrambledSobol(count: number, seed: number): number[][] {
  const random = new Random(seed);
  const axes = Array.from({ length: DIMENSIONS }, (_, d) => {
    const rows = scrambleRows(random);
    // The matrix is linear over XOR, so it may act on the direction numbers once instead of on every point.
    return { directions: directions(d).map((v) => multiply(rows, v)), shift: random.bits() };
  });
  return Array.from({ length: count }, (_, n) =>
    axes.map((axis) => {
      let x = axis.shift;
      for (let k = 0; n >> k > 0; k++) if ((n >> k) & 1) x ^= at(axis.directions, k);
      return (x >>> 0) / 2 ** BITS;
    }),
  );
}
