/** Every operator case on an emulated M55. */
import t from 'tap';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { names, runOperators, suite, type Counts } from './operator-suite.ts';

const counts = Object.values(JSON.parse(readFileSync(path.join(suite, 'counts.json'), 'utf8')) as Record<string, Counts>);
const known = { cases: counts.reduce((sum, one) => sum + one.cases, 0), elements: counts.reduce((sum, one) => sum + one.elements, 0) };

t.setTimeout(880_000);
t.test('every graph on qemu-m55 at -O2', async (t) => {
  const { cases, elements } = await runOperators(t, ['--device', 'qemu-m55']);
  t.equal(cases, names.length);
  t.ok(cases >= known.cases, `${cases} cases, never fewer than ${known.cases}`);
  t.ok(elements >= known.elements, `${elements} elements, never fewer than ${known.elements}`);
});
