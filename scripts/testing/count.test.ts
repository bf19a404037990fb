import t from 'tap';
import { closingLine, countingParser, emptyCounts } from './count.ts';
import type { Counts } from './count.ts';

async function count(tap: string): Promise<Counts> {
  const counts = emptyCounts();
  const parser = countingParser(counts);
  const done = new Promise((resolve) => parser.on('complete', resolve));
  parser.end(tap);
  await done;
  return counts;
}

t.test('leaves are counted once, at any depth', async (t) => {
  const counts = await count(`TAP version 14
# Subtest: outer
    # Subtest: inner
        ok 1 - a
        ok 2 - b
        1..2
    ok 1 - inner
    ok 2 - c
    1..2
ok 1 - outer
ok 2 - d
1..2
`);
  t.match(counts, { passed: 4, failed: 0, skipped: 0 });
});

t.test('a failure deep down is one failure, named by its path', async (t) => {
  const counts = await count(`TAP version 14
# Subtest: outer
    # Subtest: inner
        not ok 1 - a
        1..1
    not ok 1 - inner
    1..1
not ok 1 - outer
1..1
`);
  t.match(counts, { passed: 0, failed: 1 });
  t.equal(counts.failures[0]?.name, 'outer > inner > a');
});

t.test('a subtest that fails as a whole counts though its points are right', async (t) => {
  const counts = await count('TAP version 14\n# Subtest: s\n    ok 1 - a\n    1..1\nnot ok 1 - s\n1..1\n');
  t.match(counts, { passed: 1, failed: 1 });
});

t.test('skipped and to-do points are neither passed nor failed', async (t) => {
  const counts = await count('TAP version 14\nok 1 - a # SKIP no board\nnot ok 2 - b # TODO later\nok 3 - c\n1..3\n');
  t.match(counts, { passed: 1, failed: 0, skipped: 2 });
  t.same(counts.skipReasons, ['a: no board', 'b: later']);
});

t.test('a file skipped as a whole counts as one; an empty one as nothing', async (t) => {
  t.match(await count('TAP version 14\n1..0 # no goldens here\n'), { passed: 0, failed: 0, skipped: 1 });
  t.match(await count(''), { passed: 0, failed: 0, skipped: 0 });
  t.match(await count('TAP version 14\n1..0 # no tests found\n'), { passed: 0, failed: 0, skipped: 0 });
});

t.test('the closing line', async (t) => {
  t.equal(closingLine({ passed: 12, failed: 0, skipped: 0 }), '12 passed, 0 failed');
  t.equal(closingLine({ passed: 12, failed: 3, skipped: 1 }), '12 passed, 3 failed, 1 skipped');
});
