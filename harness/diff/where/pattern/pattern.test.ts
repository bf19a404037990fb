import fc from 'fast-check';
import t from 'tap';
import { wrongEvidence, type Spoilt } from '../testing/wrong-evidence.ts';
import { whereWrong } from '../where.ts';
import { rangeWords, strideWords } from './axis-words.ts';

/** Spoils the elements that `wrong` chooses, each by another amount. */
function words(shape: readonly number[], wrong: (at: readonly number[], flat: number, sample: number) => boolean, rest: Partial<Spoilt> = {}): readonly string[] {
  return whereWrong(wrongEvidence({ shape, got: (expected, at, flat, sample) => (wrong(at, flat, sample) ? expected + 2 + ((flat * 7 + sample) % 20) : expected), ...rest }))!.pattern;
}

const IMAGE = [1, 8, 10, 16];
const places: [readonly string[], readonly number[], (at: readonly number[], flat: number) => boolean][] = [
  [['only the last 3 channels'], IMAGE, ([, , , c]) => c! >= 13],
  [['only the last 3 channels, 40 % of their elements'], IMAGE, ([, y, x, c]) => c! >= 13 && (y! * 7 + x! * 3 + c!) % 5 < 2],
  [['only the first 4 channels'], IMAGE, ([, , , c]) => c! < 4],
  [['only channel 5'], IMAGE, ([, , , c]) => c === 5],
  [['only channel 0'], IMAGE, ([, , , c]) => c === 0],
  [['only the last channel'], IMAGE, ([, , , c]) => c === 15],
  [['only channels 4..7'], IMAGE, ([, , , c]) => c! >= 4 && c! <= 7],
  [['only channels 2, 7 and 11'], IMAGE, ([, , , c]) => [2, 7, 11].includes(c!)],
  [['only channels 2 and 7'], IMAGE, ([, , , c]) => [2, 7].includes(c!)],
  [['every 4th channel from 2'], IMAGE, ([, , , c]) => c! % 4 === 2],
  [['every 2nd channel from 1 to 7'], IMAGE, ([, , , c]) => c! % 2 === 1 && c! < 8],
  [['every 2nd row from 1'], IMAGE, ([, y]) => y! % 2 === 1],
  [['only the right border (last column)'], IMAGE, ([, , x]) => x === 9],
  [['only the left border (first column)'], IMAGE, ([, , x]) => x === 0],
  [['only the last 2 columns'], IMAGE, ([, , x]) => x! >= 8],
  [['only the left and right borders (first and last column)'], IMAGE, ([, , x]) => x === 0 || x === 9],
  [['only the top row'], IMAGE, ([, y]) => y === 0],
  [['only the bottom row'], IMAGE, ([, y]) => y === 7],
  [['only the bottom 2 rows'], IMAGE, ([, y]) => y! >= 6],
  [['only the top and bottom rows'], IMAGE, ([, y]) => y === 0 || y === 7],
  [['only the borders'], IMAGE, ([, y, x]) => y === 0 || y === 7 || x === 0 || x === 9],
  [['only the borders, 2 deep'], IMAGE, ([, y, x]) => y! < 2 || y! > 5 || x! < 2 || x! > 7],
  [['only channel 5 and only the right border (last column)'], IMAGE, ([, , x, c]) => x === 9 && c === 5],
  [['all but the top row'], IMAGE, ([, y]) => y! > 0],
  [['all but the last 2 channels'], IMAGE, ([, , , c]) => c! < 14],
  [['all but the left and right borders (first and last column)'], IMAGE, ([, , x]) => x! > 0 && x! < 9],
  [['only in batch 1'], [2, 3, 3, 4], ([n]) => n === 1],
  [['only in batches 1..2'], [5, 2, 2, 4], ([n]) => n === 1 || n === 2],
  [['only in the last 3 batches'], [5, 2, 2, 4], ([n]) => n! > 1],
  [['a run of 64 elements from 512', 'only row 3 and only columns 2..5'], IMAGE, (_at, i) => i >= 512 && i < 576],
  [['a run of 100 elements from 700'], IMAGE, (_at, i) => i >= 700 && i < 800],
  [['every 7th element from 3'], IMAGE, (_at, i) => i % 7 === 3],
  [['all elements'], IMAGE, () => true],
  [['only the last 3 elements'], [10], (_at, i) => i >= 7],
  [['every 4th element from 0'], [64], (_at, i) => i % 4 === 0],
  [['every 4th element from 12'], [64], (_at, i) => i >= 12 && i % 4 === 0],
  [['only the last 4 channels'], [1, 12], ([, c]) => c! >= 8],
  [['only row 2'], [6, 8], ([r]) => r === 2],
  [['only slice of axis 0 1'], [3, 2, 4, 4, 4], ([a]) => a === 1],
  [['a single element, [0, 1, 2, 3]'], IMAGE, (at) => at.join() === '0,1,2,3'],
];
for (const [expected, shape, wrong] of places) {
  t.test(expected[0]!, async (t) => { t.same(words(shape, wrong).slice(0, expected.length), expected); });
}

t.test('nothing is said of an axis of one, nor where scatter would do', async (t) => {
  t.same(words([1, 1, 1, 1], () => true), []);
  t.same(words([4, 1], ([r]) => r! < 3), [], 'three of four');
  t.same(words(IMAGE, (_at, i) => (i * 7919) % 31 === 0), ['every 31st element from 0'], 'a stride of memory');
  t.same(words(IMAGE, (_at, i) => i === 3 || i === 700), [], 'two anywhere');
  t.same(words([1, 12], ([, c]) => [0, 3, 4, 10].includes(c!)), [], 'four of twelve');
});

t.test('patterns of values', async (t) => {
  const half = (i: number): boolean => (i * 2654435761) % 7 < 3;
  const of = (got: (expected: number, flat: number) => number, rest: Partial<Spoilt> = {}): readonly string[] =>
    whereWrong(wrongEvidence({ shape: IMAGE, got: (expected, _at, flat) => got(expected, flat), ...rest }))!.pattern;
  t.same(of((e, i) => (half(i) ? e + 3 : e)), ['a constant difference of +3']);
  t.same(of((e, i) => (half(i) ? e - 12 : e)), ['a constant difference of -12']);
  t.same(of((e) => e + 1), ['all elements', 'a constant difference of +1']);
  t.same(of((e, i) => (half(i) ? e + (i % 2 === 0 ? 1 : -1) : e)), ['always off by one']);
  t.same(of((e, i) => (half(i) ? -128 : e)), ['all wrong values are -128 (saturated)']);
  t.same(of((e, i) => (half(i) ? (i % 2 === 0 ? 127 : -128) : e)), ['all wrong values are -128 or 127 (saturated)']);
  t.same(of((e, i) => (half(i) ? 85 : e), { expected: (i) => (i % 50) - 20 }), ['all wrong values are the same, 85']);
  t.same(of((e, i) => (half(i) ? Number.NaN : e), { dtype: 'float32' }), ['all wrong values are the same, NaN']);
  t.same(of((e, i) => (e < 0 ? e + 1 + (i % 3) : e)), ['only where a negative value is expected']);
  t.same(of((e, i) => (e > 10 ? e + 1 + (i % 3) : e), { zeroPoint: 10 }), ['only where a positive value is expected']);
  t.same(of((_e, i) => ((((i % 2 === 0 ? i + 1 : i - 1) * 73) % 200) - 100)), ['all elements', 'the right values in wrong places']);
  t.same(words(IMAGE, (_at, i) => i === 7), ['a single element, [0, 0, 0, 7]'], 'one wrong element has no pattern of values');
});

t.test('several samples', async (t) => {
  const late = { samples: 3, firstStep: 2, cleanSteps: [0, 1] };
  t.same(words(IMAGE, ([, , , c]) => c === 5, late), ['only channel 5', 'only from step 2 on']);
  t.same(words(IMAGE, (_at, i) => i === 40, late), ['only element [0, 0, 2, 8]', 'only from step 2 on']);
  t.same(words(IMAGE, ([, , , c], _i, sample) => c === 5 && sample > 0, { samples: 2, cleanSteps: [] }), ['only channel 5, 50 % of its elements']);
  t.same(words(IMAGE, ([, , , c]) => c === 5, { ...late, cleanSteps: [0, 9] }), ['only channel 5'], 'right again later');
  t.same(words(IMAGE, ([, , , c]) => c === 5, { ...late, cleanSteps: [] }), ['only channel 5'], 'not known to have been right before');
});

t.test('words of axes', async (t) => {
  t.same([1, 2, 3, 11, 12, 13, 21, 102, 113].map((n) => strideWords('row', n, 0, null).split(' ')[1]), ['1st', '2nd', '3rd', '11th', '12th', '13th', '21st', '102nd', '113th']);
  t.equal(rangeWords('batch', 0, 0, 2), 'only in batch 0');
});

t.test('scattered elements rarely show a pattern, and what is said of a place is true', async (t) => {
  let named = 0;
  let runs = 0;
  fc.assert(fc.property(fc.integer({ min: 2, max: 200 }), fc.integer({ min: 1, max: 2 ** 30 }), (wrong, seed) => {
    let state = seed;
    const next = (): number => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) / 2 ** 31;
    const chosen = new Set(Array.from({ length: wrong }, () => Math.floor(next() * 1280)));
    const pattern = words(IMAGE, (_at, i) => chosen.has(i), { expected: () => Math.floor(next() * 100) - 50 });
    runs++;
    if (pattern.length > 0) named++;
  }), { numRuns: 300, seed: 7 });
  t.ok(named / runs < 0.1, `${named} of ${runs}`);
});
