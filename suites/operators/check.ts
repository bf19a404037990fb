/**
 * Checks operator cases while they are written; the tests do the same with all of them.
 *
 *   node_modules/.bin/node suites/operators/check.ts [--family NAME]... [--case TEXT] [--record PYTHON] [--core CORE] [--no-c] [--fast]
 *
 * --record PYTHON  runs TFLM and LiteRT (an interpreter with the packages of requirements.txt) and keeps their values in oracle/
 * --core CORE      C for this core, as far as the host can run it; default portable
 * --fast           -O1 without sanitizers
 */
import { parseArgs } from 'node:util';
import { FAMILIES } from './cases/index.ts';
import { readOracle, runOracle, writeOracle } from './oracle.ts';
import { prepareCase } from './prepared.ts';
import { verifyOnHost } from './verify-c.ts';
import type { Outcome } from '../../harness/codegen/testing/packed.ts';
import { verifyReference } from './verify-reference.ts';

const { values } = parseArgs({
  options: {
    family: { type: 'string', multiple: true }, case: { type: 'string' }, record: { type: 'string' }, core: { type: 'string' },
    'no-c': { type: 'boolean', default: false }, fast: { type: 'boolean', default: false },
  },
});

const SANITISED = ['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
let failed = 0;
let elements = 0;
const report = (name: string, what: string, outcome: Outcome): void => {
  elements += outcome.compared;
  if (outcome.problems.length === 0) return;
  failed += 1;
  process.stdout.write(`${name}: ${what}: ${outcome.problems.slice(0, 3).join('; ').slice(0, 2000)}\n`);
};
const attempt = (work: () => Outcome): Outcome => {
  try {
    return work();
  } catch (error) {
    return { compared: 0, problems: [error instanceof Error ? error.message : String(error)] };
  }
};

for (const family of values.family ?? Object.keys(FAMILIES)) {
  const cases = (FAMILIES[family] ?? []).filter((one) => one.name.includes(values.case ?? ''));
  const prepared = cases.map(prepareCase);
  if (values.record !== undefined) {
    const recorded = await runOracle(values.record, prepared);
    const before = values.case === undefined ? {} : (readOracle(family)?.cases ?? {});
    await writeOracle(family, { oracle: recorded.oracle, cases: { ...before, ...recorded.cases } });
  }
  const oracle = readOracle(family);
  for (const each of prepared) report(each.one.name, 'reference', attempt(() => verifyReference(each, oracle?.cases[each.one.name])));
  if (!values['no-c']) {
    const outcomes = await verifyOnHost(prepared, { compiler: 'gcc', ...(values.core === undefined ? {} : { core: values.core }), flags: values.fast ? ['-O1'] : SANITISED, pack: 20, jobs: 2 });
    for (const [name, outcome] of outcomes) report(name, 'C', outcome);
  }
  process.stdout.write(`${family}: ${cases.length} cases\n`);
}
process.stdout.write(`${elements} elements compared, ${failed} failures\n`);
process.exitCode = failed === 0 && elements > 0 ? 0 : 1;
