import t from 'tap';
import { seededRandom } from '../../link/testing/random.ts';
import { shiftBetween } from './shift.ts';
import { LEAST_POINTS, LEAST_SIDE, testForStep } from './step-test.ts';
import { findSteps } from './steps.ts';
import { NOISE_KINDS, syntheticSeries } from './testing/noise.ts';

const kind = (name: string) => NOISE_KINDS.find((one) => one.name === name)!;
const series = (name: string, length: number, steps: readonly { at: number; sigmas: number }[], seed: number): number[] => syntheticSeries(kind(name), length, steps, seededRandom(seed));
const independent = NOISE_KINDS.filter((one) => one.independent);

t.test('a step of 3 sigmas is found near its place, in any independent noise, and the same each time', async (t) => {
  for (const { name } of independent) {
    const values = series(name, 80, [{ at: 40, sigmas: 3 }], 5);
    const found = findSteps(values, 'lower');
    t.equal(found.length, 1, name);
    t.ok(Math.abs(found[0]!.at - 40) <= 3 && found[0]!.seen <= 55 && found[0]!.p! <= 0.001, `${name}: ${JSON.stringify(found)}`);
    t.strictSame(findSteps(values, 'lower'), found);
  }
});

t.test('detection can fail: half a sigma in few points is not found', async (t) => {
  t.strictSame(findSteps(series('normal', 60, [{ at: 30, sigmas: 0.5 }], 5), 'lower'), []);
});

t.test('false alarms of independent noise: fewer than 1 in 1 000 series-nights', async (t) => {
  let [alarms, nights] = [0, 0];
  for (const { name } of independent) {
    for (let seed = 0; seed < 12; seed++, nights += 100) alarms += findSteps(series(name, 100, [], seed), 'lower').length;
  }
  t.ok(nights >= 7000 && alarms <= nights / 1000, `${alarms} in ${nights}`);
});

t.test('wild values are no step: one, or two beside each other; three are', async (t) => {
  const base = series('normal', 40, [], 7);
  for (const wild of [1, 2]) t.strictSame(findSteps(base.map((value, at) => (at >= 40 - wild ? value + 1000 : value)), 'lower'), [], `${wild} at the end`);
  t.strictSame(findSteps(base.map((value, at) => (at === 20 || at === 21 ? value + 1000 : value)), 'lower'), [], 'in the middle');
  t.match(findSteps(base.map((value, at) => (at >= 37 ? value + 1000 : value)), 'lower'), [{ at: 37, seen: 40, earliest: 37, latest: 37 }]);
});

t.test('nights only add: what was found with fewer values is found with more', async (t) => {
  const values = series('normal', 120, [{ at: 40, sigmas: 3 }, { at: 80, sigmas: 2.5 }], 3);
  const all = findSteps(values, 'lower');
  t.equal(all.length, 2);
  for (let seen = 10; seen <= 120; seen += 10) t.strictSame(findSteps(values.slice(0, seen), 'lower'), all.filter((step) => step.seen <= seen), `${seen} values`);
});

t.test('too few values are no answer', async (t) => {
  t.equal(testForStep(Float64Array.from({ length: LEAST_POINTS - 1 }, (_, at) => (at < 7 ? 1 : 100))), null);
  const enough = testForStep(Float64Array.from({ length: LEAST_POINTS }, (_, at) => (at < 7 ? 1 : 100)));
  t.match(enough, { at: 7 }, 'one more is enough');
  t.ok(LEAST_SIDE === 3);
});

t.test('values without noise: any lasting change is a step, the same value and the last digits of a float are not', async (t) => {
  t.strictSame(findSteps(Array.from({ length: 50 }, () => 7), 'lower'), []);
  t.strictSame(findSteps(Array.from({ length: 50 }, (_, at) => (at < 25 ? 0.1 + 0.2 : 0.3)), 'lower'), []);
  t.match(findSteps(Array.from({ length: 50 }, (_, at) => (at < 25 ? 100 : 101)), 'lower'), [{ at: 25 }]);
});

t.test('a repaired step is back soon; one that is only half repaired is not', async (t) => {
  const base = series('normal', 60, [], 11);
  const shifted = (back: number): number[] => base.map((value, at) => value + (at >= 30 ? 80 : 0) - (at >= 38 ? back : 0));
  const [, back] = findSteps(shifted(80), 'lower');
  t.ok(back !== undefined && back.at === 38 && back.seen <= 42 && back.p === null, JSON.stringify(back));
  t.notOk(findSteps(shifted(40), 'lower').some(({ p }) => p === null), 'half way is not back');
  t.notOk(findSteps(shifted(80), 'higher').some(({ at, seen }) => at === 38 && seen <= 42), 'nor is it where more is better');
});

t.test('size: the interval holds the true shift about as often as it says', async (t) => {
  let inside = 0;
  for (let seed = 0; seed < 200; seed++) {
    const random = seededRandom(seed);
    const { low, high, value } = shiftBetween(syntheticSeries(kind('normal'), 30, [], random), syntheticSeries(kind('normal'), 12, [{ at: 0, sigmas: 2 }], random));
    t.ok(low <= value && value <= high);
    if (low <= 20 && 20 <= high) inside++;
  }
  t.ok(inside >= 180 && inside <= 199, `${inside} of 200`);
});
