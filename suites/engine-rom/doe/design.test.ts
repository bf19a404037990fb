import t from 'tap';
import type { Split } from './design.ts';
import { DESIGN_CANDIDATES, DESIGN_POINTS, DESIGN_SEED, design, smallestDistance, split, SPLIT_SIZES } from './design.ts';
import { centredDiscrepancy } from './measures.ts';
import { Random } from './random.ts';
import { scrambledSobol } from './sobol.ts';
import { AXES, fromUnitCube, normalise } from './space.ts';

const points = design();
const unit = points.map((p) => p.unit);
const randomDesign = (seed: number): number[][] => {
  const random = new Random(seed);
  return Array.from({ length: DESIGN_POINTS }, () => AXES.map(() => random.uniform()));
};

t.test('the design has 512 different points inside the ranges', (t) => {
  t.equal(points.length, 512);
  t.equal(new Set(unit.map(String)).size, 512);
  for (const { input } of points) {
    if (AXES.some((a) => !(input[a.key] >= a.low && input[a.key] <= a.high))) t.fail(`outside: ${JSON.stringify(input)}`);
  }
  t.strictSame(design(), points, 'and comes out the same again');
  t.end();
});

t.test('it is stratified: each input has exactly one point in each of 512 equal slices', (t) => {
  AXES.forEach((axis, d) => {
    const slices = new Set(unit.map((p) => Math.floor((p[d] ?? 0) * DESIGN_POINTS)));
    t.equal(slices.size, DESIGN_POINTS, axis.key);
  });
  t.end();
});

t.test('all four inputs together: more boxes of a 4 x 4 x 4 x 4 grid hold a point than with random points', (t) => {
  const boxes = new Map<string, number>();
  for (const p of unit) {
    const key = p.map((x) => Math.floor(x * 4)).join();
    boxes.set(key, (boxes.get(key) ?? 0) + 1);
  }
  const randomBoxes = new Set(randomDesign(1).map((p) => p.map((x) => Math.floor(x * 4)).join()));
  t.ok(boxes.size > 1.08 * randomBoxes.size, `${boxes.size} of 256 boxes, random ${randomBoxes.size}`);
  t.end();
});

t.test('it fills the space better than random points do', (t) => {
  const randoms = [11, 12, 13, 14, 15, 16, 17, 18].map(randomDesign);
  const leastDiscrepancy = Math.min(...randoms.map(centredDiscrepancy));
  const discrepancy = centredDiscrepancy(unit);
  t.ok(discrepancy < leastDiscrepancy / 3, `discrepancy ${discrepancy}, best random ${leastDiscrepancy}`);
  const mostDistance = Math.max(...randoms.map(smallestDistance));
  t.ok(smallestDistance(unit) > 1.5 * mostDistance, `smallest distance ${smallestDistance(unit)}, best random ${mostDistance}`);
  t.end();
});

t.test('the kept scramble is the best of its candidates', (t) => {
  const others = Array.from({ length: DESIGN_CANDIDATES }, (_, c) => smallestDistance(scrambledSobol(DESIGN_POINTS, DESIGN_SEED + c)));
  t.equal(smallestDistance(unit), Math.max(...others));
  t.ok(new Set(others).size > 1, 'candidates differ');
  t.end();
});

t.test('every point belongs to exactly one split', (t) => {
  const splits = split(points);
  const dealt = (Object.keys(SPLIT_SIZES) as Split[]).flatMap((name) => {
    t.equal(splits[name].length, SPLIT_SIZES[name], name);
    return splits[name].map((p) => p.index);
  });
  t.strictSame(dealt.sort((a, b) => a - b), points.map((p) => p.index));
  t.end();
});

t.test('normalised inputs run from -1 to 1', (t) => {
  t.strictSame(normalise(fromUnitCube([0, 0, 0, 0])), [-1, -1, -1, -1]);
  t.strictSame(normalise(fromUnitCube([1, 1, 1, 1])), [1, 1, 1, 1]);
  t.strictSame(normalise({ speedRpm: 3400, sparkDegBtdc: 20, throttlePercent: 50, wastegatePercent: 25 }), [0, 0, 0, -0.5]);
  t.end();
});
