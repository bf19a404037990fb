/**
 * Every operator case on the host: the reference against the oracle's recorded values, and generated C, sanitised and free of warnings, against
 * the reference. The counts must not shrink: `node suites/operators/counts.ts` writes them where cases were added.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { execa } from 'execa';
import t from 'tap';
import { FAMILIES } from './cases/index.ts';
import { readCounts, type Counts } from './counts.ts';
import { oraclesOf, readOracle } from './oracle.ts';
import { prepareCase } from './prepared.ts';
import { suiteFiles } from './suite-files.ts';
import { verifyOnHost } from './verify-c.ts';
import { verifyReference } from './verify-reference.ts';

const SANITISED = ['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
/** Problems that are shown of a family; more than these say nothing new. */
const SHOWN = 10;

t.setTimeout(900_000);
const known = readCounts();
const names = new Set<string>();

t.test('no family is gone', async (t) => {
  t.ok(Object.keys(known).length >= 8, 'counts.json is there');
  for (const family of Object.keys(known)) t.ok((FAMILIES[family]?.length ?? 0) > 0, family);
});

for (const [family, cases] of Object.entries(FAMILIES)) {
  t.test(family, async (t) => {
    const prepared = cases.map(prepareCase);
    for (const { name } of cases) {
      t.notOk(names.has(name), `${name} is the only case of this name`);
      names.add(name);
    }
    const oracle = readOracle(family);
    const counts: Record<keyof Counts, number> = { cases: cases.length, oracleElements: 0, elements: 0 };
    const problems: string[] = [];
    for (const each of prepared) {
      const outcome = verifyReference(each, oracle?.cases[each.one.name]);
      counts.oracleElements += outcome.compared;
      problems.push(...outcome.problems.map((problem) => `${each.one.name}: reference: ${problem}`));
    }
    const stale = Object.keys(oracle?.cases ?? {}).filter((name) => !cases.some((one) => one.name === name));
    t.same(stale, [], 'no values are kept for cases that are gone');
    for (const [name, outcome] of await verifyOnHost(prepared, { compiler: 'gcc', flags: SANITISED, pack: 25, jobs: Math.min(2, availableParallelism()) })) {
      counts.elements += outcome.compared;
      problems.push(...outcome.problems.map((problem) => `${name}: C: ${problem}`));
    }
    t.same(problems.slice(0, SHOWN), [], `${problems.length} problems`);
    for (const [what, least] of Object.entries(known[family] ?? { cases: Infinity })) {
      t.ok(counts[what as keyof Counts] >= least, `${counts[what as keyof Counts]} ${what}, never fewer than ${least}`);
    }
    t.comment(`${family}: ${counts.cases} cases, ${counts.oracleElements} elements equal to ${oracle === null ? 'nothing' : oraclesOf(oracle).join(', ')}, ${counts.elements} of generated C`);
  });
}

t.test('the suite that hil reads is made from these cases', async (t) => {
  for (const [name, bytes] of suiteFiles(FAMILIES)) {
    t.ok(bytes.equals(readFileSync(new URL(name, import.meta.url))), `${name} (node suites/operators/make.ts writes it)`);
  }
});

t.test('the table in the docs is made from these cases', async (t) => {
  const { exitCode, stdout } = await execa(process.execPath, [new URL('./table.ts', import.meta.url).pathname, '--check'], { reject: false });
  t.equal(exitCode, 0, stdout);
});

t.test('a wrong value of the oracle is seen', async (t) => {
  const [family, [one]] = Object.entries(FAMILIES).find(([, cases]) => cases.length > 0) ?? ['', []];
  if (one === undefined) return t.fail('no case');
  const prepared = prepareCase(one);
  const record = readOracle(family)?.cases[one.name];
  if (record?.outputs == null) return t.fail('no record');
  const bytes = Buffer.from(record.outputs, 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  t.match(verifyReference(prepared, { ...record, outputs: bytes.toString('base64') }).problems, [/1 of \d+ elements differ, the first at 0/]);
  t.match(verifyReference(prepared, { ...record, inputs: '' }).problems, [/record them again/]);
  t.match(verifyReference({ ...prepared, one: { ...one, oracle: 'litert' } }, record).problems, [/not LiteRT's/]);
  t.match(verifyReference(prepared, undefined).problems, [/no oracle values/]);
});
