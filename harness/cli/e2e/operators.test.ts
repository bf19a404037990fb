/** Every operator case on an emulated M55, and a seeded sample on the other cores, through the command that a user types. */
import t, { type Test } from 'tap';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Report } from '../../report/index.ts';
import { hil, root, scratch } from './hil.ts';

interface Counts { readonly cases: number; readonly elements: number }

const suite = path.join(root, 'suites/operators');
const names = (JSON.parse(readFileSync(path.join(suite, 'suite.json'), 'utf8')) as { cases: { name: string }[] }).cases.map(({ name }) => name);
const counts = Object.values(JSON.parse(readFileSync(path.join(suite, 'counts.json'), 'utf8')) as Record<string, Counts>);
const known = { cases: counts.reduce((sum, one) => sum + one.cases, 0), elements: counts.reduce((sum, one) => sum + one.elements, 0) };
/** Graphs of the sample on each of the other cores. */
const SAMPLE = 160;
const SEED = 'ci';

t.setTimeout(880_000);

/** Runs the suite; every case must pass. @returns cases and elements compared */
async function all(t: Test, args: readonly string[]): Promise<Counts> {
  const out = path.join(scratch(t), 'out');
  const run = await hil(['run', suite, ...args, '--quiet', '--out', out], { timeoutMs: 860_000 });
  t.equal(run.code, 0, `${run.stdout.slice(-2000)}${run.stderr.slice(-2000)}`);
  const { cases } = JSON.parse(readFileSync(path.join(out, 'report.json'), 'utf8')) as Report;
  t.same(cases.filter(({ verdict }) => verdict !== 'pass').map((one) => `${one.name} on ${one.device}: ${one.reasons[0]}`).slice(0, 5), []);
  const elements = cases.reduce((sum, one) => sum + one.layers.reduce((n, layer) => n + layer.compared, 0), 0);
  t.comment(`${args.join(' ')}: ${cases.length} cases, ${elements} elements compared`);
  return { cases: cases.length, elements };
}

t.test('every graph on qemu-m55 at -O2', async (t) => {
  const { cases, elements } = await all(t, ['--device', 'qemu-m55']);
  t.equal(cases, names.length);
  t.ok(cases >= known.cases, `${cases} cases, never fewer than ${known.cases}`);
  t.ok(elements >= known.elements, `${elements} elements, never fewer than ${known.elements}`);
});

for (const [device, level] of [['qemu-m0', '2'], ['qemu-m3', 's'], ['qemu-m4', '2'], ['qemu-m7', '3'], ['qemu-m33', 's']] as const) {
  t.test(`a sample of ${SAMPLE} graphs on ${device} at -O${level}`, async (t) => {
    const { cases, elements } = await all(t, ['--device', device, '--optimise', level, '--sample', String(SAMPLE), '--seed', `${SEED} ${device}`]);
    t.equal(cases, Math.min(SAMPLE, names.length));
    t.ok(elements > 10 * SAMPLE, `${elements} elements`);
  });
}
