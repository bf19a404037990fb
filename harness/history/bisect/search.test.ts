import fc from 'fast-check';
import t from 'tap';
import { Bisection, type State } from './search.ts';

interface Walk { readonly asked: readonly number[]; readonly skips: number; readonly firstBad: readonly number[] }

function walk(count: number, firstBad: number, untestable: ReadonlySet<number>): Walk {
  const search = new Bisection(count);
  const asked: number[] = [];
  for (let k = search.next(); k !== null; k = search.next()) {
    asked.push(k);
    search.answer(k, untestable.has(k) ? 'untestable' : k < firstBad ? 'good' : 'bad');
    if (asked.length > count) throw new Error('it does not end');
  }
  return { asked, skips: asked.filter((k) => untestable.has(k)).length, firstBad: search.result().firstBad };
}

t.test('all candidates testable: found exactly, with at most ceil(log2 n) questions', async (t) => {
  for (let count = 1; count <= 70; count++) {
    for (let firstBad = 0; firstBad < count; firstBad++) {
      const { asked, firstBad: found } = walk(count, firstBad, new Set());
      if (found.length !== 1 || found[0] !== firstBad || asked.length > Math.ceil(Math.log2(count))) t.fail(`${count} candidates, ${firstBad}: found ${found.join()} with ${asked.length} questions`);
    }
  }
  t.same(walk(1, 0, new Set()), { asked: [], skips: 0, firstBad: [0] }, 'one candidate needs no question');
});

t.test('with untestable ones: never asked twice, at most ceil(log2 n) + skips, and the range has the first bad one and nothing that was answered', async () => {
  const scene = fc.integer({ min: 1, max: 200 }).chain((count) => fc.record({
    count: fc.constant(count), firstBad: fc.integer({ min: 0, max: count - 1 }), untestable: fc.uniqueArray(fc.integer({ min: 0, max: Math.max(0, count - 2) })).map((list) => new Set(count === 1 ? [] : list)),
  }));
  fc.assert(fc.property(scene, ({ count, firstBad, untestable }) => {
    const { asked, skips, firstBad: found } = walk(count, firstBad, untestable);
    const states = (k: number): State => (untestable.has(k) ? 'untestable' : k < firstBad ? 'good' : 'bad');
    return new Set(asked).size === asked.length && asked.length <= Math.ceil(Math.log2(count)) + skips && found.includes(firstBad)
      // Nothing stands in the range that could have been tested, but for the bad one at its end.
      && found.slice(0, -1).every((k) => states(k) === 'untestable') && found.at(-1)! >= firstBad && found.every((k, i) => i === 0 || k === found[i - 1]! + 1);
  }), { numRuns: 3000 });
});

t.test('a range that is broken in its middle is left where that costs no more answers', async (t) => {
  const broken = new Set(Array.from({ length: 20 }, (_, i) => 45 + i));
  const { skips, firstBad } = walk(101, 80, broken);
  t.same(firstBad, [80]);
  t.ok(skips <= 3, `${skips} of 20 untestable ones were asked`);
});

t.test('what was answered or is decided is not asked or answered again', async (t) => {
  const search = new Bisection(8);
  search.answer(3, 'good');
  for (const k of [3, 0, 7, 8]) t.throws(() => search.answer(k, 'bad'), RangeError);
  t.equal(search.stepsLeft, 2);
  t.throws(() => new Bisection(0), RangeError);
});
