/** How evenly points fill the unit cube. */

/**
 * Centred L2 discrepancy, smaller is more even.
 *
 * Source: F. J. Hickernell, "A generalized discrepancy and quadrature error bound", Math. Comp. 67, 1998.
 */
export function centredDiscrepancy(points: readonly (readonly number[])[]): number {
  const n = points.length;
  const d = points[0]?.length ?? 0;
  let single = 0;
  let pairs = 0;
  for (const p of points) {
    let product = 1;
    for (const x of p) product *= 1 + Math.abs(x - 0.5) / 2 - (x - 0.5) ** 2 / 2;
    single += product;
    for (const q of points) {
      let pair = 1;
      p.forEach((x, k) => {
        const y = q[k] ?? Number.NaN;
        pair *= 1 + Math.abs(x - 0.5) / 2 + Math.abs(y - 0.5) / 2 - Math.abs(x - y) / 2;
      });
      pairs += pair;
    }
  }
  return Math.sqrt((13 / 12) ** d - (2 / n) * single + pairs / (n * n));
}
