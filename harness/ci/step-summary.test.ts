import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import t from 'tap';
import { failCase, passCase, report, wideCase } from '../report/testing/sample-reports.ts';
import { addToStepSummary } from './step-summary.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'hil-summary-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const MIB = 1 << 20;
const wide = report(Array.from({ length: 60 }, () => wideCase()));

t.test('whole where it fits, behind what is there', async (t) => {
  const file = path.join(dir, 'fits');
  t.equal(await addToStepSummary(report([passCase()]), file), 'whole');
  t.equal(await addToStepSummary(report([failCase()]), file), 'whole');
  t.match(readFileSync(file, 'utf8'), /^## ✅ PASS: engine-rom[\s\S]*\n\n## ❌ FAIL: engine-rom/);
});

t.test('never over 1 MiB, never silent', async (t) => {
  for (const [free, result, said] of [[100_000, 'cut', /Details of some cases are left out/], [2100, 'cut', /## ❌ FAIL/], [1500, 'cut', /fail; the summary of this run did not fit/], [50, 'none', /^x+$/]] as const) {
    const file = path.join(dir, String(free));
    writeFileSync(file, 'x'.repeat(MIB - free));
    t.equal(await addToStepSummary({ ...wide, verdict: 'fail' }, file), result, `${free} bytes left`);
    t.ok(statSync(file).size <= MIB);
    t.ok(said.test(readFileSync(file, 'utf8').slice(-free)), String(said));
  }
});

t.test('a file that cannot be written', async (t) => {
  await t.rejects(addToStepSummary(report([passCase()]), path.join(dir, 'no', 'such')), { kind: 'bench', code: 'ci.summary' });
});
