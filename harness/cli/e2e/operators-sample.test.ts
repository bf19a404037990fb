/** A seeded sample of the operator cases on the cores that do not run all of them here (operators.test.ts, nightly). */
import t from 'tap';
import { names, runOperators } from './operator-suite.ts';

/** Graphs on each core. */
const SAMPLE = 160;
const SEED = 'ci';

t.setTimeout(880_000);
for (const [device, level] of [['qemu-m0', '2'], ['qemu-m3', 's'], ['qemu-m4', '2'], ['qemu-m7', '3'], ['qemu-m33', 's']] as const) {
  t.test(`a sample of ${SAMPLE} graphs on ${device} at -O${level}`, async (t) => {
    const { cases, elements } = await runOperators(t, ['--device', device, '--optimise', level, '--sample', String(SAMPLE), '--seed', `${SEED} ${device}`]);
    t.equal(cases, Math.min(SAMPLE, names.length));
    t.ok(elements > 10 * SAMPLE, `${elements} elements`);
  });
}
